import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkModel, refuseForeignParts } from './guard.ts';
import { writeModel } from './model-file.ts';
import { writeMessage } from './protobuf.ts';
import { createRecorder } from './recorder.ts';

function sample(): Uint8Array {
  const recorder = createRecorder();
  const x = recorder.input('x', 'float32', ['B', 3]);
  recorder.output('y', recorder.ops.linear(x, recorder.weight('w', Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])));
  return writeModel(recorder.graph('sample'));
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('bytes with the promised hash pass, in either spelling', async () => {
  const bytes = sample();
  await expect(checkModel(bytes, { sha256: digest(bytes) })).resolves.toBeUndefined();
  await expect(checkModel(bytes, { sha256: digest(bytes).toUpperCase() })).resolves.toBeUndefined();
});

test('one flipped bit is refused with both hashes in the message', async () => {
  const bytes = sample();
  const promised = digest(bytes);
  bytes[40]! ^= 1;
  await expect(checkModel(bytes, { sha256: promised })).rejects.toThrow(`${digest(bytes)}, but ${promised} is expected`);
});

/** A model whose only content is what `graph` writes. */
const withGraph = (graph: Parameters<typeof writeMessage>[0]): Uint8Array => writeMessage((model) => model.message(7, graph));

test.each([
  [
    'a tensor in another file',
    (graph: Parameters<Parameters<typeof writeMessage>[0]>[0]) =>
      graph.message(5, (tensor) => tensor.message(13, (entry) => entry.text(1, 'location'))),
  ],
  ['a tensor marked as elsewhere', (graph) => graph.message(5, (tensor) => tensor.integer(14, 1))],
  [
    "the same inside a node's attribute",
    (graph) => graph.message(1, (node) => node.message(5, (attribute) => attribute.message(5, (tensor) => tensor.integer(14, 1)))),
  ],
  [
    'the same inside a branch of an If',
    (graph) =>
      graph.message(1, (node) =>
        node.message(5, (attribute) => attribute.message(6, (inner) => inner.message(5, (tensor) => tensor.integer(14, 1)))),
      ),
  ],
  ['a sparse tensor', (graph) => graph.message(15, () => undefined)],
] satisfies [string, Parameters<typeof writeMessage>[0]][])('%s is refused', (_, graph) => {
  expect(() => refuseForeignParts(withGraph(graph))).toThrow(/other files|sparse/);
});

test('operators of unknown makers are refused', () => {
  const bytes = writeMessage((model) => {
    model.message(7, () => undefined);
    model.message(8, (opset) => opset.text(1, 'evil.example'));
  });
  expect(() => refuseForeignParts(bytes)).toThrow('"evil.example"');
});

test('damaged bytes give a sentence, never a crash', () => {
  const bytes = sample();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.nat(bytes.length),
      (changes, cut) => {
        const damaged = bytes.slice(0, cut);
        for (const [at, value] of changes) if (at < cut) damaged[at] = value;
        try {
          refuseForeignParts(damaged);
        } catch (error) {
          expect((error as Error).name).toBe('InputError');
        }
      },
    ),
    { seed: 2, numRuns: 300 },
  );
});
