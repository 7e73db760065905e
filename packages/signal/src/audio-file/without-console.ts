/**
 * Runs a synchronous call of a library that prints what it also returns. Library code here never prints: what was wrong with a file comes back as a remark.
 * Hosts without a console are left as they are.
 */
export function withoutConsole<T>(call: () => T): T {
  const { console } = globalThis as { console?: { error: unknown } };
  if (console === undefined) return call();
  const { error } = console;
  console.error = () => undefined;
  try {
    return call();
  } finally {
    console.error = error;
  }
}
