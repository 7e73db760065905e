/** Every typed operator against values and gradients of PyTorch itself (fixtures/make/torch-operators.py), and gradients against differences. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { operators } from '../scripts/operators.mjs';
import {
  call,
  grad,
  hasOperator,
  noGrad,
  type Result,
  schemaOf,
  scope,
  Tensor,
  toFloat32Array,
  toTypedArray,
  type Value,
} from '../src/index.ts';
import { type HashedSpec, hashed, uniform } from './support/hashed.ts';
import { since, torchTest } from './support/torch-test.ts';

type Spec = HashedSpec | number | boolean | string | null | Spec[];
type Case = {
  op: string;
  args: Spec[];
  smooth: boolean;
  since?: string;
  outputs: ({ shape: number[]; values: number[] } | number | boolean)[];
  gradients?: (number[] | null)[];
};

const cases = JSON.parse(readFileSync(new URL('../../../fixtures/torch/operators.json', import.meta.url), 'utf8')) as Case[];
const titles = cases.map((entry, i) => `${entry.op} (case ${i})`);

// float32 sums of up to a few hundred products: 2^-24 relative, times the square root of their number, times a few layers
const FORWARD = { atol: 2e-6, rtol: 5e-6 };
const BACKWARD = { atol: 5e-6, rtol: 2e-5 };

describe('operators give the values and gradients of PyTorch', () => {
  for (const [i, entry] of cases.entries()) {
    torchTest.skipIf(!since(entry.since))(titles[i]!, () => {
      scope(() => {
        const { args, inputs, written } = build(entry.args, 'float32');
        const result = call(entry.op, ...args);
        const outputs = result === null ? written : leaves(result);
        expect(outputs).toHaveLength(entry.outputs.length);
        for (const [k, expected] of entry.outputs.entries()) {
          const output = outputs[k]!;
          if (typeof expected !== 'object') {
            expect(output).toBe(expected);
            continue;
          }
          expect((output as Tensor).shape).toEqual(expected.shape);
          // uninitialised memory has a shape and no values
          if (entry.op !== 'aten::empty_like') expect(numbers(output as Tensor)).toBeAllClose(expected.values, FORWARD);
        }
        if (!entry.gradients) return;
        const gradients = grad(...withCotangents(outputs, 'float32', inputs));
        for (const [k, expected] of entry.gradients.entries()) {
          if (expected === null) expect(gradients[k]).toBeNull();
          else expect(numbers(gradients[k]!)).toBeAllClose(expected, BACKWARD);
        }
      });
    });
  }
});

describe('gradients agree with finite differences', () => {
  for (const [i, entry] of cases.entries()) {
    if (!entry.gradients || !entry.smooth) continue;
    torchTest.skipIf(!since(entry.since))(titles[i]!, () => {
      scope(() => {
        const { args, inputs } = build(entry.args, 'float64');
        const loss = (): { outputs: (Result | Tensor)[]; value: () => number } => {
          const outputs = leaves(call(entry.op, ...args));
          return { outputs, value: () => weightedSum(outputs) };
        };
        const gradients = grad(...withCotangents(loss().outputs, 'float64', inputs));
        for (const [k, input] of inputs.entries()) {
          const analytic = gradients[k] ? toTypedArray(gradients[k]) : new Float64Array(input.numel);
          // a few elements tell: each costs two evaluations
          for (const element of new Set([0, Math.floor(input.numel / 2), input.numel - 1])) {
            const numeric = differentiate(input, element, () => scope(() => loss().value()));
            // central differences in double: truncation h², rounding 1e-16/h, with h = 1e-5
            expect([Number(analytic[element])]).toBeAllClose([numeric], { atol: 1e-7, rtol: 1e-6 });
          }
        }
      });
    });
  }
});

describe('the typed functions', () => {
  const source = readFileSync(new URL('../src/generated/ops.ts', import.meta.url), 'utf8');
  const calls = [...source.matchAll(/const (\w+) = op\('([^']+)'\);/g)].map(([, constant, name]) => {
    const text = new RegExp(`\\b${constant}\\(([^)]*(?:\\(\\w+\\))?[^)]*)\\)`).exec(
      source.slice(source.indexOf(`const ${constant} =`) + 10),
    )![1]!;
    return { name: name!, passed: splitArguments(text) };
  });

  test('cover every operator of the list, and each has a reference case', () => {
    const listed = operators.flatMap(({ op }) => op);
    expect(calls.map(({ name }) => name).sort()).toEqual([...listed].sort());
    const random = /::(empty\.|rand|randn|randint|randperm|bernoulli|normal_|uniform_|multinomial|pin_memory|_fused_adamw_\.tensor_lr)/;
    const referenced = new Set(cases.map(({ op }) => op));
    expect(listed.filter((name) => !referenced.has(name) && !random.test(name))).toEqual([]);
  });

  torchTest('pass their arguments in the order of the schemas of the libtorch in use', () => {
    const wrong: string[] = [];
    for (const { name, passed } of calls) {
      if (!hasOperator(name)) continue;
      const expected = schemaOf(name).arguments.map((argument) => camel(argument.name));
      for (const [i, argument] of passed.entries()) {
        if (argument === 'undefined') continue;
        if (!new RegExp(`\\b${expected[i]}\\b`).test(argument))
          wrong.push(`${name}: argument ${i} is ${argument}, the schema has ${expected[i]}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

function build(specs: readonly Spec[], precision: 'float32' | 'float64'): { args: Value[]; inputs: Tensor[]; written: Tensor[] } {
  const inputs: Tensor[] = [];
  const written: Tensor[] = [];
  const visit = (spec: Spec): Value => {
    if (Array.isArray(spec)) return spec.map(visit);
    if (typeof spec !== 'object' || spec === null) return spec === 'float32' ? precision : spec;
    const made = hashed(spec, precision);
    written.push(made);
    if (spec.grad) inputs.push(made);
    return made;
  };
  return { args: specs.map(visit), inputs, written };
}

/** Arguments of grad(): the outputs that take part, the inputs, and the fixture's fixed cotangents. */
function withCotangents(
  outputs: readonly (Result | Tensor)[],
  precision: 'float32' | 'float64',
  inputs: Tensor[],
): [Tensor[], Tensor[], { gradOutputs: Tensor[]; allowUnused: true }] {
  const taking = outputs.filter((output): output is Tensor => output instanceof Tensor && output.requiresGrad);
  const gradOutputs = taking.map((output, k) => {
    const complex = output.dtype.startsWith('complex');
    return hashed(
      { tensor: output.shape, seed: 1000 + k, lo: -1, hi: 1, dtype: complex ? 'complex64' : 'float32', grad: false },
      precision,
    );
  });
  return [taking, inputs, { gradOutputs, allowUnused: true }];
}

/** Σ cotangent · output, the function whose gradient the cotangents ask for. */
function weightedSum(outputs: readonly (Result | Tensor)[]): number {
  const taking = outputs.filter((output): output is Tensor => output instanceof Tensor && output.requiresGrad);
  let sum = 0;
  for (const [k, output] of taking.entries()) {
    const values = numbers(output);
    // the cotangents are float32 numbers
    const weights = uniform(values.length, 1000 + k).map((u) => Math.fround(2 * u - 1));
    for (const [i, value] of values.entries()) sum += weights[i]! * value;
  }
  return sum;
}

function differentiate(input: Tensor, element: number, value: () => number): number {
  const step = 1e-5;
  const flat = call('aten::view', call('aten::detach', input) as Tensor, [-1]) as Tensor;
  const at = call('aten::select.int', flat, 0, element) as Tensor;
  const shifted = (by: number): number => {
    noGrad(() => call('aten::add_.Scalar', at, by));
    return value();
  };
  const above = shifted(step);
  const below = shifted(-2 * step);
  noGrad(() => call('aten::add_.Scalar', at, step));
  return (above - below) / (2 * step);
}

function leaves(result: Result): (Result | Tensor)[] {
  return Array.isArray(result) ? result.flatMap(leaves) : [result];
}

function numbers(tensor: Tensor): Float64Array | Float32Array {
  const real = tensor.dtype.startsWith('complex') ? (call('aten::view_as_real', tensor) as Tensor) : tensor;
  return real.dtype === 'float64' ? (toTypedArray(real) as Float64Array) : toFloat32Array(real);
}

function splitArguments(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter(Boolean);
}

function camel(name: string): string {
  return name.replace(/^_+|_+$/g, '').replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
