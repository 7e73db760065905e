import { InputError } from '@alignsts/signal';

/**
 * Reading Standard MIDI Files (SMF 1.0: formats 0, 1 and 2), and RIFF files that wrap one. Every read is checked against the bytes
 * that are there; sizes a header declares are never trusted or allocated. (The `midi-file` package reads past the end in silence
 * and builds strings by spreading, so a malformed file gives wrong notes or a stack overflow; tests keep it as the second opinion.)
 */
export type MidiFile = {
  format: 0 | 1 | 2;
  /** Ticks a quarter note where tempo events rule, or ticks a second where the file counts SMPTE frames. */
  division: { ticksPerQuarter: number } | { ticksPerSecond: number };
  tracks: MidiTrack[];
};

/** Events in file order; ticks count from the start of the track and never decrease. */
export type MidiTrack = { events: MidiEvent[]; endTick: number };

export type MidiEvent =
  | { kind: 'note-on'; tick: number; channel: number; key: number }
  /** Also a note-on with velocity 0. */
  | { kind: 'note-off'; tick: number; channel: number; key: number }
  | { kind: 'control'; tick: number; channel: number; controller: number; value: number }
  | { kind: 'program'; tick: number; channel: number; program: number }
  /** value: -8192 … 8191. */
  | { kind: 'bend'; tick: number; channel: number; value: number }
  | { kind: 'tempo'; tick: number; microsecondsPerQuarter: number }
  /** type: the meta event's number, 1 text, 3 track name, 5 lyric, … */
  | { kind: 'text'; tick: number; type: number; bytes: Uint8Array };

const MOST_TRACKS = 1024;
const MOST_EVENTS = 1_000_000;

/** @throws InputError that names the byte where the file stops making sense, or the limit it passes. */
export function parseMidi(bytes: Uint8Array): MidiFile {
  const riff = tagAt(bytes, 0) === 'RIFF' && tagAt(bytes, 8) === 'RMID';
  const begin = riff ? 20 : 0;
  if (tagAt(bytes, begin) !== 'MThd')
    throw new InputError('the file does not begin with "MThd", so it is no Standard MIDI File. Export the tune as .mid.');
  const header = createReader(bytes, begin + 4, bytes.length);
  const headerLength = header.uint32();
  const format = header.uint16();
  header.uint16(); // the declared number of tracks: the chunks that are there count instead
  const divisionWord = header.uint16();
  if (format !== 0 && format !== 1 && format !== 2)
    throw new InputError(`the MIDI file has format ${format}; 0, 1 and 2 are allowed. Export it again.`);
  const division = divisionOf(divisionWord);

  const tracks: MidiTrack[] = [];
  let budget = MOST_EVENTS;
  let offset = begin + 8 + headerLength;
  while (offset + 8 <= bytes.length) {
    const length = createReader(bytes, offset + 4, bytes.length).uint32();
    // chunks of other kinds are skipped, as the format demands
    if (tagAt(bytes, offset) === 'MTrk') {
      if (tracks.length === MOST_TRACKS)
        throw new InputError(`the MIDI file has more than ${MOST_TRACKS} tracks. Export only the part that is to be sung.`);
      const track = parseTrack(bytes, offset + 8, length, tracks.length + 1, budget);
      budget -= track.events.length;
      tracks.push(track);
    }
    offset += 8 + length;
  }
  if (tracks.length === 0) throw new InputError('the MIDI file holds no track. It may be cut off: export or download it again.');
  return { format, division, tracks };
}

function divisionOf(word: number): MidiFile['division'] {
  if ((word & 0x8000) === 0) {
    if (word === 0) throw new InputError('the MIDI file declares 0 ticks a quarter note; at least 1 is needed. Export it again.');
    return { ticksPerQuarter: word };
  }
  const frames = 256 - (word >> 8);
  const ticksPerFrame = word & 0xff;
  // 29 stands for 30 frames drop-frame, which run at 30/1.001 a second
  const rate = frames === 29 ? 30 / 1.001 : frames;
  if (![24, 25, 29, 30].includes(frames) || ticksPerFrame === 0) {
    throw new InputError(
      `the MIDI file counts ${frames} frames a second with ${ticksPerFrame} ticks each; 24, 25, 29 or 30 with at least 1 tick are allowed. Export it again.`,
    );
  }
  return { ticksPerSecond: rate * ticksPerFrame };
}

function parseTrack(bytes: Uint8Array, start: number, length: number, number: number, budget: number): MidiTrack {
  const reader = createReader(bytes, start, Math.min(bytes.length, start + length), `track ${number} of the MIDI file`);
  const events: MidiEvent[] = [];
  let tick = 0;
  let status = 0; // running status
  let count = 0;
  while (!reader.atEnd()) {
    tick += reader.varint();
    if (++count > budget)
      throw new InputError(`the MIDI file has more than ${MOST_EVENTS} events. Export only the track that is to be sung.`);
    let byte = reader.uint8();
    if (byte === 0xff) {
      const type = reader.uint8();
      const data = reader.slice(reader.varint());
      if (type === 0x2f) return { events, endTick: tick };
      if (type === 0x51 && data.length >= 3) {
        const microsecondsPerQuarter = (data[0]! << 16) | (data[1]! << 8) | data[2]!;
        if (microsecondsPerQuarter > 0) events.push({ kind: 'tempo', tick, microsecondsPerQuarter });
      } else if (type >= 1 && type <= 15) {
        events.push({ kind: 'text', tick, type, bytes: data });
      }
      continue;
    }
    if (byte === 0xf0 || byte === 0xf7) {
      reader.slice(reader.varint());
      status = 0;
      continue;
    }
    if (byte > 0xf0) throw reader.broken(`byte 0x${byte.toString(16)} is no event that may stand in a file`);
    if (byte >= 0x80) {
      status = byte;
      byte = reader.uint8();
    } else if (status === 0) {
      throw reader.broken(`byte 0x${byte.toString(16)} stands where an event should begin`);
    }
    const kind = status & 0xf0;
    const second = kind === 0xc0 || kind === 0xd0 ? 0 : reader.uint8();
    if (byte >= 0x80 || second >= 0x80)
      throw reader.broken(`byte 0x${(byte >= 0x80 ? byte : second).toString(16)} stands where data should be`);
    const channel = status & 0x0f;
    if (kind === 0x90 && second > 0) events.push({ kind: 'note-on', tick, channel, key: byte });
    else if (kind === 0x80 || kind === 0x90) events.push({ kind: 'note-off', tick, channel, key: byte });
    else if (kind === 0xb0) events.push({ kind: 'control', tick, channel, controller: byte, value: second });
    else if (kind === 0xc0) events.push({ kind: 'program', tick, channel, program: byte });
    else if (kind === 0xe0) events.push({ kind: 'bend', tick, channel, value: ((second << 7) | byte) - 8192 });
  }
  // some writers leave the end-of-track event out; what counts is that the chunk is there in full
  if (start + length > bytes.length) throw reader.broken(`the file ends ${start + length - bytes.length} bytes before the track does`);
  return { events, endTick: tick };
}

type Reader = {
  atEnd(): boolean;
  uint8(): number;
  uint16(): number;
  uint32(): number;
  varint(): number;
  slice(length: number): Uint8Array;
  broken(what: string): InputError;
};

function createReader(bytes: Uint8Array, start: number, end: number, where = 'the MIDI file'): Reader {
  let offset = start;
  const broken = (what: string): InputError =>
    new InputError(`${where} is damaged at byte ${offset}: ${what}. Export or download it again.`);
  const uint8 = (): number => {
    if (offset >= end) throw broken('it ends in the middle of an event');
    return bytes[offset++]!;
  };
  const uint16 = (): number => uint8() * 256 + uint8();
  return {
    atEnd: () => offset >= end,
    uint8,
    uint16,
    uint32: () => uint16() * 65536 + uint16(),
    varint() {
      let value = 0;
      for (let i = 0; i < 4; i++) {
        const byte = uint8();
        value = value * 128 + (byte & 0x7f);
        if (byte < 0x80) return value;
      }
      throw broken('a number is longer than four bytes');
    },
    slice(length) {
      if (length > end - offset) throw broken(`an event declares ${length} bytes but ${end - offset} are left`);
      offset += length;
      return bytes.subarray(offset - length, offset);
    },
    broken,
  };
}

function tagAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}
