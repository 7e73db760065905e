import { readFileSync } from 'node:fs';

/** The version in this package's package.json, which lies beside src/ and beside dist/. @example versionOfThisPackage() // '0.1.0' */
export function versionOfThisPackage(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}
