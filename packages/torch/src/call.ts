/**
 * Any operator of libtorch by its name, as PyTorch's own schema declares it: `call('aten::conv1d', input, weight)`. Arguments go over the
 * wire, a Float64Array that both sides see, as tagged values (native/addon.hpp lists the tags), since writing numbers into shared memory
 * costs nanoseconds where a Node-API call for each costs a tenth of a microsecond.
 */
import { deviceCode, dtypeCodes } from './dtype.ts';
import { link, nativeAddon, type OperatorSchema } from './libtorch.ts';
import { Generator } from './random.ts';
import { adopt, currentWire, Tensor } from './tensor.ts';

/** What an operator takes. null is the schema's None, undefined its default. Dtypes and devices are their names. */
export type Value = Tensor | Generator | number | bigint | boolean | string | null | undefined | readonly Value[] | NumberArray;
type NumberArray = Float64Array | Float32Array | Int32Array;

/** What an operator gives. Several results are an array; none is null. */
export type Result = Tensor | number | boolean | string | null | Result[];

export type Operator = (...args: Value[]) => Result;

const NONE = 0;
const TENSOR = 1;
const NUMBER = 2;
const BOOL = 3;
const STRING = 4;
const LIST = 5;
const NUMBERS = 6;
const BIGINT = 7;
const GENERATOR = 8;
const DEFAULT = 9;
const DTYPE = 10;
const DEVICE = 11;

const numbersByName = new Map<string, number>();
const operatorsByName = new Map<string, Operator>();

/**
 * Calls an operator once, by name.
 * @example call('aten::add.Tensor', a, b)
 * @throws Error with libtorch's message and the operator's schema when the arguments do not fit.
 */
export function call(name: string, ...args: Value[]): Result {
  return run(operatorNumber(name), args);
}

/** An operator as a function. Its schema is looked up at the first call. @example const relu = op('aten::relu') */
export function op(name: string): Operator {
  const known = operatorsByName.get(name);
  if (known) return known;
  let id = -1;
  const operator: Operator = (...args) => {
    if (id < 0) id = operatorNumber(name);
    return run(id, args);
  };
  operatorsByName.set(name, operator);
  return operator;
}

/** Whether this libtorch has the operator. */
export function hasOperator(name: string): boolean {
  if (numbersByName.has(name)) return true;
  const id = nativeAddon().lookup(name);
  if (id !== null) numbersByName.set(name, id);
  return id !== null;
}

/** The operator's declaration. @example schemaOf('aten::relu').text // 'aten::relu(Tensor self) -> Tensor' */
export function schemaOf(name: string): OperatorSchema {
  return nativeAddon().schema(operatorNumber(name));
}

/** Every operator of this libtorch, overloads included. */
export function operatorNames(): string[] {
  return nativeAddon().operatorNames();
}

function operatorNumber(name: string): number {
  if (!hasOperator(name))
    throw new Error(`this libtorch has no operator ${name}. Overloads are written as aten::add.Tensor; operatorNames() lists all`);
  return numbersByName.get(name)!;
}

let strings: string[] | undefined;

function run(id: number, args: readonly Value[]): Result {
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) count--;
  strings = undefined;
  let position = 0;
  for (let i = 0; i < count; i++) position = write(args[i], position);
  const wire = currentWire(link.native!.call(id, count, position, strings));
  const results = wire[0]!;
  cursor = 1;
  if (results === 1) return read(wire, args);
  if (results === 0) return null;
  return readMany(wire, results, args);
}

/** Writes one value at `position` and returns where the next one goes. */
export function write(value: Value, position: number): number {
  let { wire } = link;
  // no scalar value takes more than three numbers; typed arrays ignore writes beyond their end, so room comes first
  if (position + 4 > wire.length) wire = grow(position + 4);
  if (value instanceof Tensor) {
    wire[position] = TENSOR;
    wire[position + 1] = value.handle;
    return position + 2;
  }
  switch (typeof value) {
    case 'undefined':
      wire[position] = DEFAULT;
      return position + 1;
    case 'number':
      wire[position] = NUMBER;
      wire[position + 1] = value;
      return position + 2;
    case 'boolean':
      wire[position] = BOOL;
      wire[position + 1] = value ? 1 : 0;
      return position + 2;
    case 'string':
      return writeString(wire, value, position);
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) throw new Error(`${value} does not fit into 64 bits`);
      wire[position] = BIGINT;
      wire[position + 1] = Number(value >> 32n);
      wire[position + 2] = Number(value & 0xffffffffn);
      return position + 3;
    default:
  }
  if (value === null) {
    wire[position] = NONE;
    return position + 1;
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return writeList(value as readonly Value[], position);
  if (value instanceof Generator) {
    wire[position] = GENERATOR;
    wire[position + 1] = value.handle;
    return position + 2;
  }
  throw new Error(
    `an operator cannot take ${typeof value === 'object' ? `an object (${Object.prototype.toString.call(value)})` : `a ${typeof value}`}`,
  );
}

function writeString(wire: Float64Array, value: string, position: number): number {
  const dtype = dtypeCodes.get(value);
  if (dtype !== undefined) {
    wire[position] = DTYPE;
    wire[position + 1] = dtype;
    return position + 2;
  }
  const device = deviceCode(value);
  if (device) {
    wire[position] = DEVICE;
    wire[position + 1] = device.kind;
    wire[position + 2] = device.index;
    return position + 3;
  }
  strings ??= [];
  wire[position] = STRING;
  wire[position + 1] = strings.push(value) - 1;
  return position + 2;
}

function writeList(list: readonly Value[], position: number): number {
  const { length } = list;
  const wire = position + 2 + length > link.wire.length ? grow(position + 2 + length) : link.wire;
  wire[position + 1] = length;
  let i = 0;
  while (i < length && typeof list[i] === 'number') {
    wire[position + 2 + i] = list[i] as number;
    i++;
  }
  if (i === length) {
    wire[position] = NUMBERS;
    return position + 2 + length;
  }
  wire[position] = LIST;
  let next = position + 2;
  for (const element of list) next = write(element, next);
  return next;
}

function grow(atLeast: number): Float64Array {
  link.wire = nativeAddon().wire(atLeast);
  return link.wire;
}

let cursor = 0;

function read(wire: Float64Array, args: readonly Value[]): Result {
  switch (wire[cursor++]) {
    case TENSOR:
      return adopt(wire[cursor++]!);
    case NUMBER:
      return wire[cursor++]!;
    case BOOL:
      return wire[cursor++] === 1;
    case LIST:
      return readMany(wire, wire[cursor++]!, args);
    case 12:
      return args[wire[cursor++]!] as Tensor;
    default:
      return null;
  }
}

function readMany(wire: Float64Array, count: number, args: readonly Value[]): Result[] {
  const list: Result[] = [];
  for (let i = 0; i < count; i++) list.push(read(wire, args));
  return list;
}
