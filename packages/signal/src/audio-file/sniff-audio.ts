/** Finds what a file is from its bytes. Names and extensions are never asked. */
import { InputError } from '../input-error.ts';
import { adtsFrameAt } from './adts-frame.ts';
import { type AudioContainer, acceptedFormats } from './audio-format.ts';
import { mpegFrameAt, sameMpegStream } from './mpeg-frame.ts';

export type SniffedAudio = {
  container: AudioContainer;
  /** Where the stream starts: after an ID3 tag, or after rubbish before the first frame. */
  offset: number;
};

/** @throws InputError for an empty file and for anything that is not in an accepted format, with its name where it is a known one. */
export function sniffAudio(bytes: Uint8Array): SniffedAudio {
  if (bytes.length === 0) throw new InputError('The audio file is empty (0 bytes). Give a recording.');
  const start = id3Length(bytes);
  const tag = ascii(bytes, start, 4);
  if ((tag === 'RIFF' || tag === 'RF64' || tag === 'BW64') && ascii(bytes, start + 8, 4) === 'WAVE')
    return { container: 'wav', offset: start };
  if (tag === 'fLaC') return { container: 'flac', offset: start };
  if (tag === 'OggS') return { container: 'ogg', offset: start };
  if (MP4_FIRST_BOXES.has(ascii(bytes, start + 4, 4))) return { container: 'mp4', offset: start };
  const known = knownForeigner(bytes, start);
  if (known !== undefined)
    throw new InputError(`The file is ${known}, but ${acceptedFormats} are accepted. Convert it to WAV or FLAC first.`);
  const limit = Math.min(bytes.length, start + SEARCH);
  for (let at = start; at < limit; at++) {
    // a stream found behind rubbish must prove itself with more frames than one found where it should be
    const frames = at === start ? 2 : 4;
    if (bytes[at] !== 0xff) continue;
    if (followedByAdts(bytes, at, frames)) return { container: 'adts', offset: at };
    if (followedByMpeg(bytes, at, frames)) return { container: 'mp3', offset: at };
  }
  throw new InputError(`The file is not audio in a known format: ${acceptedFormats} are accepted. Give a recording in one of these.`);
}

const SEARCH = 65536;

const MP4_FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'wide', 'styp']);

const FOREIGNERS: readonly (readonly [magic: string, at: number, name: string])[] = [
  ['AIFF', 8, 'an AIFF sound'],
  ['AIFC', 8, 'an AIFF-C sound'],
  ['AVI ', 8, 'an AVI film'],
  ['WEBP', 8, 'a WebP picture'],
  ['RIFX', 0, 'a big-endian WAV (RIFX)'],
  ['caff', 0, 'a Core Audio (CAF) sound'],
  ['.snd', 0, 'a Sun/NeXT (AU) sound'],
  ['#!AMR', 0, 'an AMR sound'],
  ['wvpk', 0, 'a WavPack sound'],
  ['MAC ', 0, "a Monkey's Audio sound"],
  ['MThd', 0, 'a MIDI file'],
  ['\x1aE\xdf\xa3', 0, 'a WebM or Matroska file'],
  ['0&\xb2u', 0, 'a Windows Media (ASF) file'],
  ['riff', 0, 'a Sony Wave64 sound'],
  ['PK\x03\x04', 0, 'a ZIP archive'],
  ['%PDF', 0, 'a PDF document'],
  ['\x89PNG', 0, 'a PNG picture'],
  ['\xff\xd8\xff', 0, 'a JPEG picture'],
  ['GIF8', 0, 'a GIF picture'],
  ['\x1f\x8b', 0, 'a gzip archive'],
  ['<?xml', 0, 'an XML document'],
  ['<!DOC', 0, 'an HTML page'],
  ['<html', 0, 'an HTML page'],
];

function knownForeigner(bytes: Uint8Array, start: number): string | undefined {
  return FOREIGNERS.find(([magic, at]) => ascii(bytes, start + at, magic.length) === magic)?.[2];
}

/** Bytes of the ID3v2 tags (id3.org, §3.1) before the stream; a tag that claims more than the file holds counts as its header alone. */
function id3Length(bytes: Uint8Array): number {
  let at = 0;
  while (ascii(bytes, at, 3) === 'ID3' && at + 10 <= bytes.length) {
    const sizes = bytes.subarray(at + 6, at + 10);
    if (sizes.some((byte) => byte > 127)) break;
    const size = (sizes[0]! << 21) | (sizes[1]! << 14) | (sizes[2]! << 7) | sizes[3]!;
    const footer = (bytes[at + 5]! & 0x10) === 0 ? 0 : 10;
    const end = at + 10 + size + footer;
    if (end >= bytes.length) return at + 10;
    at = end;
  }
  return at;
}

function followedByMpeg(bytes: Uint8Array, at: number, frames: number): boolean {
  const first = mpegFrameAt(bytes, at);
  if (first === undefined) return false;
  let next = at;
  for (let i = 0; i < frames; i++) {
    const frame = mpegFrameAt(bytes, next);
    if (frame === undefined || !sameMpegStream(first, frame)) return false;
    next += frame.byteLength;
    // a short file may end with, or inside, its first frame
    if (next + 4 > bytes.length) return frames === 2;
  }
  return true;
}

function followedByAdts(bytes: Uint8Array, at: number, frames: number): boolean {
  const first = adtsFrameAt(bytes, at);
  if (first === undefined) return false;
  let next = at;
  for (let i = 0; i < frames; i++) {
    const frame = adtsFrameAt(bytes, next);
    if (frame === undefined || frame.sampleRate !== first.sampleRate) return false;
    next += frame.byteLength;
    if (next + 7 > bytes.length) return frames === 2;
  }
  return true;
}

function ascii(bytes: Uint8Array, at: number, count: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + count));
}
