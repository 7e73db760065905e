import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createMd5 } from './md5.ts';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

test.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['12345678901234567890123456789012345678901234567890123456789012345678901234567890', '57edf4a22be3c955ac49da2e2107b67a'],
])('"%s" has the digest of RFC 1321', (text, digest) => {
  const md5 = createMd5();
  md5.update(new TextEncoder().encode(text));
  expect(hex(md5.digest())).toBe(digest);
});

test('parts of any size give the digest of the whole, as another implementation has it', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 197) & 255);
  for (const part of [1, 55, 56, 63, 64, 65, 129, 1000]) {
    const md5 = createMd5();
    for (let at = 0; at < bytes.length; at += part) md5.update(bytes.subarray(at, at + part));
    expect(hex(md5.digest())).toBe(createHash('md5').update(bytes).digest('hex'));
  }
});
