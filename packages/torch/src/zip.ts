/** Reads ZIP archives whose entries are stored uncompressed, as torch.save writes them (APPNOTE.TXT 6.3, with ZIP64). */

export type ZipEntries = ReadonlyMap<string, Uint8Array>;

const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MOST_ENTRIES = 1_000_000;

/** Names and bytes (views, not copies) of all entries. @throws Error for anything malformed, compressed or encrypted. */
export function readZip(file: Uint8Array): ZipEntries {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { count, start, end: limit } = directoryPlace(view);
  const entries = new Map<string, Uint8Array>();
  let position = start;
  for (let i = 0; i < count; i++) {
    need(view, position, 46, 'its directory');
    if (position + 46 > limit || view.getUint32(position, true) !== CENTRAL) throw invalid('its directory is damaged');
    const flags = view.getUint16(position + 8, true);
    const method = view.getUint16(position + 10, true);
    let compressed = view.getUint32(position + 20, true);
    let size = view.getUint32(position + 24, true);
    const nameLength = view.getUint16(position + 28, true);
    const extraLength = view.getUint16(position + 30, true);
    const commentLength = view.getUint16(position + 32, true);
    let local = view.getUint32(position + 42, true);
    const nameStart = position + 46;
    need(view, nameStart, nameLength + extraLength + commentLength, 'its directory');
    const name = new TextDecoder().decode(file.subarray(nameStart, nameStart + nameLength));
    ({ size, compressed, local } = wide(view, nameStart + nameLength, extraLength, { size, compressed, local }));
    if (flags & 1) throw invalid(`'${name}' is encrypted`);
    if (method !== 0 || compressed !== size) throw invalid(`'${name}' is compressed; torch.save stores without compression`);
    if (entries.has(name)) throw invalid(`'${name}' is in it twice`);
    need(view, local, 30, `'${name}'`);
    if (view.getUint32(local, true) !== LOCAL) throw invalid(`'${name}' is not where the directory says`);
    const data = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    need(view, data, size, `'${name}'`);
    entries.set(name, file.subarray(data, data + size));
    position = nameStart + nameLength + extraLength + commentLength;
  }
  return entries;
}

function directoryPlace(view: DataView): { count: number; start: number; end: number } {
  // the end record is the last thing, but for a comment of at most 65535 bytes
  const earliest = Math.max(0, view.byteLength - 22 - 65535);
  let end = view.byteLength - 22;
  while (end >= earliest && view.getUint32(end, true) !== END) end--;
  if (end < earliest || end < 0) throw invalid('it has no directory: it is no ZIP archive, or cut short');
  let count = view.getUint16(end + 10, true);
  let length = view.getUint32(end + 12, true);
  let start = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === END64_LOCATOR) {
    const place = big(view, end - 12);
    need(view, place, 56, 'its ZIP64 directory');
    if (view.getUint32(place, true) !== END64) throw invalid('its ZIP64 directory is damaged');
    count = big(view, place + 32);
    length = big(view, place + 40);
    start = big(view, place + 48);
  }
  if (count > MOST_ENTRIES) throw invalid(`it claims ${count} entries`);
  need(view, start, length, 'its directory');
  return { count, start, end: start + length };
}

/** Sizes and places beyond 32 bits stand in an extra field, only those that did not fit. */
function wide(view: DataView, start: number, length: number, entry: { size: number; compressed: number; local: number }): typeof entry {
  const { ...result } = entry;
  for (let position = start; position + 4 <= start + length; ) {
    const id = view.getUint16(position, true);
    const size = view.getUint16(position + 2, true);
    let field = position + 4;
    const next = field + size;
    if (next > start + length) break;
    if (id === 1) {
      for (const key of ['size', 'compressed', 'local'] as const) {
        if (result[key] !== 0xffffffff) continue;
        if (field + 8 > next) throw invalid('a ZIP64 field is cut short');
        result[key] = big(view, field);
        field += 8;
      }
    }
    position = next;
  }
  return result;
}

function big(view: DataView, position: number): number {
  const value = view.getBigUint64(position, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw invalid(`it claims ${value} bytes`);
  return Number(value);
}

function need(view: DataView, position: number, length: number, what: string): void {
  if (!(position >= 0 && position + length <= view.byteLength)) throw invalid(`${what} reaches beyond its end: it is cut short or damaged`);
}

function invalid(what: string): Error {
  return new Error(`this archive cannot be read: ${what}`);
}
