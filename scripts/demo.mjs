// Sings a real recording three ways and says what was done and where the results are. Each step is one call of the command line, shown as it is
// typed, so that the demo is also a lesson. `npm run demo` installs what is missing first.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join('out', 'demo');
const speech = join('examples', 'audio', 'never-surpassed.flac');
const sung = join('examples', 'audio', 'sung-lobo.flac');

const steps = [
  {
    says: 'A reader of LibriVox says "has never been surpassed." Here she sings it to the first line of "Happy birthday", a tune typed as text:',
    song: 'happy-birthday',
    words: [speech, '-m', '@100 R:1/4 G4:3/4=has G4:1/4=ne- A4:1=ver G4:1=been C5:1=sur- B4:2=passed'],
  },
  {
    says: 'The same words to the notes of a Tagalog nursery song, found in a recording of somebody singing it:',
    song: 'nursery-notes',
    words: [speech, '-m', sung, '--engine', 'model', '--fit', 'on'],
  },
  {
    says: 'The same recording followed moment by moment, pitch, timing and loudness (made for references that sing the same words, which this one does not):',
    song: 'nursery-followed',
    words: [speech, '-m', sung, '--engine', 'template'],
  },
];

mkdirSync(join(root, out), { recursive: true });
console.log(`The speech: ${speech} (1.8 s, public domain, LJ Speech LJ001-0008).\n`);
for (const { says, song, words } of steps) {
  const files = ['-o', join(out, `${song}.wav`), '--picture', join(out, `${song}.png`), '-y'];
  const call = ['sing', ...words, ...files];
  console.log(`${says}\n  $ npx alignsts ${call.map(quoted).join(' ')}`);
  const { status } = spawnSync(process.execPath, [join(root, 'packages/cli/bin/alignsts.mjs'), ...call], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) {
    console.error(`\nThe demo stopped: the call above ended with code ${status}.`);
    process.exit(status ?? 1);
  }
  console.log('');
}
console.log(
  'Listen to the songs and look at the pictures (wave, spectrogram, pitch against melody, which moment of the speech sounds when):',
);
for (const { song } of steps) {
  for (const ending of ['wav', 'png']) {
    const path = join(root, out, `${song}.${ending}`);
    if (!existsSync(path)) throw new Error(`${path} is missing`);
    console.log(`  ${relative(process.cwd(), path) || path}`);
  }
}

function quoted(word) {
  return /^[\w./-]+$/.test(word) ? word : `'${word}'`;
}
