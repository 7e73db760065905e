import { InputError } from '@alignsts/signal';

/**
 * Bytes to text, whatever wrote them: a byte order mark or the named encoding decides; otherwise UTF-8 if the bytes are valid UTF-8,
 * else Windows-1252 (the superset of Latin-1 that every byte string is valid in).
 */

// the WHATWG decoder is in Node and in every browser, but neither library is visible to this package
declare const TextDecoder: new (label: string, options?: { fatal?: boolean }) => Decoder;

type Decoder = { decode(bytes: Uint8Array): string };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws InputError if the named encoding is unknown. @example decodeText(Uint8Array.of(0xe9)) // 'é' */
export function decodeText(bytes: Uint8Array, encoding = 'auto'): string {
  return createTextDecoder(encoding)(bytes);
}

/** The same for many pieces of text: the decoder is made once. */
export function createTextDecoder(encoding: string): (bytes: Uint8Array) => string {
  if (encoding !== 'auto') {
    const decoder = decoderFor(encoding);
    return (bytes) => decoder.decode(bytes);
  }
  return (bytes) => {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
    return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes);
  };
}

/** Whether the bytes are well-formed UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictUtf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function decoderFor(encoding: string): Decoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new InputError(
      `text encoding "${encoding}" is unknown; names such as utf-8, windows-1252, shift_jis or gbk are allowed. Leave it out to have it guessed.`,
    );
  }
}
