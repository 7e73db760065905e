import { createRandom } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import type { VocoderConfig } from 'alignsts/vocoder';
import type { VocoderDataset } from './dataset.ts';
import { loadVocoderCheckpoint, saveVocoderCheckpoint, type VocoderProgress } from './vocoder-checkpoint.ts';
import { createVocoderTrainer, type VocoderTrainer } from './vocoder-step.ts';

/**
 * The recipe: spectral loss alone for the first quarter, then with discriminators; rates on a cosine over the whole planned time. Progress is counted in
 * seconds of training, because machines are lent by the minute; a run may be cut into pieces anywhere.
 */
export type TrainVocoderOptions = {
  device: torch.Device;
  /** Seconds to train now. */
  seconds: number;
  /** Seconds that the whole run shall take, all pieces together. */
  planned: number;
  /** Where the checkpoint lies or shall lie. */
  checkpoint: string;
  /** Held-out clips for the validation loss. */
  validation?: VocoderDataset;
  /** Seconds between two reports. */
  every?: number;
  onReport?: (report: VocoderReport) => void;
  /** After each checkpoint, once a minute and at the end: the moment to write weights for use. */
  onCheckpoint?: (trainer: VocoderTrainer, progress: VocoderProgress) => Promise<void>;
};

export type VocoderReport = VocoderProgress & {
  rate: number;
  perSecond: number;
  losses: Record<string, number>;
  validation?: Record<string, number>;
};

export async function trainVocoder(
  config: VocoderConfig,
  data: VocoderDataset,
  options: TrainVocoderOptions,
): Promise<{ trainer: VocoderTrainer; progress: VocoderProgress }> {
  const { device, seconds, planned, checkpoint, validation, every = 10, onReport, onCheckpoint } = options;
  const { training } = config;
  const trainer = createVocoderTrainer(config, data, device);
  const progress = (await loadVocoderCheckpoint(checkpoint, trainer, device)) ?? { updates: 0, adversarialUpdates: 0, seconds: 0 };
  const random = createRandom(training.seed + progress.updates);
  const validationDraws = validation?.draw(createRandom(1), training.items);
  const validator = validation && createValidator(config, validation, trainer, device);
  const before = progress.seconds;
  const started = Date.now();
  let lastReport = started;
  let lastSave = started;
  let reported = progress.updates;

  for (;;) {
    progress.seconds = before + (Date.now() - started) / 1000;
    if (progress.seconds - before >= seconds) break;
    const share = Math.min(1, progress.seconds / planned);
    const adversarial = share >= training.warmup;
    const fall = training.lastRate + (1 - training.lastRate) * 0.5 * (1 + Math.cos(Math.PI * share));
    const rise = (updates: number): number => Math.min(1, (updates + 1) / training.rise);
    const rate = training.rate * fall * rise(progress.updates);
    trainer.setRates(rate, training.discriminatorRate * fall * rise(progress.adversarialUpdates));
    const report = trainer.update(data.draw(random, training.items), adversarial);
    progress.updates++;
    if (adversarial) progress.adversarialUpdates++;
    // the host runs ahead of the device; reading a loss now and then keeps the two together
    if (progress.updates % 10 === 0) report['logMagnitude']!.item();
    const now = Date.now();
    if (now - lastReport > every * 1000) {
      const losses = Object.fromEntries(Object.entries(report).map(([name, value]) => [name, value.item() as number]));
      const perSecond = ((progress.updates - reported) * 1000) / (now - lastReport);
      onReport?.({
        ...progress,
        rate,
        perSecond,
        losses,
        ...(trainer.remarks.length > 0 && { remarks: trainer.remarks }),
        ...(validator && { validation: validator(validationDraws!) }),
      });
      if (Object.values(losses).some((loss) => !Number.isFinite(loss))) {
        throw new Error(`the losses are no longer finite after ${progress.updates} updates: ${JSON.stringify(losses)}`);
      }
      [lastReport, reported] = [now, progress.updates];
    }
    if (now - lastSave > 60_000) {
      await save();
      lastSave = Date.now();
    }
  }
  await save();
  return { trainer, progress };

  async function save(): Promise<void> {
    await saveVocoderCheckpoint(checkpoint, trainer, config, progress);
    await onCheckpoint?.(trainer, progress);
  }
}

/** The validation clips lie in tables of their own, so they get a step of their own that shares the weights. */
function createValidator(
  config: VocoderConfig,
  data: VocoderDataset,
  { generator }: VocoderTrainer,
  device: torch.Device,
): (draws: ReturnType<VocoderDataset['draw']>) => Record<string, number> {
  const own = createVocoderTrainer(config, data, device);
  return (draws) => {
    torch.noGrad(() => torch.copy_(own.generator.optimizer.average, generator.optimizer.average));
    return own.evaluate(draws);
  };
}
