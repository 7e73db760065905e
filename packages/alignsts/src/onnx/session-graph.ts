import type { Graph, GraphTensor } from './graph.ts';

/** What both builds of onnxruntime have in common, so that node.ts and web.ts differ only in how a session is made. */
type RuntimeTensor = { readonly data: unknown; readonly dims: readonly number[]; dispose(): void };

type RuntimeSession<T extends RuntimeTensor> = {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, T>): Promise<Readonly<Record<string, RuntimeTensor>>>;
  release(): Promise<void>;
};

export function sessionGraph<T extends RuntimeTensor>(
  session: RuntimeSession<T>,
  makeTensor: (data: GraphTensor['data'], shape: readonly number[]) => T,
): Graph {
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(inputs) {
      const feeds: Record<string, T> = {};
      for (const name of session.inputNames) {
        const input = inputs[name];
        if (input === undefined) throw new Error(`The graph needs the input ${name}; it got ${Object.keys(inputs).join(', ') || 'none'}.`);
        const size = input.shape.reduce((product, length) => product * length, 1);
        if (size !== input.data.length) throw new Error(`Input ${name} has ${input.data.length} numbers for the shape [${input.shape}].`);
        feeds[name] = makeTensor(input.data, input.shape);
      }
      const results = await session.run(feeds);
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, { data: tensor.data as GraphTensor['data'], shape: tensor.dims }]),
      );
    },
    close: () => session.release(),
  };
}
