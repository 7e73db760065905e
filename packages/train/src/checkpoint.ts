import { InputError } from '@alignsts/signal';
import { dataToFloat32, readSafetensors, type TensorData, writeSafetensors } from '@alignsts/torch';
import { type Config, type FloatArray, namedLeaves, readConfig } from 'alignsts/model';

/**
 * A trained model in one safetensors file: the weights under their names, buffers (the quantiser's averages) under "buffer.", and as
 * metadata the whole configuration, how many updates were made, and which weights these are. Reading one needs no libtorch and runs nothing.
 */
export type Checkpoint = {
  config: Config;
  updates: number;
  /** Weights by name. */
  weights: Record<string, FloatArray>;
  buffers: Record<string, FloatArray>;
};

const BUFFER = 'buffer.';

export function writeCheckpoint(checkpoint: {
  config: Config;
  updates: number;
  weights: unknown;
  buffers: Record<string, FloatArray>;
}): Uint8Array {
  const { config, updates, weights, buffers } = checkpoint;
  const tensors: Record<string, TensorData> = {};
  const put = (name: string, { shape, data }: FloatArray): void => {
    tensors[name] = { dtype: 'float32', shape: [...shape], bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  };
  for (const { name, leaf } of namedLeaves<FloatArray>(weights)) put(name, leaf);
  for (const [name, value] of Object.entries(buffers)) put(BUFFER + name, value);
  return writeSafetensors(tensors, { format: 'alignsts-1', config: JSON.stringify(config), updates: String(updates) });
}

/** @throws InputError when the file is none of ours. */
export function readCheckpoint(bytes: Uint8Array, path: string): Checkpoint {
  let file: ReturnType<typeof readSafetensors>;
  try {
    file = readSafetensors(bytes);
  } catch (cause) {
    throw new InputError(
      `${path}: ${cause instanceof Error ? cause.message : String(cause)}. A checkpoint written by alignsts train is needed.`,
    );
  }
  const { format, config, updates } = file.metadata;
  if (format !== 'alignsts-1' || config === undefined) {
    throw new InputError(`${path} is a safetensors file, but not a checkpoint of alignsts (its format is ${format ?? 'not named'}).`);
  }
  const weights: Checkpoint['weights'] = {};
  const buffers: Checkpoint['buffers'] = {};
  for (const [name, tensor] of Object.entries(file.tensors)) {
    const value = { shape: tensor.shape, data: dataToFloat32(tensor) };
    if (name.startsWith(BUFFER)) buffers[name.slice(BUFFER.length)] = value;
    else weights[name] = value;
  }
  return { config: readConfig(JSON.parse(config), `${path} (its configuration)`), updates: Number(updates), weights, buffers };
}
