/** The sound track of an MP4, M4A or QuickTime file (ISO/IEC 14496-12): where its packets are and which part of them is heard. */
import { InputError } from '../input-error.ts';
import type { Seconds } from '../units.ts';
import { findMp4Box, type Mp4Box, mp4Boxes } from './mp4-boxes.ts';

export type Mp4Track = {
  /** Four letters of the sample entry: mp4a, alac, Opus, fLaC … */
  codec: string;
  /** MPEG-4 object type indication of an mp4a track: 0x40 is AAC. */
  objectType: number;
  decoderConfig: Uint8Array;
  /** First byte and length of each packet that lies whole in the file, by turns. */
  packets: number[];
  /** Packets that the index names but the file does not hold. */
  missingPackets: number;
  /** Where the sound begins in what the packets decode to, and how long it is when the file tells. */
  skip: Seconds;
  duration?: Seconds;
};

/** @throws InputError when the file has no index or no sound track */
export function findMp4Track(bytes: Uint8Array): Mp4Track {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const file = { start: 0, end: bytes.length };
  const moov = findMp4Box(view, file, 'moov');
  if (moov === undefined) {
    throw new InputError('The M4A file has no index ("moov" box): the recording was cut off before it was finished. Export it again.');
  }
  for (const trak of mp4Boxes(view, moov.start, moov.end)) {
    if (trak.type !== 'trak') continue;
    const handler = findMp4Box(view, trak, 'mdia', 'hdlr');
    if (handler === undefined || handler.end - handler.start < 12 || view.getUint32(handler.start + 8) !== 0x736f756e) continue;
    return readTrack(bytes, view, moov, trak);
  }
  throw new InputError('The MP4 file has no sound track. Give a file with sound.');
}

function readTrack(bytes: Uint8Array, view: DataView, moov: Mp4Box, trak: Mp4Box): Mp4Track {
  const stbl = findMp4Box(view, trak, 'mdia', 'minf', 'stbl');
  const stsd = stbl && findMp4Box(view, stbl, 'stsd');
  const entry = stsd && mp4Boxes(view, stsd.start + 8, stsd.end).next().value;
  if (stbl === undefined || !entry) {
    throw new InputError('The M4A file does not say how its sound is coded ("stsd" box missing). Export the recording again.');
  }
  const index: PacketIndex = { packets: [], missing: 0, duration: 0 };
  indexSampleTable(bytes, view, stbl, index);
  indexFragments(bytes, view, moov, trackId(view, trak), index);
  return {
    codec: entry.type,
    ...readEsds(bytes, view, entry),
    packets: index.packets,
    missingPackets: index.missing,
    ...readEdit(bytes, view, moov, trak, index.duration),
  };
}

type PacketIndex = {
  packets: number[];
  missing: number;
  /** Of all packets, in the track's time scale. */
  duration: number;
};

/** An hour of frames of 1024 samples at 192 kHz is 675000. */
const MOST_PACKETS = 1e6;

function addPacket(bytes: Uint8Array, index: PacketIndex, at: number, size: number): void {
  if (index.missing + index.packets.length / 2 >= MOST_PACKETS) {
    throw new InputError(
      `The M4A file's index names more than ${MOST_PACKETS} packets: it is damaged, or too long. Cut it into shorter files.`,
    );
  }
  if (at >= 0 && at + size <= bytes.length) index.packets.push(at, size);
  else index.missing++;
}

/** Chunks of packets: stco or co64 say where chunks begin, stsc how many packets are in each, stsz how long packets are. */
function indexSampleTable(bytes: Uint8Array, view: DataView, stbl: Mp4Box, index: PacketIndex): void {
  const offsets = table(view, findMp4Box(view, stbl, 'stco'), 8, 4) ?? table(view, findMp4Box(view, stbl, 'co64'), 8, 8);
  const runs = table(view, findMp4Box(view, stbl, 'stsc'), 8, 12);
  const sizes = findMp4Box(view, stbl, 'stsz');
  if (offsets === undefined || runs === undefined || runs.count === 0 || sizes === undefined || sizes.end - sizes.start < 12) return;
  const commonSize = view.getUint32(sizes.start + 4);
  const declared = view.getUint32(sizes.start + 8);
  const packetCount = commonSize > 0 ? declared : Math.min(declared, Math.floor((sizes.end - sizes.start - 12) / 4));
  let packet = 0;
  let run = 0;
  for (let chunk = 0; chunk < offsets.count && packet < packetCount; chunk++) {
    while (run + 1 < runs.count && view.getUint32(runs.start + 12 * (run + 1)) <= chunk + 1) run++;
    const perChunk = view.getUint32(runs.start + 12 * run + 4);
    const entry = offsets.start + offsets.size * chunk;
    let at = offsets.size === 4 ? view.getUint32(entry) : Number(view.getBigUint64(entry));
    for (let i = 0; i < perChunk && packet < packetCount; i++, packet++) {
      const size = commonSize > 0 ? commonSize : view.getUint32(sizes.start + 12 + 4 * packet);
      addPacket(bytes, index, at, size);
      at += size;
    }
  }
  const times = table(view, findMp4Box(view, stbl, 'stts'), 8, 8);
  for (let i = 0; times !== undefined && i < times.count; i++) {
    index.duration += view.getUint32(times.start + 8 * i) * view.getUint32(times.start + 8 * i + 4);
  }
}

/** Entries of a table that are really there; the count in its header may say more. */
function table(
  view: DataView,
  box: Mp4Box | undefined,
  offset: number,
  size: number,
): { start: number; count: number; size: number } | undefined {
  if (box === undefined || box.end - box.start < offset) return undefined;
  const start = box.start + offset;
  return { start, count: Math.min(view.getUint32(box.start + 4), Math.floor((box.end - start) / size)), size };
}

/** Movie fragments (§8.8), as recorders in browsers write them: each moof lists the packets of the mdat that follows. */
function indexFragments(bytes: Uint8Array, view: DataView, moov: Mp4Box, id: number, index: PacketIndex): void {
  const defaults = trackDefaults(view, moov, id);
  for (const moof of mp4Boxes(view, 0, bytes.length)) {
    if (moof.type !== 'moof') continue;
    for (const traf of mp4Boxes(view, moof.start, moof.end)) {
      const tfhd = traf.type === 'traf' ? findMp4Box(view, traf, 'tfhd') : undefined;
      if (tfhd === undefined || tfhd.end - tfhd.start < 8 || view.getUint32(tfhd.start + 4) !== id) continue;
      const fields = createFieldReader(view, tfhd);
      const flags = fields.u32() & 0xffffff;
      fields.u32();
      // without a base of its own a fragment counts from its moof box, whose header has 8 bytes
      let at = flags & 1 ? fields.u64() : moof.start - 8;
      const base = at;
      if (flags & 2) fields.u32();
      const duration = flags & 8 ? fields.u32() : defaults.duration;
      const size = flags & 16 ? fields.u32() : defaults.size;
      for (const trun of mp4Boxes(view, traf.start, traf.end)) {
        if (trun.type === 'trun') at = indexRun(bytes, view, trun, { base, at, duration, size }, index);
      }
    }
  }
}

function indexRun(
  bytes: Uint8Array,
  view: DataView,
  trun: Mp4Box,
  defaults: { base: number; at: number; duration: number; size: number },
  index: PacketIndex,
): number {
  const fields = createFieldReader(view, trun);
  const flags = fields.u32() & 0xffffff;
  const declared = fields.u32();
  let { at } = defaults;
  if (flags & 1) at = defaults.base + (fields.u32() | 0);
  if (flags & 4) fields.u32();
  const entrySize = 4 * ((flags & 0x100 ? 1 : 0) + (flags & 0x200 ? 1 : 0) + (flags & 0x400 ? 1 : 0) + (flags & 0x800 ? 1 : 0));
  const count = entrySize > 0 ? Math.min(declared, Math.floor(fields.left() / entrySize)) : declared;
  for (let i = 0; i < count; i++) {
    index.duration += flags & 0x100 ? fields.u32() : defaults.duration;
    const size = flags & 0x200 ? fields.u32() : defaults.size;
    if (flags & 0x400) fields.u32();
    if (flags & 0x800) fields.u32();
    addPacket(bytes, index, at, size);
    at += size;
  }
  return at;
}

type FieldReader = { u32(): number; u64(): number; left(): number };

/** Fields one after the other; behind the box's end they are 0. */
function createFieldReader(view: DataView, { start, end }: Mp4Box): FieldReader {
  let at = start;
  const take = (size: number, read: (at: number) => number): number => {
    const value = at + size <= end ? read(at) : 0;
    at += size;
    return value;
  };
  return {
    u32: () => take(4, (from) => view.getUint32(from)),
    u64: () => take(8, (from) => Number(view.getBigUint64(from))),
    left: () => Math.max(0, end - at),
  };
}

function trackId(view: DataView, trak: Mp4Box): number {
  const tkhd = findMp4Box(view, trak, 'tkhd');
  if (tkhd === undefined || tkhd.end - tkhd.start < 24) return 0;
  return view.getUint32(tkhd.start + (view.getUint8(tkhd.start) === 1 ? 20 : 12));
}

function trackDefaults(view: DataView, moov: Mp4Box, id: number): { duration: number; size: number } {
  const mvex = findMp4Box(view, moov, 'mvex');
  if (mvex !== undefined) {
    for (const trex of mp4Boxes(view, mvex.start, mvex.end)) {
      if (trex.type === 'trex' && trex.end - trex.start >= 20 && view.getUint32(trex.start + 4) === id) {
        return { duration: view.getUint32(trex.start + 12), size: view.getUint32(trex.start + 16) };
      }
    }
  }
  return { duration: 0, size: 0 };
}

/** Object type and decoder configuration from the descriptors of an esds box (ISO/IEC 14496-1 §7.2.6). */
function readEsds(bytes: Uint8Array, view: DataView, entry: Mp4Box): { objectType: number; decoderConfig: Uint8Array } {
  const none = { objectType: 0, decoderConfig: new Uint8Array(0) };
  if (entry.end - entry.start < 28) return none;
  // QuickTime's versions 1 and 2 of the sample entry are longer and may wrap the box in "wave"
  const version = view.getUint16(entry.start + 8);
  const children = { start: entry.start + 28 + (version === 1 ? 16 : version === 2 ? 36 : 0), end: entry.end };
  const esds = findMp4Box(view, children, 'esds') ?? findMp4Box(view, children, 'wave', 'esds');
  if (esds === undefined) return none;
  let at = esds.start + 4;
  let { objectType, decoderConfig } = none;
  while (at + 2 <= esds.end) {
    const tag = bytes[at++]!;
    let size = 0;
    for (let i = 0; i < 4 && at < esds.end; i++) {
      const byte = bytes[at++]!;
      size = size * 128 + (byte & 127);
      if (byte < 128) break;
    }
    if (tag === 3) {
      const flags = bytes[at + 2] ?? 0;
      at += 3 + (flags & 0x80 ? 2 : 0) + (flags & 0x40 ? 1 + (bytes[at + 3] ?? 0) : 0) + (flags & 0x20 ? 2 : 0);
    } else if (tag === 4) {
      objectType = bytes[at] ?? 0;
      at += 13;
    } else if (tag === 5) {
      decoderConfig = bytes.slice(at, Math.min(at + size, esds.end));
      break;
    } else at += size;
  }
  return { objectType, decoderConfig };
}

/** Which part is heard: the edit list (§8.6.6), or else the note that Apple's encoder leaves; encoders need 1024 to 2112 samples to start. */
function readEdit(
  bytes: Uint8Array,
  view: DataView,
  moov: Mp4Box,
  trak: Mp4Box,
  packetsDuration: number,
): { skip: Seconds; duration?: Seconds } {
  const mdhd = findMp4Box(view, trak, 'mdia', 'mdhd');
  const timeScale = mdhd === undefined ? 0 : timeScaleOf(view, mdhd);
  if (timeScale === 0) return { skip: 0 };
  const elst = findMp4Box(view, trak, 'edts', 'elst');
  const edit = elst && firstEdit(view, elst);
  if (edit !== undefined) {
    const left = (packetsDuration - edit.mediaTime) / timeScale;
    const mvhd = findMp4Box(view, moov, 'mvhd');
    const movieScale = mvhd === undefined ? 0 : timeScaleOf(view, mvhd);
    const edited = movieScale > 0 && edit.duration > 0 ? edit.duration / movieScale : left;
    // the edit's length is rounded to the movie's time scale; it only counts where it cuts more than that
    const duration = edited < left - 1 / movieScale ? edited : left;
    return duration > 0 ? { skip: edit.mediaTime / timeScale, duration } : { skip: edit.mediaTime / timeScale };
  }
  const note = appleGapless(bytes, moov);
  if (note !== undefined) return { skip: note.delay / timeScale, duration: note.length / timeScale };
  return packetsDuration > 0 ? { skip: 0, duration: packetsDuration / timeScale } : { skip: 0 };
}

/** Of an mvhd or mdhd box. */
function timeScaleOf(view: DataView, box: Mp4Box): number {
  const at = box.start + (view.getUint8(box.start) === 1 ? 20 : 12);
  return at + 4 <= box.end ? view.getUint32(at) : 0;
}

/** The first edit that plays media; empty edits before it only delay it. */
function firstEdit(view: DataView, elst: Mp4Box): { mediaTime: number; duration: number } | undefined {
  if (elst.end - elst.start < 8) return undefined;
  const long = view.getUint8(elst.start) === 1;
  const size = long ? 20 : 12;
  for (let at = elst.start + 8; at + size <= elst.end; at += size) {
    const duration = long ? Number(view.getBigUint64(at)) : view.getUint32(at);
    const mediaTime = long ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
    if (mediaTime >= 0) return { mediaTime, duration };
  }
  return undefined;
}

/** iTunSMPB: " 00000000 delay padding length …" in hexadecimal, in samples. */
function appleGapless(bytes: Uint8Array, moov: Mp4Box): { delay: number; length: number } | undefined {
  const text = 'iTunSMPB';
  for (let at = moov.start; at + 80 < moov.end; at++) {
    if (bytes[at] !== 0x69 || String.fromCharCode(...bytes.subarray(at, at + text.length)) !== text) continue;
    const note = /^[^ ]* [0-9A-F]{8} ([0-9A-F]{8}) [0-9A-F]{8} ([0-9A-F]{16})/s.exec(String.fromCharCode(...bytes.subarray(at, at + 90)));
    if (note !== null) return { delay: Number.parseInt(note[1]!, 16), length: Number.parseInt(note[2]!, 16) };
  }
  return undefined;
}
