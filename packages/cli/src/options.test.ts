import { InputError } from '@alignsts/signal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choice, flag, kebab, number, parseOptions, text } from './options.ts';

const table = {
  out: text('FILE', 'where to', { short: 'o' }),
  transpose: number('SEMITONES', 'shift', { short: 'k', min: -48, max: 48, default: 0 }),
  seed: number('N', 'seed', { whole: true, min: 0, default: 1 }),
  engine: choice(['auto', 'template', 'model'], 'engine', { default: 'auto' }),
  repairOctaves: flag('repair'),
  yes: flag('overwrite', { short: 'y' }),
  quiet: flag('quiet', { short: 'q' }),
};
const parse = (...words: string[]) => parseOptions(words, table, 'alignsts sing --help');
const complaint = (...words: string[]): string => {
  try {
    parse(...words);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return 'accepted';
};

test('long, short, joined and bundled spellings mean the same', () => {
  for (const words of [
    ['--out', 'a.wav', '--transpose', '-3', '--yes', '--quiet'],
    ['--out=a.wav', '--transpose=-3', '-yq'],
    ['-o', 'a.wav', '-k', '-3', '-y', '-q'],
    ['-oa.wav', '-k-3', '-qy'],
  ]) {
    expect(parse(...words).values).toMatchObject({ out: 'a.wav', transpose: -3, yes: true, quiet: true });
  }
});

test('defaults stand in for what is not written, and `given` tells the two apart', () => {
  const { values, given, operands } = parse('in.wav', '--seed', '1', '-', '--', '--odd-name.wav');
  expect(values).toEqual({ out: undefined, transpose: 0, seed: 1, engine: 'auto', repairOctaves: false, yes: false, quiet: false });
  expect([...given]).toEqual(['seed']);
  expect(operands).toEqual(['in.wav', '-', '--odd-name.wav']);
});

test('a lone dash and a negative number are values, another option is not', () => {
  expect(parse('-o', '-').values.out).toBe('-');
  expect(parse('-k', '-.5').values.transpose).toBe(-0.5);
  expect(complaint('-o', '-y')).toBe('-o needs a value: -o FILE.');
  expect(complaint('--out', '--repair-octaves')).toBe('--out needs a value: --out FILE.');
  expect(complaint('--out')).toBe('--out needs a value: --out FILE.');
  expect(complaint('--out=')).toBe('--out needs a FILE, and got nothing.');
});

test('a wrong value is named together with what is allowed', () => {
  expect(complaint('-k', 'three')).toBe("-k is 'three' but has to be a number from -48 to 48.");
  expect(complaint('--transpose=49')).toBe("--transpose is '49' but has to be a number from -48 to 48.");
  expect(complaint('--transpose=NaN')).toContain('has to be a number');
  expect(complaint('--transpose=0x10')).toContain('has to be a number');
  expect(complaint('--seed=1.5')).toBe("--seed is '1.5' but has to be a whole number not below 0.");
  expect(complaint('--engine', 'modle')).toBe("--engine is 'modle' but has to be one of auto, template, model.");
  expect(complaint('--yes=no')).toBe("--yes is a switch and takes no value, but got 'no'.");
});

test('an unknown option is answered with the nearest known one', () => {
  expect(complaint('--repair-octave')).toBe(
    'There is no option --repair-octave. Did you mean --repair-octaves? `alignsts sing --help` lists all options.',
  );
  expect(complaint('--zzz')).toBe('There is no option --zzz. `alignsts sing --help` lists all options.');
  expect(complaint('-x')).toBe('There is no option -x. `alignsts sing --help` lists all options.');
  expect(complaint('--constructor')).toContain('There is no option --constructor.');
});

test('every number in range survives the way through the command line', () => {
  fc.assert(
    fc.property(fc.double({ min: -48, max: 48, noNaN: true }), fc.boolean(), (value, joined) => {
      const words = joined ? [`--transpose=${value}`] : ['-k', String(value)];
      // -0 is read as -0, which equals 0 here
      expect(parse(...words).values.transpose === value).toBe(true);
    }),
  );
});

test('whatever is typed, the answer is values or an InputError', () => {
  const word = fc.oneof(fc.string(), fc.constantFrom('-', '--', '-o', '--seed', '--engine=', '-k', '--yes', '-yq'));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      const message = complaint(...words);
      expect(message.length).toBeGreaterThan(0);
    }),
  );
});

test('keys become words with dashes', () => {
  expect(kebab('repairOctaves')).toBe('repair-octaves');
  expect(kebab('seed')).toBe('seed');
});
