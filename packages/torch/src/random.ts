/** Seeded random generators: libtorch's default ones, and generators of one's own to pass to operators. */
import { type Device, deviceCode } from './dtype.ts';
import { nativeAddon } from './libtorch.ts';
import { adopt, type Tensor } from './tensor.ts';

const registry = new FinalizationRegistry<number>((handle) => nativeAddon().freeGenerator(handle));

/** A stream of random numbers that an operator draws from: `randn([3], { generator })`. */
export class Generator {
  readonly handle: number;

  constructor(handle: number) {
    this.handle = handle;
    registry.register(this, handle);
  }

  /** The state as a byte tensor, to store in a checkpoint. */
  getState(): Tensor {
    return adopt(nativeAddon().generatorState(this.handle, 0, -1));
  }

  setState(state: Tensor): void {
    nativeAddon().setGeneratorState(this.handle, 0, -1, state.handle);
  }
}

/** A generator of its own: same seed, device and libtorch give the same numbers. */
export function createGenerator(seed: number, device: Device = 'cpu'): Generator {
  const { kind, index } = deviceCode(device)!;
  return new Generator(nativeAddon().createGenerator(kind, index, seed));
}

/** Seeds the default generators of the CPU and of every GPU. */
export function manualSeed(seed: number): void {
  nativeAddon().manualSeed(seed);
}

/** The state of a device's default generator, as a byte tensor. */
export function getRandomState(device: Device = 'cpu'): Tensor {
  const { kind, index } = deviceCode(device)!;
  return adopt(nativeAddon().generatorState(0, kind, index));
}

export function setRandomState(state: Tensor, device: Device = 'cpu'): void {
  const { kind, index } = deviceCode(device)!;
  nativeAddon().setGeneratorState(0, kind, index, state.handle);
}
