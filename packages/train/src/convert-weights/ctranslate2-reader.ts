import { InputError } from '@alignsts/signal';
import { type DType, dataToFloat32, type TensorData } from '@alignsts/torch';

/**
 * Reads a CTranslate2 model file (`model.bin`, binary version 6; ctranslate2's `src/models/model.cc`), little-endian:
 * version u32, specification text, revision u32, count u32, then per variable name, rank u8, sizes u32, element type u8, byte count u32 and
 * bytes; then count u32 of aliases, each two names. A text is its length u16, a zero at the end included. Nothing in it is ever executed, and every length
 * is checked against the bytes that are there before memory is taken for it.
 */
export type CTranslate2Model = {
  specification: string;
  revision: number;
  /** Views of the file's bytes, aliases resolved. */
  variables: ReadonlyMap<string, TensorData>;
};

const VERSION = 6;
const ELEMENT_TYPES: readonly DType[] = ['float32', 'int8', 'int16', 'int32', 'float16', 'bfloat16'];
const ELEMENT_BYTES: readonly number[] = [4, 1, 2, 4, 2, 2];
const HIGHEST_RANK = 8;

/** @throws InputError when the bytes are of another format or version, end early, or hold more than they say */
export function readCTranslate2(file: Uint8Array): CTranslate2Model {
  const reader = createByteReader(file);
  const version = reader.u32('the version');
  if (version !== VERSION) {
    throw new InputError(
      `This is no CTranslate2 model of binary version ${VERSION}: its first number is ${version}. Give the model.bin that the converter wrote.`,
    );
  }
  const specification = reader.text('the specification');
  const revision = reader.u32('the revision');
  const count = reader.u32('the number of variables');
  const variables = new Map<string, TensorData>();
  for (let i = 0; i < count; i++) {
    const name = reader.text(`the name of variable ${i}`);
    const rank = reader.u8(`the rank of ${name}`);
    if (rank > HIGHEST_RANK) throw damaged(`${name} has ${rank} axes, at most ${HIGHEST_RANK} are allowed`);
    const shape = Array.from({ length: rank }, () => reader.u32(`the shape of ${name}`));
    const type = reader.u8(`the type of ${name}`);
    const dtype = ELEMENT_TYPES[type];
    if (dtype === undefined) throw damaged(`${name} has the unknown element type ${type}, known are 0 to ${ELEMENT_TYPES.length - 1}`);
    const byteCount = reader.u32(`the size of ${name}`);
    const expected = shape.reduce((product, size) => product * size, ELEMENT_BYTES[type]!);
    if (byteCount !== expected) throw damaged(`${name} has ${byteCount} bytes but [${shape}] of ${dtype} takes ${expected}`);
    if (variables.has(name)) throw damaged(`it holds ${name} twice`);
    variables.set(name, { dtype, shape, bytes: reader.bytes(byteCount, name) });
  }
  const aliases = reader.u32('the number of aliases');
  for (let i = 0; i < aliases; i++) {
    const alias = reader.text(`alias ${i}`);
    const target = reader.text(`the variable that ${alias} stands for`);
    const variable = variables.get(target);
    if (variable === undefined) throw damaged(`${alias} stands for ${target}, which is not there`);
    variables.set(alias, variable);
  }
  if (reader.left() > 0) throw damaged(`${reader.left()} bytes follow after its end`);
  return { specification, revision, variables };
}

/**
 * One variable as float32, of a shape that the caller knows.
 * @throws InputError when it is absent or has another shape
 */
export function ctranslate2Floats(model: CTranslate2Model, name: string, shape: readonly number[]): Float32Array {
  const variable = model.variables.get(name);
  if (variable === undefined) {
    throw new InputError(`The CTranslate2 model (${model.specification}) has no variable ${name}. Convert the model that is asked for.`);
  }
  if (variable.shape.join() !== shape.join()) {
    throw new InputError(`${name} has the shape [${variable.shape}], [${shape}] is needed. Convert the model size that is asked for.`);
  }
  return dataToFloat32(variable);
}

type ByteReader = {
  u8(what: string): number;
  u32(what: string): number;
  text(what: string): string;
  bytes(count: number, what: string): Uint8Array;
  left(): number;
};

function createByteReader(file: Uint8Array): ByteReader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let position = 0;
  const advance = (count: number, what: string): number => {
    if (count > file.length - position) {
      throw new InputError(
        `The CTranslate2 file ends inside ${what}: ${count} bytes are needed at byte ${position} of ${file.length}. It is truncated; fetch it again.`,
      );
    }
    const start = position;
    position += count;
    return start;
  };
  return {
    u8: (what) => view.getUint8(advance(1, what)),
    u32: (what) => view.getUint32(advance(4, what), true),
    text(what) {
      const length = view.getUint16(advance(2, what), true);
      const start = advance(length, what);
      if (length === 0 || file[start + length - 1] !== 0) throw damaged(`${what} is not closed by a zero`);
      try {
        return decoder.decode(file.subarray(start, start + length - 1));
      } catch {
        throw damaged(`${what} is not UTF-8`);
      }
    },
    bytes(count, what) {
      const start = advance(count, what);
      return file.subarray(start, start + count);
    },
    left: () => file.length - position,
  };
}

function damaged(what: string): InputError {
  return new InputError(`The CTranslate2 file is damaged: ${what}. Fetch it again.`);
}
