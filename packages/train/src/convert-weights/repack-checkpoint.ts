import { crc32 } from 'node:zlib';
import { InputError } from '@alignsts/signal';

/**
 * Checkpoints from before PyTorch 1.6 (`torch/serialization.py`, `_legacy_save`) in the form of today: five pickles in a row (magic number, protocol,
 * machine, the value, the storages' keys), then each storage as a count u64 and its elements. The value's pickle is not run here but copied, with the
 * storages, into an uncompressed ZIP that the reader of .pt files takes; it is there that what a pickle may do is limited.
 * Only storages of float32 are taken: sizes are checked against the file's end.
 */
const MAGIC = Uint8Array.of(0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);

/** A file of today comes back as it is. @throws InputError when the file is damaged, or holds other than float32 */
export function repackCheckpoint(file: Uint8Array): Uint8Array {
  if (!MAGIC.every((byte, i) => file[i] === byte)) return file;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const ends: number[] = [];
  for (let k = 0; k < 5; k++) ends.push(pickleEnd(file, ends.at(-1) ?? 0));
  const [, , header, value, list] = ends as [number, number, number, number, number];
  const entries: ZipEntry[] = [{ name: 'archive/data.pkl', bytes: file.subarray(header, value) }];
  let at = list;
  for (const key of textsOf(file.subarray(value, list))) {
    if (at + 8 > file.length) throw damaged(`it ends before the storage ${key}`);
    const size = 4 * Number(view.getBigUint64(at, true));
    at += 8;
    if (at + size > file.length) throw damaged(`the storage ${key} ends beyond the file, or is not of float32`);
    entries.push({ name: `archive/data/${key}`, bytes: file.subarray(at, at + size) });
    at += size;
  }
  if (at !== file.length) throw damaged(`${file.length - at} bytes follow after its end, or a storage is not of float32`);
  return storedZip(entries);
}

/** Instructions without an argument; with one of 1, 2, 4 and 8 bytes; with a text whose length takes 1 and 4 bytes. */
const ARGUMENTS: ReadonlyMap<number, number> = new Map([
  ...[...'\x28\x2e012N\x88\x89]})\x85\x86\x87tlaesuQR\x81bd'].map((code): [number, number] => [code.charCodeAt(0), 0]),
  ...[...'\x80Kqh'].map((code): [number, number] => [code.charCodeAt(0), 1]),
  ...[...'M'].map((code): [number, number] => [code.charCodeAt(0), 2]),
  ...[...'Jrj'].map((code): [number, number] => [code.charCodeAt(0), 4]),
  ...[...'G'].map((code): [number, number] => [code.charCodeAt(0), 8]),
]);
const [LONG, SHORT_STRING, STRING, UNICODE, GLOBAL, STOP] = [0x8a, 0x55, 0x54, 0x58, 0x63, 0x2e];

/** Where the pickle that starts at `start` ends. */
function pickleEnd(file: Uint8Array, start: number): number {
  let at = start;
  while (at < file.length) {
    const code = file[at]!;
    at = argumentOf(file, at).end;
    if (code === STOP) return at;
  }
  throw damaged('a pickle has no end');
}

function argumentOf(file: Uint8Array, at: number): { from: number; end: number } {
  const code = file[at]!;
  const from = at + 1;
  const fixed = ARGUMENTS.get(code);
  if (fixed !== undefined) return { from, end: from + fixed };
  if (code === LONG || code === SHORT_STRING) return { from: from + 1, end: from + 1 + (file[from] ?? 0) };
  if (code === STRING || code === UNICODE) {
    const length = (file[from] ?? 0) + (file[from + 1] ?? 0) * 2 ** 8 + (file[from + 2] ?? 0) * 2 ** 16 + (file[from + 3] ?? 0) * 2 ** 24;
    return { from: from + 4, end: from + 4 + length };
  }
  if (code === GLOBAL) {
    const first = file.indexOf(0x0a, from);
    const second = first < 0 ? -1 : file.indexOf(0x0a, first + 1);
    if (second < 0) throw damaged('a name has no end');
    return { from, end: second + 1 };
  }
  throw damaged(`its pickle uses the instruction 0x${code.toString(16)}, which builds no data`);
}

/** The texts in a pickle: of a list of texts, its elements. */
function textsOf(pickle: Uint8Array): string[] {
  const texts: string[] = [];
  for (let at = 0; at < pickle.length; ) {
    const { from, end } = argumentOf(pickle, at);
    if (pickle[at] === UNICODE) texts.push(new TextDecoder().decode(pickle.subarray(from, end)));
    at = end;
  }
  return texts;
}

type ZipEntry = { name: string; bytes: Uint8Array };

/** A ZIP without compression (PKWARE APPNOTE 4.3): local headers with their files, the directory, its end. */
function storedZip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes } of entries) {
    const text = new TextEncoder().encode(name);
    const facts = [0, 0, 0, crc32(bytes), bytes.length, bytes.length];
    const local = record(0x04034b50, [20, ...facts, text.length, 0], [2, 2, 2, 4, 4, 4, 4, 2, 2]);
    parts.push(local, text, bytes);
    directory.push(
      record(0x02014b50, [20, 20, ...facts, text.length, 0, 0, 0, 0, 0, at], [2, 2, 2, 2, 4, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4]),
      text,
    );
    at += local.length + text.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record(0x06054b50, [0, 0, entries.length, entries.length, size, at, 0], [2, 2, 2, 2, 4, 4, 2]);
  return Buffer.concat([...parts, ...directory, end]);
}

/** A signature and little-endian numbers of the given widths. Time and date share 4 bytes. */
function record(signature: number, values: readonly number[], widths: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + widths.reduce((sum, width) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [k, value] of values.entries()) {
    if (widths[k] === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += widths[k]!;
  }
  return bytes;
}

function damaged(what: string): InputError {
  return new InputError(`The checkpoint from before PyTorch 1.6 is damaged: ${what}. Fetch it again.`);
}
