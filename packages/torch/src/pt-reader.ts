/**
 * Reads what torch.save wrote (PyTorch 1.6 and newer: a ZIP with `data.pkl` and the tensors' bytes) and executes nothing. A pickle is a small
 * program; the machine below knows only the instructions that build dictionaries, lists, tuples, numbers, strings and tensors, and every name
 * that a pickle may call must be on the list at the end. Anything else is refused by name.
 */
import { readFile } from 'node:fs/promises';
import { bytesOf, type DType } from './dtype.ts';
import { elementCount, type TensorData } from './tensor-data.ts';
import { readZip, type ZipEntries } from './zip.ts';

/** What a .pt file holds: dictionaries become plain objects, tuples and lists arrays. */
export type PtValue = TensorData | string | number | bigint | boolean | null | Uint8Array | PtValue[] | { [key: string]: PtValue };

export type PtOptions = {
  /** Bytes that all tensors together may take once read; views may repeat memory. Default 8 GiB. */
  maxBytes?: number;
};

/** @throws Error when the file is damaged, older than PyTorch 1.6, or holds anything but data. */
export function readPt(file: Uint8Array, options: PtOptions = {}): PtValue {
  const { maxBytes = 2 ** 33 } = options;
  if (file[0] !== 0x50 || file[1] !== 0x4b) {
    throw new Error(
      'this is no .pt archive: files written before PyTorch 1.6 are bare pickles. Load it in PyTorch and save it again, as safetensors best',
    );
  }
  const entries = readZip(file);
  const pickle = [...entries.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  if (!pickle) throw new Error('this .pt archive has no data.pkl');
  const folder = pickle.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order).trim() !== 'little') throw new Error('this .pt file was written on a big-endian machine');
  const machine = new PickleMachine(entries.get(pickle)!, storageReader(entries, folder), maxBytes);
  return plain(machine.run());
}

/** `readPt` of a file. */
export async function loadPt(path: string, options: PtOptions = {}): Promise<PtValue> {
  return readPt(await readFile(path), options);
}

/** The tensors of a value by dotted name: a state dict, whatever it is wrapped in. @example ptTensors(await loadPt('model.pt')) */
export function ptTensors(value: PtValue): Record<string, TensorData> {
  const found: [string, TensorData][] = [];
  let visits = 0;
  const visit = (node: PtValue, name: string): void => {
    // lists that share lists can have exponentially many paths
    if (++visits > MOST_MEMOS) throw damaged('it holds too many tensors');
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return;
    if (isTensorData(node)) {
      found.push([name, node]);
      return;
    }
    for (const [key, child] of Object.entries(node)) visit(child as PtValue, name === '' ? key : `${name}.${key}`);
  };
  visit(value, '');
  return Object.fromEntries(found);
}

type Storage = { dtype: DType; bytes: Uint8Array };
type StorageReader = (dtype: DType, key: string, count: number) => Storage;

function storageReader(entries: ZipEntries, folder: string): StorageReader {
  return (dtype, key, count) => {
    const bytes = entries.get(`${folder}data/${key}`);
    if (!bytes) throw damaged(`the storage '${key.slice(0, 40)}' is missing`);
    if (count * bytesOf(dtype) > bytes.byteLength)
      throw damaged(`the storage '${key}' has ${bytes.byteLength} bytes, its pickle says ${count} of ${dtype}`);
    return { dtype, bytes };
  };
}

/** A name that a pickle pushed: what it makes when called, or what it stands for. */
class Name {
  readonly text: string;
  readonly call: ((args: unknown[]) => unknown) | undefined;
  readonly dtype: DType | undefined;
  constructor(text: string, call: ((args: unknown[]) => unknown) | undefined, dtype: DType | undefined) {
    this.text = text;
    this.call = call;
    this.dtype = dtype;
  }
}

class Tuple extends Array<unknown> {}
class StorageValue {
  readonly storage: Storage;
  constructor(storage: Storage) {
    this.storage = storage;
  }
}
/** A tensor on the stack; a class, so that no dictionary of the file can pose as one. */
class TensorValue {
  readonly data: TensorData;
  constructor(data: TensorData) {
    this.data = data;
  }
}
class Mark {}

const MARK = new Mark();
// far above any real checkpoint, low enough that a hostile one ends at once
const MOST_STEPS = 50_000_000;
const MOST_MEMOS = 10_000_000;

class PickleMachine {
  private position = 0;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  private readonly view: DataView;
  private readonly code: Uint8Array;
  private readonly storageOf: StorageReader;
  private bytesLeft: number;

  constructor(code: Uint8Array, storageOf: StorageReader, maxBytes: number) {
    this.code = code;
    this.view = new DataView(code.buffer, code.byteOffset, code.byteLength);
    this.storageOf = storageOf;
    this.bytesLeft = maxBytes;
  }

  run(): unknown {
    for (let step = 0; step < MOST_STEPS; step++) {
      const opcode = this.byte();
      if (opcode === 0x2e) return this.pop(); // STOP
      this.execute(opcode);
    }
    throw damaged('its pickle does not end');
  }

  private execute(opcode: number): void {
    const { stack } = this;
    switch (opcode) {
      case 0x80: // PROTO
        this.byte();
        return;
      case 0x95: // FRAME
        this.take(8);
        return;
      case 0x28: // MARK
        stack.push(MARK);
        return;
      case 0x30: // POP
        this.pop();
        return;
      case 0x31: // POP_MARK
        this.popToMark();
        return;
      case 0x32: // DUP
        stack.push(this.top());
        return;
      case 0x4e: // NONE
        stack.push(null);
        return;
      case 0x88: // NEWTRUE
        stack.push(true);
        return;
      case 0x89: // NEWFALSE
        stack.push(false);
        return;
      case 0x4b: // BININT1
        stack.push(this.byte());
        return;
      case 0x4d: // BININT2
        stack.push(this.view.getUint16(this.take(2), true));
        return;
      case 0x4a: // BININT
        stack.push(this.view.getInt32(this.take(4), true));
        return;
      case 0x8a: // LONG1
        stack.push(this.long(this.byte()));
        return;
      case 0x47: // BINFLOAT
        stack.push(this.view.getFloat64(this.take(8), false));
        return;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(this.text(this.byte()));
        return;
      case 0x58: // BINUNICODE
        stack.push(this.text(this.length4()));
        return;
      case 0x8d: // BINUNICODE8
        stack.push(this.text(this.length8()));
        return;
      case 0x55: // SHORT_BINSTRING, Python 2
        stack.push(this.text(this.byte()));
        return;
      case 0x43: // SHORT_BINBYTES
        stack.push(this.bytes(this.byte()));
        return;
      case 0x42: // BINBYTES
        stack.push(this.bytes(this.length4()));
        return;
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        return;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        return;
      case 0x29: // EMPTY_TUPLE
        stack.push(new Tuple());
        return;
      case 0x85: // TUPLE1
        stack.push(tuple(this.popMany(1)));
        return;
      case 0x86: // TUPLE2
        stack.push(tuple(this.popMany(2)));
        return;
      case 0x87: // TUPLE3
        stack.push(tuple(this.popMany(3)));
        return;
      case 0x74: // TUPLE
        stack.push(tuple(this.popToMark()));
        return;
      case 0x6c: // LIST
        stack.push(this.popToMark());
        return;
      case 0x61: // APPEND
        this.append(this.popMany(1));
        return;
      case 0x65: // APPENDS
        this.append(this.popToMark());
        return;
      case 0x73: // SETITEM
        this.setItems(this.popMany(2));
        return;
      case 0x75: // SETITEMS
        this.setItems(this.popToMark());
        return;
      case 0x71: // BINPUT
        this.remember(this.byte());
        return;
      case 0x72: // LONG_BINPUT
        this.remember(this.length4());
        return;
      case 0x94: // MEMOIZE
        this.remember(this.memo.size);
        return;
      case 0x68: // BINGET
        this.recall(this.byte());
        return;
      case 0x6a: // LONG_BINGET
        this.recall(this.length4());
        return;
      case 0x63: // GLOBAL
        this.global(`${this.line()}.${this.line()}`);
        return;
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popMany(2);
        this.global(`${text(module)}.${text(name)}`);
        return;
      }
      case 0x51: // BINPERSID
        stack.push(this.persistent(this.pop()));
        return;
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [callee, args] = this.popMany(2);
        if (!(callee instanceof Name) || !callee.call) throw refused(callee instanceof Name ? callee.text : 'something that is no name');
        if (!(args instanceof Tuple)) throw damaged('a call has no arguments');
        stack.push(callee.call([...args]));
        return;
      }
      case 0x62: // BUILD: attributes of an object, of which data have none that matter
        this.pop();
        return;
      default:
        throw damaged(`its pickle uses the instruction 0x${opcode.toString(16)}, which builds no data`);
    }
  }

  private global(name: string): void {
    const dtype = storageDtypes.get(name) ?? plainDtypes.get(name);
    const make = makers.get(name);
    if (!dtype && !make) throw refused(name);
    this.stack.push(new Name(name, make ? (args) => make(args, (bytes) => this.spend(bytes)) : undefined, dtype));
  }

  /** ('storage', storage type, key, location, number of elements): what torch.save puts for a tensor's memory. */
  private persistent(id: unknown): StorageValue {
    if (!(id instanceof Tuple) || id.length < 5 || id[0] !== 'storage') throw damaged('a persistent id is no storage');
    const [, type, key, , count] = id;
    if (!(type instanceof Name) || !type.dtype) throw damaged('a storage has no type');
    return new StorageValue(this.storageOf(type.dtype, text(key), size(count)));
  }

  private append(values: unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list) || list instanceof Tuple) throw damaged('something is appended to what is no list');
    for (const value of values) list.push(value);
  }

  private setItems(items: unknown[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof Map) || items.length % 2 !== 0) throw damaged('an item is set in what is no dictionary');
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i];
      if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint' && typeof key !== 'boolean')
        throw damaged('a dictionary has a key that is no text or number');
      dictionary.set(String(key), items[i + 1]);
    }
  }

  private remember(key: number): void {
    if (this.memo.size >= MOST_MEMOS) throw damaged('its pickle remembers too much');
    this.memo.set(key, this.top());
  }

  private recall(key: number): void {
    if (!this.memo.has(key)) throw damaged('its pickle recalls what it never stored');
    this.stack.push(this.memo.get(key));
  }

  private spend(bytes: number): void {
    this.bytesLeft -= bytes;
    if (!(this.bytesLeft >= 0)) throw new Error('the tensors of this .pt file take more than maxBytes');
  }

  private top(): unknown {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK) throw damaged('its pickle takes from an empty stack');
    return this.stack.at(-1);
  }

  private pop(): unknown {
    const value = this.top();
    this.stack.pop();
    return value;
  }

  private popMany(count: number): unknown[] {
    const values: unknown[] = [];
    for (let i = 0; i < count; i++) values.unshift(this.pop());
    return values;
  }

  private popToMark(): unknown[] {
    const start = this.stack.lastIndexOf(MARK);
    if (start < 0) throw damaged('its pickle closes what it never opened');
    const values = this.stack.splice(start);
    values.shift();
    return values;
  }

  private take(count: number): number {
    const start = this.position;
    if (count > this.code.byteLength - start) throw damaged('its pickle is cut short');
    this.position += count;
    return start;
  }

  private byte(): number {
    return this.code[this.take(1)]!;
  }

  private length4(): number {
    return this.view.getUint32(this.take(4), true);
  }

  private length8(): number {
    const value = this.view.getBigUint64(this.take(8), true);
    return value > 0xffffffffn ? Number.MAX_SAFE_INTEGER : Number(value);
  }

  private bytes(count: number): Uint8Array {
    const start = this.take(count);
    return this.code.slice(start, start + count);
  }

  private text(count: number): string {
    const start = this.take(count);
    return new TextDecoder().decode(this.code.subarray(start, start + count));
  }

  private line(): string {
    const end = this.code.indexOf(0x0a, this.position);
    if (end < 0 || end - this.position > 1000) throw damaged('a name in its pickle does not end');
    const value = this.text(end - this.position);
    this.position = end + 1;
    return value;
  }

  /** Two's complement, little-endian. */
  private long(count: number): number | bigint {
    const start = this.take(count);
    let value = 0n;
    for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.code[start + i]!);
    if (count > 0 && this.code[start + count - 1]! >= 128) value -= 1n << BigInt(8 * count);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
}

type Maker = (args: unknown[], spend: (bytes: number) => void) => unknown;

// every name that a pickle may call; all of them only put data together
const makers: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['collections.OrderedDict', ([pairs]) => dictionaryOf(pairs)],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_tensor_v3', rebuildTensor],
  ['torch._utils._rebuild_parameter', ([data]) => data],
  ['torch._utils._rebuild_parameter_with_state', ([data]) => data],
  ['torch.Size', ([sizes]) => tuple(Array.isArray(sizes) ? [...sizes] : [])],
  ['torch.device', (args) => args.map(String).join(':')],
]);

const plainDtypes: ReadonlyMap<string, DType> = new Map(
  (
    [
      'uint8',
      'int8',
      'int16',
      'int32',
      'int64',
      'float16',
      'float32',
      'float64',
      'bool',
      'bfloat16',
      'complex64',
      'complex128',
      'float8_e5m2',
      'float8_e4m3fn',
    ] as const
  ).map((dtype) => [`torch.${dtype}`, dtype]),
);

const storageDtypes: ReadonlyMap<string, DType> = new Map<string, DType>([
  ['torch.FloatStorage', 'float32'],
  ['torch.DoubleStorage', 'float64'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
  ['torch.ComplexFloatStorage', 'complex64'],
  ['torch.ComplexDoubleStorage', 'complex128'],
  ['torch.storage.UntypedStorage', 'uint8'],
]);

/** (storage, offset, size, stride, requires grad, hooks, dtype …): copied out into row-major order. */
function rebuildTensor(args: unknown[], spend: (bytes: number) => void): TensorValue {
  const [value, offset, sizes, strides] = args;
  if (!(value instanceof StorageValue)) throw damaged('a tensor has no storage');
  if (!Array.isArray(sizes) || !Array.isArray(strides) || sizes.length !== strides.length || sizes.length > 64)
    throw damaged('a tensor has no shape');
  const named = args[6] instanceof Name ? args[6].dtype : undefined;
  const { storage } = value;
  const dtype = named ?? storage.dtype;
  const width = bytesOf(dtype);
  const shape = Array.from(sizes, size);
  const steps = Array.from(strides, size);
  const count = elementCount(shape);
  const first = size(offset);
  if (count === 0) return new TensorValue({ dtype, shape, bytes: new Uint8Array(0) });
  // the farthest element tells whether all are inside
  const last = shape.reduce((sum, length, d) => sum + (length - 1) * steps[d]!, first);
  if ((last + 1) * width > storage.bytes.byteLength) throw damaged('a tensor reaches beyond its storage');
  spend(count * width);
  const rowMajor = shape.every((length, d) => length === 1 || steps[d] === elementCount(shape.slice(d + 1)));
  if (rowMajor) return new TensorValue({ dtype, shape, bytes: storage.bytes.slice(first * width, (first + count) * width) });
  const bytes = new Uint8Array(count * width);
  const index = shape.map(() => 0);
  let source = first;
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < width; b++) bytes[i * width + b] = storage.bytes[source * width + b]!;
    for (let d = shape.length - 1; d >= 0; d--) {
      source += steps[d]!;
      if (++index[d]! < shape[d]!) break;
      source -= shape[d]! * steps[d]!;
      index[d] = 0;
    }
  }
  return new TensorValue({ dtype, shape, bytes });
}

function dictionaryOf(pairs: unknown): Map<string, unknown> {
  const dictionary = new Map<string, unknown>();
  if (!Array.isArray(pairs)) return dictionary;
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw damaged('an ordered dictionary is malformed');
    dictionary.set(String(pair[0]), pair[1]);
  }
  return dictionary;
}

/** The stack's objects as plain data; what contains itself is refused, what is shared stays shared. */
function plain(root: unknown): PtValue {
  const done = new Map<object, PtValue>();
  const path = new Set<object>();
  const visit = (value: unknown): PtValue => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
      return value;
    if (value instanceof TensorValue) return value.data;
    if (value instanceof Uint8Array) return value;
    if (value instanceof Name) return value.text;
    if (!(Array.isArray(value) || value instanceof Map)) throw damaged('a storage stands where data should');
    const known = done.get(value);
    if (known !== undefined) return known;
    if (path.has(value) || path.size > 200) throw damaged('its data contain themselves, or are nested too deep');
    path.add(value);
    const result = Array.isArray(value)
      ? Array.from(value, visit)
      : Object.fromEntries([...value].map(([key, child]) => [key, visit(child)]));
    path.delete(value);
    done.set(value, result);
    return result;
  };
  return visit(root);
}

function isTensorData(node: object): node is TensorData {
  return 'bytes' in node && node.bytes instanceof Uint8Array && 'dtype' in node && 'shape' in node;
}

function tuple(values: unknown[]): Tuple {
  const result = new Tuple();
  for (const value of values) result.push(value);
  return result;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw damaged('a name in its pickle is no text');
  return value;
}

function size(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw damaged('a size in its pickle is no whole number');
  return value;
}

function refused(name: string): Error {
  return new Error(
    `this .pt file wants to call ${name.slice(0, 200)}. Only data are read from .pt files, never code: save a state dict (tensors by name), as safetensors best`,
  );
}

function damaged(what: string): Error {
  return new Error(`this .pt file is damaged: ${what}`);
}
