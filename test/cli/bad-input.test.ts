/**
 * Every kind of bad input ends with code 2, one clear sentence, nothing on standard output and no file left behind. What is written here is what
 * a user reads, so the sentences stand in full where they are ours.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFlac, encodeWav } from '@alignsts/signal';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { call, emptyFolder } from './call.ts';

const TUNE = '@90 C4:1 D4:1 E4:2';

function tone(seconds: number, sampleRate: number, amplitude = 0.3): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, n) => {
    // two harmonics and a little sway: a pitch tracker calls it voiced
    const phase = (2 * Math.PI * 140 * n) / sampleRate + 0.3 * Math.sin((2 * Math.PI * 5 * n) / sampleRate);
    return amplitude * (Math.sin(phase) + 0.5 * Math.sin(2 * phase));
  });
}

const wav = (samples: Float32Array, sampleRate = 24000) => encodeWav({ samples, sampleRate });
const speech = wav(tone(1, 24000));

async function refused(files: Record<string, Uint8Array | string>, words: string[]): Promise<string> {
  const cwd = emptyFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  const before = readdirSync(cwd);
  const { code, stdout, stderr } = await call(words, { cwd });
  expect(stderr).not.toMatch(/\n\s+at |bug in alignsts/);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(readdirSync(cwd)).toEqual(before);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.length).toBe(1);
  return lines[0]!.replace(/^alignsts: /, '');
}

const singing = (files: Record<string, Uint8Array | string>, melody = TUNE) => refused(files, ['sing', 'speech.wav', '-m', melody]);
const melodyOf = (files: Record<string, Uint8Array | string>, melody: string) =>
  refused({ 'speech.wav': speech, ...files }, ['sing', 'speech.wav', '-m', melody]);

describe('speech', () => {
  test('empty', async () => {
    expect(await singing({ 'speech.wav': '' })).toBe('speech.wav is empty (0 bytes). Give a file with content.');
  });

  test('silent', async () => {
    expect(await singing({ 'speech.wav': wav(new Float32Array(48000)) })).toBe(
      'the speech (speech.wav) is 2.0 s of silence (nothing above -80 dB). Check the microphone, or give another recording.',
    );
  });

  test('clipped to pieces', async () => {
    expect(await singing({ 'speech.wav': wav(tone(1, 24000, 3)) })).toMatch(
      /^the speech \(speech\.wav\) is clipped: \d\d % of its samples stand at the limit, and at most 10 % are allowed\. Record it again with less gain\.$/,
    );
  });

  test('50 ms', async () => {
    expect(await singing({ 'speech.wav': wav(tone(0.05, 24000)) })).toBe(
      'the speech (speech.wav) is 50 ms long, and at least 200 ms are needed. Give a word or a sentence.',
    );
  });

  test('30 minutes, in a file of half a megabyte', async () => {
    // 8 kHz silence compresses to almost nothing: the length is found while decoding, not by the size
    const bytes = encodeFlac({ samples: new Float32Array(8000 * 1800), sampleRate: 8000 });
    expect(bytes.length).toBeLessThan(500_000);
    expect(await refused({ 'speech.flac': bytes }, ['sing', 'speech.flac', '-m', TUNE])).toContain(
      'speech.flac: The audio file lasts longer than 5:00, the most that is accepted.',
    );
  });

  test('a text with the ending .wav, and a picture', async () => {
    expect(await singing({ 'speech.wav': 'these are words, and no sound at all' })).toContain('is not audio in a known format');
    expect(await singing({ 'speech.wav': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') })).toContain('PNG picture');
  });

  test('a header that lies, cut off before any sample', async () => {
    expect(await singing({ 'speech.wav': speech.subarray(0, 44) })).toContain('holds no samples');
    expect(await singing({ 'speech.wav': speech.subarray(0, 20) })).toContain('speech.wav');
  });

  test('samples that are no numbers', async () => {
    const bytes = encodeWav({ samples: tone(1, 24000), sampleRate: 24000 }, { sampleFormat: 'float' });
    new DataView(bytes.buffer).setFloat32(bytes.length - 4 * 12000, Number.NaN, true);
    expect(await singing({ 'speech.wav': bytes })).toContain('not a finite number (NaN or infinity), the first at 0.500 s');
  });

  test('nine channels, 2 kHz and 384 kHz', async () => {
    const nine = wav(tone(0.9, 24000));
    new DataView(nine.buffer).setUint16(22, 9, true);
    new DataView(nine.buffer).setUint16(32, 18, true);
    expect(await singing({ 'speech.wav': nine })).toMatch(/^speech\.wav: .*9 channels/);
    expect(await singing({ 'speech.wav': wav(tone(0.5, 2000), 2000) })).toMatch(/^speech\.wav: .*2000 Hz/);
    expect(await singing({ 'speech.wav': wav(tone(0.3, 384000), 384000) })).toMatch(/^speech\.wav: .*384000 Hz/);
  });

  test('no file, a folder, nothing piped in', async () => {
    expect(await singing({})).toBe('There is no file speech.wav. Check the name and the folder.');
    expect(await refused({}, ['sing', '.', '-m', TUNE, '-o', 'x.wav'])).toBe('. is a folder. Give a file in it.');
    expect(await refused({}, ['sing', '-', '-m', TUNE])).toContain("'-' reads standard input, but nothing is piped in");
  });

  test('noise without a voiced frame', async () => {
    let state = 1;
    const noise = Float32Array.from({ length: 24000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return state / 2 ** 33;
    });
    expect(await singing({ 'speech.wav': wav(noise) })).toContain('the speech has no voiced frame');
  });
});

describe('melody', () => {
  test('neither a file nor a tune', async () => {
    expect(await melodyOf({}, 'tune.mid')).toBe('There is no file tune.mid. Check the name and the folder.');
    expect(await melodyOf({}, 'C4:1 H4:1')).toContain('"H4:1"');
  });

  test('empty, or a text that is no melody', async () => {
    expect(await melodyOf({ 'tune.txt': '' }, 'tune.txt')).toBe('tune.txt is empty (0 bytes). Give a file with content.');
    expect(await melodyOf({ 'tune.txt': 'once upon a time' }, 'tune.txt')).toContain('"tune.txt" is a text that is no melody');
  });

  test('no notes', async () => {
    const midi = Buffer.from('4d546864000000060000000101e04d54726b0000000400ff2f00', 'hex');
    expect(await melodyOf({ 'tune.mid': midi }, 'tune.mid')).toBe('tune.mid: the MIDI file has no notes. Choose a file with a melody.');
    expect(await melodyOf({}, 'R:4 @60')).toContain('the melody has no notes; at least one is needed');
  });

  test('no voiced frame', async () => {
    expect(await melodyOf({ 'curve.csv': 'time,f0\n0,0\n0.5,0\n1,0\n' }, 'curve.csv')).toContain('no voiced frame');
    const hiss = tone(1, 24000).map((_, n) => 0.1 * Math.sin(n * n * 0.37));
    expect(await melodyOf({ 'sung.wav': wav(hiss) }, 'sung.wav')).toContain('no voiced frame');
    expect(await melodyOf({ 'sung.wav': wav(new Float32Array(24000)) }, 'sung.wav')).toContain('1.0 s of silence');
  });

  test('far out of range', async () => {
    expect(await refused({ 'speech.wav': speech }, ['sing', 'speech.wav', '-m', '@60 C8:4', '--fit', 'off'])).toContain(
      'too high to be sung',
    );
    expect(await refused({ 'speech.wav': speech }, ['sing', 'speech.wav', '-m', '@60 C0:4', '--fit', 'off'])).toContain(
      'too low to be sung',
    );
    expect(await refused({ 'speech.wav': speech }, ['sing', 'speech.wav', '-m', '@60 C2:2 C8:2'])).toContain('to be sung');
  });

  test('longer or shorter than sense allows', async () => {
    expect(await melodyOf({}, '@60 C4:100')).toContain(
      'The melody sounds for 100.0 s and the speech lasts 1.0 s: more than 30 times as long.',
    );
    expect(await melodyOf({}, '@1000 C4:1')).toMatch(/lasts 0\.060 s; at least 0\.2 s are needed/);
    expect(await melodyOf({}, '@60 C4:1/10 R:1')).toContain('less than a quarter');
    expect(await melodyOf({}, `@30 ${'C4:999 '.repeat(5)}`)).toMatch(/minutes/);
  });

  test('MusicXML with entities, and cut off', async () => {
    const bomb =
      '<?xml version="1.0"?><!DOCTYPE score-partwise [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><score-partwise>&b;</score-partwise>';
    expect(await melodyOf({ 'score.xml': bomb }, 'score.xml')).toMatch(/^score\.xml: .*(entit|DOCTYPE|declar)/i);
    expect(await melodyOf({ 'score.xml': '<score-partwise><part-list>' }, 'score.xml')).toContain('score.xml');
  });

  test('an .mxl that unpacks to 200 MB', async () => {
    const container = '<container><rootfiles><rootfile full-path="a.musicxml"/></rootfiles></container>';
    const zip = zipSync({ 'META-INF/container.xml': strToU8(container), 'a.musicxml': new Uint8Array(200 * 2 ** 20).fill(32) });
    expect(zip.length).toBeLessThan(2 ** 20);
    expect(await melodyOf({ 'score.mxl': zip }, 'score.mxl')).toMatch(/^score\.mxl: .*unpacks to more than/);
  });

  test('a MIDI file with a million events', async () => {
    const events = new Uint8Array(4 * 1_000_000);
    for (let i = 0; i < events.length; i += 4) events.set([0, (i & 4) === 0 ? 0x90 : 0x80, 60, 64], i);
    const head = Buffer.from('4d546864000000060000000101e04d54726b00000000', 'hex');
    head.writeUInt32BE(events.length + 4, 18);
    const bytes = Buffer.concat([head, events, Buffer.from('00ff2f00', 'hex')]);
    expect(await melodyOf({ 'tune.mid': bytes }, 'tune.mid')).toMatch(/^tune\.mid: .*/);
  });

  test('both from one pipe', async () => {
    expect(await refused({}, ['sing', '-', '-m', '-'])).toContain("Speech and melody cannot both come from standard input ('-')");
  });
});

describe('outputs', () => {
  const files = { 'speech.wav': speech };
  test('an ending that is no sound, no picture, no table', async () => {
    expect(await refused(files, ['sing', 'speech.wav', '-m', TUNE, '-o', 'song.mp3'])).toBe(
      "song.mp3 ends in '.mp3', and sound is written as .wav or .flac. Name it so, and convert it with another program afterwards.",
    );
    expect(await refused(files, ['sing', 'speech.wav', '-m', TUNE, '--picture', 'song.jpg'])).toContain('.svg and .png are');
    expect(await refused(files, ['features', 'speech.wav', '-o', 'mel.xlsx'])).toContain('.json, .csv and .npy are');
    expect(await refused(files, ['melody', TUNE, '--tone', 'tone.ogg'])).toContain('.wav or .flac');
  });

  test('a file in the way, an input in the way, a folder that is missing', async () => {
    expect(await refused({ ...files, 'speech-sung.wav': 'old' }, ['sing', 'speech.wav', '-m', TUNE])).toBe(
      'speech-sung.wav exists already. Add -y to overwrite it, or name another file.',
    );
    expect(await refused(files, ['sing', 'speech.wav', '-m', TUNE, '-o', 'speech.wav', '-y'])).toContain(
      'is an input and would be overwritten',
    );
    expect(await refused(files, ['sing', 'speech.wav', '-m', TUNE, '-o', 'none/song.wav'])).toContain('There is no folder none');
    expect(await refused(files, ['features', 'speech.wav', '--picture', 'a.svg', '--flattened', 'a.svg'])).toContain('.wav or .flac');
  });

  test('--json and a pipe for the sound at once', async () => {
    const message = await refused(files, ['sing', 'speech.wav', '-m', TUNE, '-o', '-', '--json']);
    expect(JSON.parse(message)).toEqual({
      type: 'error',
      message: "--json and '-' both write to standard output. Name a file for the output.",
    });
  });

  test('nothing named, or one thing twice', async () => {
    expect(await refused({}, ['sing'])).toContain('No speech is given');
    expect(await refused(files, ['sing', 'speech.wav'])).toContain('No melody is given');
    expect(await refused(files, ['sing', 'speech.wav', '-i', 'speech.wav', '-m', TUNE])).toContain('The speech is named twice');
    expect(await refused({}, ['melody'])).toContain('alignsts melody needs FILE|TUNE');
  });
});

describe('manifests', () => {
  const pairs = (table: string) =>
    refused({ 'a.wav': speech, 'short.wav': speech.subarray(0, 50), 'pairs.tsv': table }, ['evaluate', 'pairs.tsv']);
  test('without the needed columns, or without lines', async () => {
    expect(await pairs('id\ttarget\n1\ta.wav\n')).toMatch(/^pairs\.tsv: .*no 'output'/);
    expect(await pairs('id\ttarget\toutput\n')).toMatch(/^pairs\.tsv: .*lists no item/);
  });

  test('with a file that is missing', async () => {
    expect(await pairs('id\ttarget\toutput\n1\ta.wav\tb.wav\n')).toMatch(/^item 1: There is no file .*b\.wav/);
  });

  test('a folder in place of a page', async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, 'page.html'));
    writeFileSync(join(cwd, 'pairs.tsv'), 'id\ttarget\toutput\n');
    expect((await call(['evaluate', 'pairs.tsv', '--html', 'page.html'], { cwd })).stderr).toContain('page.html is a folder');
  });
});

describe('side-cars', () => {
  const replay = (text: string) => refused({ 'song.json': text }, ['sing', '--replay', 'song.json']);
  test('that are none', async () => {
    expect(await replay('not json')).toBe('song.json is no side-car: it is not JSON. Give the file that `alignsts sing --sidecar` wrote.');
    expect(await replay('{}')).toContain('song.json is no side-car that can be replayed (kind:');
  });

  test('that choose places outside their folder', async () => {
    const hash = '0'.repeat(64);
    const sidecar = {
      kind: 'alignsts song',
      format: 1,
      madeBy: { alignsts: '0.1.0', node: '20.19.0', platform: 'linux x64' },
      inputs: { speech: { path: 'a.wav', sha256: hash }, melody: { text: TUNE, sha256: hash } },
      options: {},
      engine: 'model',
      outputs: [{ kind: 'audio', path: '../../song.wav', sha256: hash }],
      remarks: [],
    };
    expect(await replay(JSON.stringify(sidecar))).toContain('names the output ../../song.wav, outside its own folder');
    const inside = { ...sidecar, outputs: [{ kind: 'audio', path: 'song.wav', sha256: hash }] };
    expect(await replay(JSON.stringify(inside))).toBe('There is no file a.wav. Check the name and the folder.');
    expect(await refused({ 'song.json': JSON.stringify(inside), 'a.wav': speech }, ['sing', '--replay', 'song.json'])).toMatch(
      /^a\.wav is not what the song was made from \(SHA-256 [0-9a-f]{12}… and not 000000000000…\)/,
    );
    expect(await refused({ 'song.json': JSON.stringify(inside) }, ['sing', '--replay', 'song.json', '--tempo', '2'])).toContain(
      'so --tempo has no place beside it',
    );
    expect(await refused({ 'song.json': JSON.stringify(inside) }, ['sing', '--replay', 'song.json', '-o', 'again.flac'])).toContain(
      'The song was written as .wav, and again.flac would be other bytes.',
    );
  });
});
