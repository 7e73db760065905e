import { readFileSync } from 'node:fs';
import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikePraat, melodyFromPitchTier } from './pitch-tier.ts';

const expected = (JSON.parse(readFileSync('fixtures/melody/expected.json', 'utf8')) as { pitchTier: number[] }).pitchTier;
const fixture = (name: string): Buffer => readFileSync(`fixtures/melody/${name}.PitchTier`);

describe('melodyFromPitchTier', () => {
  test.each(['long', 'short', 'spreadsheet', 'binary'])('reads a %s file and gives the values that Praat gives on the grid', (kind) => {
    expect(looksLikePraat(fixture(kind))).toBe(true);
    const melody = melodyFromPitchTier(fixture(kind));
    expect(melody.duration).toBe(1.6);
    // float32 of values written to six decimals
    expect(melody.f0).toBeAllClose(expected, { atol: 2e-5, rtol: 0 });
  });

  test('text saved as UTF-16, as Praat does for foreign letters, is read too', () => {
    const text = fixture('long').toString();
    const bytes = Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
    expect(looksLikePraat(bytes)).toBe(true);
    expect(melodyFromPitchTier(bytes)).toEqual(melodyFromPitchTier(fixture('long')));
  });

  test('distant points can be told to leave a pause', () => {
    const { f0 } = melodyFromPitchTier(fixture('long'), { longestGap: 0.4 });
    expect(f0[Math.round(0.9 * 187.5)]).toBe(0); // between 0.55 and 1.3 s
    expect(f0[Math.round(0.4 * 187.5)]).toBeCloseTo(220 + (110 * (75 * (128 / 24000) - 0.2)) / 0.3, 3);
  });

  test.each([
    ['another object', '"ooTextFile"\n"Pitch 1"\n0 1', 'holds a "Pitch 1", not a PitchTier. In Praat, convert'],
    ['no object', 'hello', 'nameless object'],
    ['a cut file', '"ooTextFile"\n"PitchTier"\n0\n1\n3\n0.1\n220\n', 'ends before its last point'],
    ['no points', '"ooTextFile"\n"PitchTier"\n0\n1\n0\n', 'has no points'],
    ['negative pitch', '"ooTextFile"\n"PitchTier"\n0\n1\n1\n0.1\n-220\n', 'point 1 of the PitchTier has -220 Hz'],
    [
      'time running back',
      '"ooTextFile"\n"PitchTier"\n0\n1\n2\n0.1\n220\n0.1\n220',
      'point 2 of the PitchTier is at 0.1 s; times must rise',
    ],
    ['an hour', '"ooTextFile"\n"PitchTier"\n0\n3600\n1\n0.1\n220', 'ends at 3600 s'],
  ])('%s is refused', (_, text, message) => {
    expect(() => melodyFromPitchTier(Buffer.from(text))).toThrow(InputError);
    expect(() => melodyFromPitchTier(Buffer.from(text))).toThrow(message);
  });

  test('any change to a good file is read or refused with an InputError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('long', 'short', 'binary'),
        fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 6 }),
        fc.nat(600),
        (kind, changes, length) => {
          const bytes = Uint8Array.from(fixture(kind).subarray(0, length));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          try {
            melodyFromPitchTier(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});
