/**
 * Safetensors files (github.com/huggingface/safetensors, format 0.3+): eight bytes of header length, a JSON header with dtype, shape and place
 * of each tensor, then the tensors' bytes. Nothing in such a file can be executed. What the Python library writes is read here and the
 * other way round.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { bytesOf, type Device, type DType } from './dtype.ts';
import type { Tensor } from './tensor.ts';
import { asData, elementCount, type TensorData, toTensor } from './tensor-data.ts';

export type SafetensorsFile = {
  /** Tensors by name, in the file's order. Their bytes are views of the file's. */
  tensors: Record<string, TensorData>;
  metadata: Record<string, string>;
};

// the Python library's own bound
const LARGEST_HEADER = 100_000_000;

// in the order in which the Python library lays tensors out: wide elements first, so that all lie aligned
const dtypes: Readonly<Record<string, DType>> = {
  I64: 'int64',
  F64: 'float64',
  C64: 'complex64',
  F32: 'float32',
  I32: 'int32',
  BF16: 'bfloat16',
  F16: 'float16',
  I16: 'int16',
  F8_E4M3: 'float8_e4m3fn',
  F8_E5M2: 'float8_e5m2',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};
const ranks: ReadonlyMap<DType, number> = new Map(Object.values(dtypes).map((dtype, rank) => [dtype, rank]));
const names: ReadonlyMap<DType, string> = new Map(Object.entries(dtypes).map(([name, dtype]) => [dtype, name]));

/**
 * Reads a file's bytes. The header is checked entirely before any tensor is made: known dtypes, shapes that fit their bytes, and tensors that
 * lie in the file one after the other without gap or overlap.
 * @throws Error that says what is wrong with the file.
 */
export function readSafetensors(file: Uint8Array): SafetensorsFile {
  const { header, dataStart } = readHeader(file);
  const available = file.byteLength - dataStart;
  const tensors: Record<string, TensorData> = Object.create(null);
  const places: { name: string; begin: number; end: number }[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = readMetadata(entry);
      continue;
    }
    const { dtype, shape, begin, end } = readEntry(name, entry, available);
    places.push({ name, begin, end });
    tensors[name] = { dtype, shape, bytes: file.subarray(dataStart + begin, dataStart + end) };
  }
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const { name, begin, end } of places) {
    if (begin !== position) throw invalid(`tensor '${name}' begins at byte ${begin}, but the one before it ends at ${position}`);
    position = end;
  }
  if (position !== available) throw invalid(`its tensors take ${position} bytes, but ${available} follow the header`);
  return { tensors, metadata };
}

/** The bytes of a file with these tensors. Tensors are laid out by dtype, then by name, as the Python library does. */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor | TensorData>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const list = Object.entries(tensors).map(([name, value]) => ({ name, data: asData(value) }));
  const rank = ({ data }: (typeof list)[number]): number => ranks.get(data.dtype) ?? -1;
  list.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let position = 0;
  for (const { name, data } of list) {
    if (name === '__metadata__') throw new Error("a tensor cannot be called '__metadata__' in a safetensors file");
    const dtype = names.get(data.dtype);
    if (!dtype) throw new Error(`tensor '${name}' is ${data.dtype}, which safetensors cannot hold`);
    const length = elementCount(data.shape) * bytesOf(data.dtype);
    if (length !== data.bytes.byteLength) throw new Error(`tensor '${name}' has ${data.bytes.byteLength} bytes, its shape takes ${length}`);
    header[name] = { dtype, shape: data.shape, data_offsets: [position, position + length] };
    position += length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // spaces bring the first tensor to a multiple of eight bytes
  const headerLength = Math.ceil(json.byteLength / 8) * 8;
  const file = new Uint8Array(8 + headerLength + position);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(json, 8);
  file.fill(0x20, 8 + json.byteLength, 8 + headerLength);
  let offset = 8 + headerLength;
  for (const { data } of list) {
    file.set(data.bytes, offset);
    offset += data.bytes.byteLength;
  }
  return file;
}

/** Tensors of a file, on a device. */
export async function loadSafetensors(
  path: string,
  device: Device = 'cpu',
): Promise<{ tensors: Record<string, Tensor>; metadata: Record<string, string> }> {
  const { tensors, metadata } = readSafetensors(await readFile(path));
  return { tensors: Object.fromEntries(Object.entries(tensors).map(([name, data]) => [name, toTensor(data, device)])), metadata };
}

/** Writes a file whole or not at all: under another name first, then renamed, so that a crash leaves the old one. */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor | TensorData>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  await writeFile(temporary, writeSafetensors(tensors, metadata));
  await rename(temporary, path);
}

function readHeader(file: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (file.byteLength < 8) throw invalid(`it has ${file.byteLength} bytes; even an empty one has 8`);
  const length = new DataView(file.buffer, file.byteOffset, file.byteLength).getBigUint64(0, true);
  if (length > BigInt(LARGEST_HEADER)) throw invalid(`its header claims ${length} bytes; at most ${LARGEST_HEADER} are read`);
  const dataStart = 8 + Number(length);
  if (dataStart > file.byteLength)
    throw invalid(`its header claims ${length} bytes, but the file has ${file.byteLength - 8} after the length: it is cut short`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, dataStart)));
  } catch (error) {
    throw invalid(`its header is no JSON (${(error as Error).message})`);
  }
  if (!isObject(header)) throw invalid('its header is no JSON object');
  return { header, dataStart };
}

function readMetadata(entry: unknown): Record<string, string> {
  if (!isObject(entry) || Object.values(entry).some((value) => typeof value !== 'string'))
    throw invalid('its __metadata__ is not a map of strings');
  return entry as Record<string, string>;
}

function readEntry(name: string, entry: unknown, available: number): { dtype: DType; shape: number[]; begin: number; end: number } {
  if (!isObject(entry)) throw invalid(`the entry of tensor '${name}' is no object`);
  const { dtype: label, shape, data_offsets: offsets } = entry;
  const dtype = typeof label === 'string' && Object.hasOwn(dtypes, label) ? dtypes[label] : undefined;
  if (!dtype) throw invalid(`tensor '${name}' has the dtype ${JSON.stringify(label)}; known are ${Object.keys(dtypes).join(', ')}`);
  if (!isSizes(shape) || shape.length > 64) throw invalid(`tensor '${name}' has the shape ${JSON.stringify(shape)?.slice(0, 100)}`);
  if (!isSizes(offsets) || offsets.length !== 2)
    throw invalid(`tensor '${name}' has the data_offsets ${JSON.stringify(offsets)?.slice(0, 100)}`);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > available) throw invalid(`tensor '${name}' claims the bytes ${begin} to ${end} of ${available}`);
  const length = elementCount(shape) * bytesOf(dtype);
  if (length !== end - begin)
    throw invalid(`tensor '${name}' of shape [${shape}] and ${label} takes ${length} bytes, but has ${end - begin}`);
  return { dtype, shape, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string): Error {
  return new Error(`this is no valid safetensors file: ${what}`);
}
