/** GPUs: what they are, their memory, waiting for them, streams and timing events. Every function but `deviceCount` throws where there is none. */
import type { Device } from './dtype.ts';
import { deviceCode } from './dtype.ts';
import { type Native, nativeAddon } from './libtorch.ts';

/** Number of GPUs that this libtorch can use; 0 without a driver or in a CPU build. */
export function deviceCount(): number {
  return nativeAddon().cudaDeviceCount();
}

/** Name, memory in bytes, multiprocessors and compute capability. */
export function properties(device: Device = 'cuda'): { name: string; totalMemory: number; multiprocessors: number; capability: string } {
  return gpu().cudaProperties(indexOf(device));
}

/** Makes a GPU the one that 'cuda' means. */
export function setDevice(device: Device): void {
  gpu().cudaSetDevice(indexOf(device));
}

/** Waits until the GPU has done everything it was given. */
export function synchronize(device: Device = 'cuda'): void {
  gpu().cudaSynchronize(indexOf(device));
}

/** Bytes that tensors take and that libtorch's allocator holds, now and at most since the last reset. */
export function memoryStats(device: Device = 'cuda'): { allocated: number; peakAllocated: number; reserved: number; peakReserved: number } {
  return gpu().cudaMemory(indexOf(device));
}

export function resetPeakMemory(device: Device = 'cuda'): void {
  gpu().cudaResetPeakMemory(indexOf(device));
}

/** Gives unused memory of libtorch's allocator back to the driver. */
export function emptyCache(): void {
  gpu().cudaEmptyCache();
}

/** A queue of GPU work; work of different streams may overlap. */
export class Stream {
  readonly handle: number;

  constructor(device: Device = 'cuda') {
    this.handle = gpu().cudaStream(indexOf(device));
  }

  /** Waits until the stream is done. */
  synchronize(): void {
    gpu().cudaStreamSynchronize(this.handle);
  }

  /** Runs `body` with its GPU work queued here. */
  run<T>(body: () => T): T {
    const native = gpu();
    const before = native.cudaCurrentStream(-1);
    native.cudaUseStream(this.handle);
    try {
      return body();
    } finally {
      native.cudaUseStream(before);
      native.cudaFreeStream(before);
    }
  }
}

/** A point in a stream: to wait for, or to measure between. */
export class Event {
  readonly handle: number;

  constructor() {
    this.handle = gpu().cudaEvent();
    events.register(this, this.handle);
  }

  /** Marks this point of the current stream. */
  record(): this {
    gpu().cudaRecordEvent(this.handle);
    return this;
  }

  /** Lets later work of the current stream wait for the point. */
  wait(): void {
    gpu().cudaWaitEvent(this.handle);
  }

  /** Milliseconds on the GPU from this point to `end`; waits for `end`. */
  millisecondsTo(end: Event): number {
    return gpu().cudaElapsed(this.handle, end.handle);
  }
}

const events = new FinalizationRegistry<number>((handle) => gpu().cudaFreeEvent(handle));

/** The addon, if it can reach a GPU. */
export function gpu(): Native {
  const native = nativeAddon();
  if (native.cudaDeviceCount() === 0) {
    throw new Error(
      native.build().cuda
        ? 'libtorch sees no GPU here: check the driver with nvidia-smi'
        : 'this libtorch was built without CUDA: install a CUDA build of PyTorch and set TORCH_HOME to it',
    );
  }
  return native;
}

function indexOf(device: Device): number {
  const code = deviceCode(device);
  if (code?.kind !== 1) throw new Error(`expected a GPU ('cuda' or 'cuda:0'), got '${device}'`);
  return code.index;
}
