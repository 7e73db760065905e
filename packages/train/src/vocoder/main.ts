/**
 * The vocoder's recipe as a program of two verbs (bench/gpu/train-vocoder.sh runs them):
 *   prepare <recordings> <clips> [part parts [shifted [skip|only]]]     only: the held-out recordings, for validation
 *   train <config.json> <clips> <state folder> <results folder> <seconds this process may take> <planned seconds of training> [validation clips]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as torch from '@alignsts/torch';
import { parseVocoderConfig } from 'alignsts/vocoder';
import { createVocoderDataset, readClips } from './dataset.ts';
import { prepareClips } from './prepare.ts';
import { trainVocoder, type VocoderReport } from './train-vocoder.ts';
import { saveVocoderWeights, type VocoderProgress } from './vocoder-checkpoint.ts';
import type { Player, VocoderTrainer } from './vocoder-step.ts';

const [verb, ...rest] = process.argv.slice(2);
if (verb === 'prepare') await prepare(rest);
else if (verb === 'train') await train(rest);
else {
  process.stderr.write(
    'usage: prepare <recordings> <clips> [part parts [shifted [skip|only]]] | train <config> <clips> <state> <results> <seconds> <planned> [validation]\n',
  );
  process.exitCode = 2;
}

async function prepare([from, to, part = '0', parts = '1', shifted = '1', heldOut = 'skip']: string[]): Promise<void> {
  const counts = await prepareClips({
    ...{ from: from!, to: to!, part: Number(part), parts: Number(parts), shifted: Number(shifted) },
    heldOut: heldOut === 'only' ? 'only' : 'skip',
  });
  process.stdout.write(`${JSON.stringify(counts)}\n`);
}

async function train([configFile, clips, state, results, seconds, planned, validationClips]: string[]): Promise<void> {
  const config = parseVocoderConfig(JSON.parse(readFileSync(configFile!, 'utf8')));
  mkdirSync(state!, { recursive: true });
  mkdirSync(results!, { recursive: true });
  const { cuda } = torch.loadTorch();
  const device: torch.Device = cuda ? 'cuda' : 'cpu';
  if (cuda) torch.configureTorch({ cudnnBenchmark: true });
  const data = createVocoderDataset(readClips(clips!), config, device);
  process.stdout.write(`${data.clips} clips, ${Math.round(data.seconds / 60)} min on ${device}\n`);
  const validation = validationClips === undefined ? undefined : createVocoderDataset(readClips(validationClips), config, device);

  const logFile = join(results!, `${config.name}-log.json`);
  const log: VocoderReport[] = existsSync(logFile) ? (JSON.parse(readFileSync(logFile, 'utf8')) as VocoderReport[]) : [];
  const { progress } = await trainVocoder(config, data, {
    device,
    // the time that loading took counts
    seconds: Number(seconds) - process.uptime(),
    planned: Number(planned),
    checkpoint: join(state!, `${config.name}-checkpoint.safetensors`),
    ...(validation && { validation }),
    onReport(report) {
      log.push(report);
      writeFileSync(logFile, JSON.stringify(log));
      process.stdout.write(`${JSON.stringify(report)}\n`);
    },
    onCheckpoint: saveWeights,
  });
  process.stdout.write(`done: ${JSON.stringify(progress)}\n`);

  async function saveWeights(trainer: VocoderTrainer, progress: VocoderProgress): Promise<void> {
    const { generator, judges } = trainer;
    const save = <P>(name: string, player: Player<P>, which: 'average' | 'params'): Promise<void> =>
      saveVocoderWeights(join(results!, `${config.name}-${name}.safetensors`), player, which, config, progress);
    await save('generator', generator, 'average');
    await save('generator-last', generator, 'params');
    await save('judges-last', judges, 'params');
  }
}
