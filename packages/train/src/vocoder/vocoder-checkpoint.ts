import { existsSync } from 'node:fs';
import * as torch from '@alignsts/torch';
import type { VocoderConfig } from 'alignsts/vocoder';
import type { FlatLayout } from '../flat-params.ts';
import type { Player, VocoderTrainer } from './vocoder-step.ts';

/**
 * Two kinds of safetensors files: a checkpoint, from which a run goes on as if it had not stopped (flat float32 state of both optimisers), and weights by
 * name in half precision, for export or as the start of another run.
 */
export type VocoderProgress = { updates: number; adversarialUpdates: number; seconds: number };

const PARTS = ['params', 'average', 'first', 'second', 'updates'] as const;

export async function saveVocoderCheckpoint(
  path: string,
  trainer: VocoderTrainer,
  config: VocoderConfig,
  progress: VocoderProgress,
): Promise<void> {
  const tensors: Record<string, torch.Tensor> = {};
  for (const name of ['generator', 'judges'] as const) {
    for (const part of PARTS) tensors[`${name}.${part}`] = torch.detach(trainer[name].optimizer[part]);
  }
  await torch.saveSafetensors(path, tensors, { config: JSON.stringify(config), progress: JSON.stringify(progress) });
}

/** Puts a run back to where its checkpoint was written; undefined where there is none. @throws Error when the networks' sizes differ. */
export async function loadVocoderCheckpoint(
  path: string,
  trainer: VocoderTrainer,
  device: torch.Device,
): Promise<VocoderProgress | undefined> {
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = await torch.loadSafetensors(path, device);
  torch.noGrad(() => {
    for (const name of ['generator', 'judges'] as const) {
      for (const part of PARTS) {
        const stored = tensors[`${name}.${part}`];
        const own = trainer[name].optimizer[part];
        if (stored === undefined || String(stored.shape) !== String(own.shape)) {
          throw new Error(
            `the checkpoint ${path} holds another network: ${name}.${part} is [${stored?.shape}], this run needs [${own.shape}]`,
          );
        }
        torch.copy_(torch.detach(own), stored);
      }
    }
  });
  return JSON.parse(metadata['progress'] ?? '{}') as VocoderProgress;
}

/** Weights by name, of one player. */
export async function saveVocoderWeights<P>(
  path: string,
  { layout, optimizer }: Player<P>,
  which: 'average' | 'params',
  config: VocoderConfig,
  progress: VocoderProgress,
): Promise<void> {
  const metadata = { config: JSON.stringify(config), progress: JSON.stringify(progress) };
  await torch.scope(() => torch.noGrad(() => namedHalves(layout, optimizer[which]))).save(path, metadata);
}

function namedHalves(layout: FlatLayout, flat: torch.Tensor) {
  const tensors = Object.fromEntries(
    layout.parts.map(({ name, shape, offset, size }) => [
      name,
      torch.toTensorData(torch.to(torch.reshape(torch.narrow(torch.detach(flat), 0, offset, size), shape), { dtype: 'float16' })),
    ]),
  );
  return { save: (path: string, metadata: Record<string, string>) => torch.saveSafetensors(path, tensors, metadata) };
}
