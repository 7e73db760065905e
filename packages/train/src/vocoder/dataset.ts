import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '@alignsts/signal';
import * as torch from '@alignsts/torch';
import { featureChannels, pulseTrain, type VocoderConfig } from 'alignsts/vocoder';
import { decodeClip, type VoiceClip } from './voice-clip.ts';

/**
 * All clips on the device, one after the other with silence between, in rows of one frame (128 samples): row t begins at the centre of frame t. A batch is
 * then a few gathers by row number, which a captured step can do, and the host only draws numbers.
 */
export type VocoderDataset = {
  seconds: number;
  clips: number;
  sound: torch.Tensor; // [R, 128] float32
  pulses: torch.Tensor; // [R, 128] float32
  features: torch.Tensor; // [R, C] float32
  f0: torch.Tensor; // [R, 1] float32 Hz
  /** Draws segments: a clip by its length (singing weighed up), a place in it where something is heard, a loudness. */
  draw(random: Random, items: number): Draws;
};

/** What the host decides for a batch. */
export type Draws = {
  start: Int32Array; // [B] row of the first frame
  gain: Float32Array; // [B] natural log of the factor
  limit: Float32Array; // [B] Hz
};

/** Rows of silence between clips: more than a window reaches. */
const GAP = 8;
const HOP = 128;

export function readClips(folder: string): VoiceClip[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.clip'))
    .sort();
  return files.map((name) => decodeClip(new Uint8Array(readFileSync(join(folder, name)))));
}

export function createVocoderDataset(clips: readonly VoiceClip[], config: VocoderConfig, device: torch.Device): VocoderDataset {
  const { generator, training } = config;
  const channels = featureChannels(generator.head);
  const usable = clips.filter((clip) => clip.f0.length > training.frames + 2);
  if (usable.length === 0) throw new Error(`none of ${clips.length} clips is longer than a segment of ${training.frames} frames`);
  const rows = usable.reduce((sum, clip) => sum + clip.f0.length + GAP, GAP);
  const sound = new Float32Array(rows * HOP);
  const pulses = new Float32Array(rows * HOP);
  const f0 = new Float32Array(rows);
  const features = new Float32Array(rows * channels);
  const energy = new Float64Array(rows + 1); // running sum
  const firsts: number[] = [];
  let row = GAP;
  for (const clip of usable) {
    const frames = clip.f0.length;
    firsts.push(row);
    for (let n = 0; n < clip.samples.length; n++) sound[row * HOP + n] = clip.samples[n]! / 32767;
    pulses.set(pulseTrain(clip.f0, { sampleRate: 24000, length: frames * HOP }), row * HOP);
    f0.set(clip.f0, row);
    const source = generator.head === 'envelope' ? clip.envelope : clip.mel;
    for (let i = 0; i < source.length; i++) features[row * channels + i] = source[i]! / 1000;
    row += frames + GAP;
  }
  for (let r = 0; r < rows; r++) {
    let power = 0;
    for (let n = r * HOP; n < (r + 1) * HOP; n++) power += sound[n]! * sound[n]!;
    energy[r + 1] = energy[r]! + power / HOP;
  }
  let total = 0;
  const shares = usable.map((clip) => (total += clip.f0.length * (clip.sung ? training.singing : 1)));

  const draw = (random: Random, items: number): Draws => {
    const draws: Draws = { start: new Int32Array(items), gain: new Float32Array(items), limit: new Float32Array(items) };
    const [quiet, loud] = training.gain;
    for (let b = 0; b < items; b++) {
      // a few tries to find a place above −50 dB; a recording's silence is worth hearing now and then
      for (let attempt = 0; attempt < 4; attempt++) {
        const at = random.uniform() * total;
        const index = Math.min(
          usable.length - 1,
          shares.findIndex((share) => share > at),
        );
        const { limit, f0: track } = usable[index]!;
        const first = firsts[index]! + Math.floor(random.uniform() * (track.length - training.frames));
        draws.start[b] = first;
        draws.limit[b] = limit;
        if ((energy[first + training.frames]! - energy[first]!) / training.frames > 1e-5) break;
      }
      draws.gain[b] = ((quiet + (loud - quiet) * random.uniform()) * Math.LN10) / 20;
    }
    return draws;
  };

  const onDevice = (values: Float32Array, width: number): torch.Tensor =>
    torch.keep(torch.fromTypedArray(values, [rows, width], { device }));
  return {
    ...{ seconds: ((rows - GAP * usable.length) * HOP) / 24000, clips: usable.length, draw },
    ...{ sound: onDevice(sound, HOP), pulses: onDevice(pulses, HOP), features: onDevice(features, channels), f0: onDevice(f0, 1) },
  };
}
