import { InputError } from '../input-error.ts';

/** Loads a decoder that is an optional package, with an answer for those who did not install it. */
export async function loadOptional<T>(load: () => Promise<T>, format: string, packageName: string): Promise<T> {
  try {
    return await load();
  } catch {
    throw new InputError(
      `Reading ${format} needs the package ${packageName}. Install it with "npm install ${packageName}", or convert the file to WAV or FLAC.`,
    );
  }
}
