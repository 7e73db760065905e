import { InputError } from '@alignsts/signal';

/**
 * The name under which features of an encoder are stored (caches, checkpoints, manifests): network, form of the weights and the first digits of the
 * graph's SHA-256. Features of two encoders do not mix: a model trained on one hears nonsense from the other.
 *
 * @example encoderId('whisper-base-6', 'int8', '9f86d081884c7d65…') // 'whisper-base-6/int8/9f86d081884c'
 */
export function encoderId(network: string, format: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new InputError(`"${sha256}" is no SHA-256: 64 lower-case hexadecimal digits are needed. Take the hash of the encoder's file.`);
  }
  return `${network}/${format}/${sha256.slice(0, 12)}`;
}

/**
 * Refuses features of another encoder than the one at hand.
 * @param where what holds the stored id, such as "the checkpoint small.safetensors"
 * @throws InputError that names both
 */
export function requireEncoder(stored: string, used: string, where: string): void {
  if (stored === used) return;
  throw new InputError(
    `${where} was made with the encoder ${stored || '(none named)'}, but ${used} is in use. Use the encoder it names, or compute its features again.`,
  );
}
