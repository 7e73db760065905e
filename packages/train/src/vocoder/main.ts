/**
 * The vocoder's recipe as a program of two verbs (bench/gpu/train-vocoder.sh runs them):
 *   prepare <recordings> <clips> [part parts [shifted]]
 *   train <config.json> <clips> <folder> <seconds> <planned seconds> [validation clips]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as torch from '@alignsts/torch';
import { parseVocoderConfig } from 'alignsts/vocoder';
import { createVocoderDataset, readClips } from './dataset.ts';
import { prepareClips } from './prepare.ts';
import { trainVocoder, type VocoderReport } from './train-vocoder.ts';
import { saveVocoderWeights } from './vocoder-checkpoint.ts';

const [verb, ...rest] = process.argv.slice(2);
if (verb === 'prepare') await prepare(rest);
else if (verb === 'train') await train(rest);
else {
  process.stderr.write(
    'usage: prepare <recordings> <clips> [part parts [shifted]] | train <config> <clips> <folder> <seconds> <planned> [validation]\n',
  );
  process.exitCode = 2;
}

async function prepare([from, to, part = '0', parts = '1', shifted = '1']: string[]): Promise<void> {
  const counts = await prepareClips({ from: from!, to: to!, part: Number(part), parts: Number(parts), shifted: Number(shifted) });
  process.stdout.write(`${JSON.stringify(counts)}\n`);
}

async function train([configFile, clips, folder, seconds, planned, validationClips]: string[]): Promise<void> {
  const config = parseVocoderConfig(JSON.parse(readFileSync(configFile!, 'utf8')));
  mkdirSync(folder!, { recursive: true });
  const { cuda } = torch.loadTorch();
  const device: torch.Device = cuda ? 'cuda' : 'cpu';
  if (cuda) torch.configureTorch({ cudnnBenchmark: true });
  const data = createVocoderDataset(readClips(clips!), config, device);
  process.stdout.write(`${data.clips} clips, ${Math.round(data.seconds / 60)} min on ${device}\n`);
  const validation = validationClips === undefined ? undefined : createVocoderDataset(readClips(validationClips), config, device);

  const logFile = join(folder!, `${config.name}-log.json`);
  const log: VocoderReport[] = [];
  const { trainer, progress } = await trainVocoder(config, data, {
    device,
    seconds: Number(seconds),
    planned: Number(planned),
    checkpoint: join(folder!, `${config.name}-checkpoint.safetensors`),
    ...(validation && { validation }),
    onReport(report) {
      log.push(report);
      writeFileSync(logFile, JSON.stringify(log));
      process.stdout.write(`${JSON.stringify(report)}\n`);
    },
  });
  for (const [name, player, which] of [
    ['generator', trainer.generator, 'average'],
    ['generator-last', trainer.generator, 'params'],
    ['judges-last', trainer.judges, 'params'],
  ] as const) {
    await saveVocoderWeights(
      join(folder!, `${config.name}-${name}.safetensors`),
      player as typeof trainer.generator,
      which,
      config,
      progress,
    );
  }
  process.stdout.write(`done: ${JSON.stringify(progress)}\n`);
}
