/** How libtorch computes: threads of the CPU, precision and determinism of the GPU. */
import { nativeAddon } from './libtorch.ts';

/** Threads that one operator may use on the CPU. */
export function getThreads(): number {
  return nativeAddon().threads();
}

export function setThreads(count: number): void {
  nativeAddon().setThreads(count);
}

export type TorchSettings = {
  /** float32 products on tensor cores with 10-bit fractions: several times faster, fine for training. Libtorch's default is off for matrix products. */
  tf32?: boolean;
  /** Let cuDNN measure its convolution algorithms for each new shape. For fixed shapes. */
  cudnnBenchmark?: boolean;
  /** Same bits each run, or an error from operators that cannot. */
  deterministic?: boolean;
};

export function configureTorch(settings: TorchSettings): void {
  const native = nativeAddon();
  for (const [name, on] of Object.entries(settings)) native.setOption(name, on);
}
