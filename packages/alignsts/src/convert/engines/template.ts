/**
 * Engine `template`: follows a sung reference of the same words. Speech and reference are aligned on features that ignore pitch; the speaker's
 * spectral envelope is moved along that alignment and sung with the melody's F0 and the reference's voicing and slow dynamics (the method of
 * Cen, Dong and Chan 2012, "Template-based personalized singing voice synthesis", on a CheapTrick/D4C vocoder). It needs no weights.
 */
import { analyzeVoice, InputError, synthesizeVoice, trackF0, warpFrames } from '@alignsts/signal';
import { frameTime, SAMPLE_RATE } from '../../grid.ts';
import type { SingingEngine, SingRequest, Song } from '../engine.ts';
import { alignToReference } from './template/align-to-reference.ts';
import { followDynamics } from './template/dynamics.ts';
import { pitchFreeFeatures } from './template/pitch-free-features.ts';
import { voiceLikeReference } from './template/voicing.ts';

export function createTemplateEngine(): SingingEngine {
  return { name: 'template', sing: async (request) => sing(request) };
}

function sing({ speech, melody, reference, random, onProgress }: SingRequest): Song {
  if (!reference)
    throw new InputError("Engine 'template' needs a sung recording as melody. Give one, or let engine 'model' sing these notes.");
  const progress = (stage: string, done: number): void => onProgress?.({ stage, done, of: 4 });
  progress('analyze speech', 0);
  const spoken = analyzeVoice(speech, trackF0(speech).f0);
  progress('analyze reference', 1);
  const sung = analyzeVoice(reference, sameLength(trackF0(reference).f0, melody.f0.length));
  progress('align', 2);
  const { sourceTime } = alignToReference(pitchFreeFeatures(spoken), pitchFreeFeatures(sung));
  const f0 = melody.f0;
  progress('sing', 3);
  const warped = voiceLikeReference(warpFrames(spoken, sourceTime, f0), { spoken, sung, sourceTime });
  const frames = followDynamics(warped, sung);
  const length = Math.round(melody.duration * SAMPLE_RATE);
  const samples = synthesizeVoice(frames, { length, random });
  progress('sing', 4);
  const alignment = sourceTime.map((t) => frameTime(Math.min(spoken.frames - 1, Math.max(0, t))));
  return { audio: { samples, sampleRate: SAMPLE_RATE }, f0, alignment, segments: [], remarks: [] };
}

/** A stretched reference may miss the melody by a frame; what it lacks is unvoiced. */
function sameLength(f0: Float32Array, frames: number): Float32Array {
  const resized = new Float32Array(frames);
  resized.set(f0.subarray(0, frames));
  return resized;
}
