/**
 * Elementwise functions of one's own in a single GPU kernel, where operators would be several that each read and write whole tensors. They are
 * a few lines of CUDA, compiled when first used by libtorch's own run-time compiler.
 */
import { write } from './call.ts';
import { link, nativeAddon } from './libtorch.ts';
import { adopt, currentWire, type Tensor } from './tensor.ts';

export type FusedDefinition = {
  /**
   * A CUDA template of one type T. One output is returned: `template <typename T> T f(T a, T b) { … }`. Several are the last parameters:
   * `template <typename T> void f(T a, T b, T& sum, T& difference) { … }`. Inputs and outputs together are at most 8. T may be bfloat16:
   * compute in float and assign at the end.
   */
  forward: string;
  /** Number of outputs. Default 1. */
  outputs?: number;
  /** Likewise from (gradients of the outputs, inputs) to the gradients of the inputs. */
  backward: string;
  /** The same in operators: what runs on a CPU, and what a test compares with. */
  reference: (...inputs: Tensor[]) => readonly Tensor[];
};

/**
 * Gives the function of GPU tensors that the kernel defines, with its gradient (once differentiable). Inputs broadcast.
 * @example const gate = fusedElementwise({
 *   forward: 'template <typename T> T gate(T a, T b) { return T(tanhf(float(a)) / (1.f + expf(-float(b)))); }', …
 */
export function fusedElementwise(definition: FusedDefinition): (...inputs: Tensor[]) => readonly Tensor[] {
  const { forward, backward, outputs = 1, reference } = definition;
  const names = [nameOf(forward), nameOf(backward)] as const;
  const strings = [forward, names[0], backward, names[1]];
  return (...inputs) => {
    const native = nativeAddon();
    if (!inputs[0]!.device.startsWith('cuda')) return reference(...inputs);
    let position = write(outputs, write(inputs, 0));
    for (const i of strings.keys()) {
      // tag and index of a string, as call.ts writes them
      link.wire[position++] = 4;
      link.wire[position++] = i;
    }
    const wire = currentWire(native.fused(position, strings));
    const results: Tensor[] = [];
    for (let i = 0; i < outputs; i++) results.push(adopt(wire[2 + 2 * i]!));
    return results;
  };
}

function nameOf(code: string): string {
  const name = /^\s*template\s*<\s*typename\s+T\s*>\s*\w+\s+(\w+)\s*\(/.exec(code)?.[1];
  if (!name) throw new Error(`a fused function starts with 'template <typename T> T name(' or '… void name(', got: ${code.slice(0, 60)}`);
  return name;
}
