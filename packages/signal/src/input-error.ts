/**
 * An error the caller can fix. Its message is one sentence or two that say what was wrong, what is allowed and what to do;
 * the command line prints it alone and exits with 2. Every other Error is a bug of ours.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
}
