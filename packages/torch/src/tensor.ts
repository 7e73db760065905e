/**
 * A tensor: a small JS object that holds a libtorch tensor by number. Its memory goes when its scope ends (scope.ts), when free() is
 * called, or, as the net below, some time after the garbage collector has found it unreachable.
 */
import { type Device, type DType, deviceOfCode, dtypeOfCode } from './dtype.ts';
import { link, nativeAddon } from './libtorch.ts';

export class Tensor {
  /** The addon's number for this tensor. */
  readonly handle: number;
  /** Set by keep(): the tensor outlives every scope. */
  kept = false;

  /** Tensors are made by operators and `fromTypedArray`; only this package calls this. */
  constructor(handle: number) {
    this.handle = handle;
  }

  get shape(): number[] {
    const wire = describe(this);
    const rank = wire[5]!;
    const shape: number[] = [];
    for (let i = 0; i < rank; i++) shape.push(wire[6 + i]!);
    return shape;
  }

  /** Elements between neighbours along each dimension. */
  get strides(): number[] {
    const capacity = nativeAddon().strides(this.handle);
    const wire = currentWire(capacity);
    return Array.from(wire.subarray(1, 1 + wire[0]!));
  }

  get dtype(): DType {
    return dtypeOfCode(describe(this)[0]!);
  }

  get device(): Device {
    const wire = describe(this);
    return deviceOfCode(wire[1]!, wire[2]!);
  }

  get rank(): number {
    return describe(this)[5]!;
  }

  /** Number of elements. */
  get numel(): number {
    const wire = describe(this);
    let count = 1;
    for (let i = 0; i < wire[5]!; i++) count *= wire[6 + i]!;
    return count;
  }

  get requiresGrad(): boolean {
    return describe(this)[3] === 1;
  }

  /** Only floating tensors can require gradients; a result of recorded operators always does. */
  set requiresGrad(on: boolean) {
    nativeAddon().setRequiresGrad(this.handle, on);
  }

  /** True for what was made by the user, or by operators that recorded nothing. */
  get isLeaf(): boolean {
    return describe(this)[4] === 1;
  }

  /** The gradient that `backward` has accumulated here, or null. */
  get grad(): Tensor | null {
    nativeAddon().gradient(this.handle);
    return link.wire[0] === 0 ? null : adopt(link.wire[1]!);
  }

  set grad(gradient: Tensor | null) {
    nativeAddon().setGradient(this.handle, gradient ? gradient.handle : null);
  }

  /** The one element's value. Waits for the device. */
  item(): number {
    return Number(nativeAddon().item(this.handle));
  }

  /** Gives the memory back now. Using the tensor afterwards is an error; freeing it twice is not. */
  free(): void {
    freeAll([this]);
  }

  toString(): string {
    return `Tensor(${this.dtype} [${this.shape.join(', ')}] on ${this.device})`;
  }
}

// finalizers are only the net below the scopes: they run when the event loop turns, never inside a synchronous loop
const registry = new FinalizationRegistry<number>((handle) => {
  freeHandles([handle]);
});

/** The innermost open scope's tensors; undefined outside every scope. scope.ts opens and closes it. */
export const lifetime: { current: Tensor[] | undefined } = { current: undefined };

/** Wraps a new handle: the innermost scope owns it, or the garbage collector where there is none. */
export function adopt(handle: number): Tensor {
  const tensor = new Tensor(handle);
  if (lifetime.current) lifetime.current.push(tensor);
  else leaveToCollector(tensor);
  return tensor;
}

export function leaveToCollector(tensor: Tensor): void {
  link.native!.account(tensor.handle);
  registry.register(tensor, tensor.handle);
}

export function freeAll(tensors: readonly Tensor[]): void {
  freeHandles(tensors.map((tensor) => tensor.handle));
}

function freeHandles(handles: readonly number[]): void {
  const native = nativeAddon();
  const { wire } = link;
  for (let start = 0; start < handles.length; start += wire.length) {
    const count = Math.min(wire.length, handles.length - start);
    for (let i = 0; i < count; i++) wire[i] = handles[start + i]!;
    native.freeTensors(count);
  }
}

/** The wire, fetched anew where the addon says that it grew. */
export function currentWire(capacity: number): Float64Array {
  if (capacity !== link.wire.length) link.wire = link.native!.wire(0);
  return link.wire;
}

function describe(tensor: Tensor): Float64Array {
  return currentWire(nativeAddon().describe(tensor.handle));
}
