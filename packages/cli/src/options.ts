/**
 * Options as a table: one entry gives the parsing, the type of the value, the range check, the default and the line in `--help`.
 * Accepted on the command line: `--name value`, `--name=value`, `-n value`, `-nvalue`, flags bundled as `-yq`, `--` before operands
 * that begin with a dash, and `-` as an operand or value for standard input or output.
 */
import { parseArgs } from 'node:util';
import { InputError } from '@alignsts/signal';
import { closestWord } from './closest-word.ts';

export type Option<T> = {
  short?: string;
  /** What stands for the value in `--help`; absent for flags. */
  placeholder?: string;
  about: string;
  /** Shown in `--help`; `fallback` is the value itself. */
  defaultText?: string;
  fallback: T;
  /** Turns the text into the value, or says what would be allowed. */
  read: (text: string, name: string) => T;
};

// biome-ignore lint/suspicious/noExplicitAny: a table holds options of different value types; Values<> recovers each one
export type OptionTable = Record<string, Option<any>>;

export type Values<Table extends OptionTable> = { [Key in keyof Table]: Table[Key] extends Option<infer T> ? T : never };

export type Parsed<Table extends OptionTable> = {
  values: Values<Table>;
  /** The options that were written on the command line, as opposed to left at their default. */
  given: Set<keyof Table & string>;
  operands: string[];
};

type Shape<T> = { short?: string; default?: T };

/** A switch: on when written. */
export function flag(about: string, { short }: { short?: string } = {}): Option<boolean> {
  return { about, fallback: false, read: () => true, ...(short && { short }) };
}

export function text(placeholder: string, about: string, shape: Shape<string> & { default: string }): Option<string>;
export function text(placeholder: string, about: string, shape?: { short?: string }): Option<string | undefined>;
export function text(placeholder: string, about: string, shape: Shape<string> = {}): Option<string | undefined> {
  return option(placeholder, about, shape, (value, name) => {
    if (value === '') throw new InputError(`${name} needs a ${placeholder}, and got nothing.`);
    return value;
  });
}

type Range = { min?: number; max?: number; whole?: boolean };

export function number(placeholder: string, about: string, shape: Shape<number> & Range & { default: number }): Option<number>;
export function number(placeholder: string, about: string, shape?: { short?: string } & Range): Option<number | undefined>;
export function number(placeholder: string, about: string, shape: Shape<number> & Range = {}): Option<number | undefined> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, whole = false } = shape;
  const allowed = `${whole ? 'a whole number' : 'a number'}${rangeText(min, max)}`;
  return option(placeholder, about, shape, (value, name) => {
    const parsed = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (!(parsed >= min && parsed <= max) || (whole && !Number.isInteger(parsed))) {
      throw new InputError(`${name} is '${value}' but has to be ${allowed}.`);
    }
    return parsed;
  });
}

export function choice<const T extends string>(values: readonly T[], about: string, shape: Shape<T> & { default: T }): Option<T> {
  return option(values.join('|'), about, shape, (value, name) => {
    const found = values.find((allowed) => allowed === value);
    if (found === undefined) throw new InputError(`${name} is '${value}' but has to be one of ${values.join(', ')}.`);
    return found;
  }) as Option<T>;
}

/** @example kebab('repairOctaves') // 'repair-octaves' */
export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

/**
 * Reads the words after the command's name.
 * @param helpCall what to type for the list of options, named in the errors
 * @throws InputError naming the word, what is allowed and, for a misspelling, what was probably meant
 */
export function parseOptions<Table extends OptionTable>(words: readonly string[], table: Table, helpCall: string): Parsed<Table> {
  const keyOfName = new Map<string, keyof Table & string>();
  const keyOfShort = new Map<string, keyof Table & string>();
  for (const [key, { short }] of Object.entries(table)) {
    keyOfName.set(kebab(key), key);
    if (short) keyOfShort.set(short, key);
  }
  const { tokens } = parseArgs({
    args: [...words],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(table).map(([key, { short, placeholder }]) => [
        kebab(key),
        { type: placeholder ? 'string' : 'boolean', ...(short && { short }) },
      ]),
    ),
  });

  const values: Record<string, unknown> = Object.fromEntries(Object.entries(table).map(([key, { fallback }]) => [key, fallback]));
  const given = new Set<keyof Table & string>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const key = token.rawName.startsWith('--') ? keyOfName.get(token.name) : keyOfShort.get(token.rawName.slice(1));
    if (key === undefined) throw unknownOption(token.rawName, [...keyOfName.keys()], helpCall);
    const { placeholder, read } = table[key]!;
    if (!placeholder && token.value !== undefined) {
      throw new InputError(`${token.rawName} is a switch and takes no value, but got '${token.value}'.`);
    }
    if (placeholder && (token.value === undefined || swallowedOption(token, keyOfName, keyOfShort))) {
      throw new InputError(`${token.rawName} needs a value: ${token.rawName} ${placeholder}.`);
    }
    values[key] = read(token.value ?? '', token.rawName);
    given.add(key);
  }
  return { values: values as Values<Table>, given, operands };
}

function option<T>(placeholder: string, about: string, shape: Shape<T>, read: Option<T>['read']): Option<T | undefined> {
  return {
    placeholder,
    about,
    fallback: shape.default,
    read,
    ...(shape.short && { short: shape.short }),
    ...(shape.default !== undefined && { defaultText: String(shape.default) }),
  };
}

function rangeText(min: number, max: number): string {
  if (Number.isFinite(min) && Number.isFinite(max)) return ` from ${min} to ${max}`;
  if (Number.isFinite(min)) return ` not below ${min}`;
  return Number.isFinite(max) ? ` not above ${max}` : '';
}

/** `-o -y`: the next option was taken for the value. A negative number or a lone dash is a value. */
function swallowedOption(
  token: { value?: string | undefined; inlineValue?: boolean | undefined },
  names: Map<string, string>,
  shorts: Map<string, string>,
): boolean {
  const value = token.value ?? '';
  if (token.inlineValue || !value.startsWith('-') || value === '-') return false;
  return value.startsWith('--') ? names.has(value.slice(2).split('=')[0]!) : shorts.has(value[1]!);
}

function unknownOption(written: string, names: string[], helpCall: string): InputError {
  const meant = written.startsWith('--') ? closestWord(written.slice(2), names) : undefined;
  return new InputError(`There is no option ${written}. ${meant ? `Did you mean --${meant}? ` : ''}\`${helpCall}\` lists all options.`);
}
