/**
 * Protocol Buffers' wire format, as little of it as ONNX needs: writing messages and walking the fields of one
 * (https://protobuf.dev/programming-guides/encoding). Lengths that a file declares are checked against the bytes that are there.
 */
export type MessageWriter = {
  integer(field: number, value: number | bigint): void;
  float(field: number, value: number): void;
  text(field: number, value: string): void;
  bytes(field: number, value: Uint8Array): void;
  integers(field: number, values: readonly number[]): void;
  message(field: number, write: (inner: MessageWriter) => void): void;
};

/** Collects the pieces of a message; large byte fields are kept by reference until the end. */
export function writeMessage(write: (writer: MessageWriter) => void): Uint8Array {
  const pieces = collect(write);
  const result = new Uint8Array(pieces.length);
  let offset = 0;
  for (const part of pieces.parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

type Pieces = { parts: Uint8Array[]; length: number };

function collect(write: (writer: MessageWriter) => void): Pieces {
  const pieces: Pieces = { parts: [], length: 0 };
  const push = (part: Uint8Array): void => {
    pieces.parts.push(part);
    pieces.length += part.length;
  };
  const header = (field: number, wire: number, length?: number): void => {
    push(varint((field << 3) | wire));
    if (length !== undefined) push(varint(length));
  };
  const writer: MessageWriter = {
    integer(field, value) {
      header(field, 0);
      push(varint(value));
    },
    float(field, value) {
      header(field, 5);
      push(new Uint8Array(Float32Array.of(value).buffer));
    },
    text(field, value) {
      writer.bytes(field, encodeText(value));
    },
    bytes(field, value) {
      header(field, 2, value.length);
      push(value);
    },
    integers(field, values) {
      const packed = values.map(varint);
      const length = packed.reduce((sum, part) => sum + part.length, 0);
      header(field, 2, length);
      for (const part of packed) push(part);
    },
    message(field, inner) {
      const nested = collect(inner);
      header(field, 2, nested.length);
      for (const part of nested.parts) push(part);
    },
  };
  write(writer);
  return pieces;
}

/** Seven bits a byte, lowest first; negative numbers as 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** One field of a message: its number and either an integer or a run of bytes. */
export type Field = { field: number; integer?: bigint; bytes?: Uint8Array };

/** @throws Error where the bytes are not a message. */
export function readFields(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let offset = 0;
  const next = (): number => {
    if (offset >= message.length) throw new Error('The message ends in the middle of a field.');
    return message[offset++]!;
  };
  const number = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = next();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new Error('A number in the message is longer than 64 bits.');
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - offset) throw new Error(`A field declares ${length} bytes where ${message.length - offset} are left.`);
    offset += length;
    return message.subarray(offset - length, offset);
  };
  while (offset < message.length) {
    const tag = Number(number());
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) fields.push({ field, integer: number() });
    else if (wire === 1) fields.push({ field, bytes: take(8) });
    else if (wire === 2) fields.push({ field, bytes: take(Number(number())) });
    else if (wire === 5) fields.push({ field, bytes: take(4) });
    else throw new Error(`The message holds wire type ${wire}, which ONNX does not use.`);
  }
  return fields;
}

/** UTF-8. Written out because the package compiles without the platform's TextEncoder. */
export function encodeText(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const unit of encodeURIComponent(text).match(/%..|./g) ?? []) {
    bytes.push(unit.length === 3 ? Number.parseInt(unit.slice(1), 16) : unit.charCodeAt(0));
  }
  return Uint8Array.from(bytes);
}

export function decodeText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `%${byte.toString(16).padStart(2, '0')}`;
  return decodeURIComponent(text);
}
