/**
 * Engine `template`: follows a sung reference of the same words. Speech and reference are aligned on features that ignore pitch; the speaker's
 * spectral envelope is moved along that alignment and sung with the melody's F0 and the reference's loudness (the method of Cen, Dong and Chan
 * 2012, "Template-based personalized singing voice synthesis", on a CheapTrick/D4C vocoder). It needs no weights.
 */
import { analyzeVoice, InputError, synthesizeVoice, trackF0, warpFrames } from '@alignsts/signal';
import { frameTime, SAMPLE_RATE } from '../../grid.ts';
import type { SingingEngine, SingRequest, Song } from '../engine.ts';
import { alignToReference } from './template/align-to-reference.ts';
import { followDynamics } from './template/dynamics.ts';
import { pitchFreeFeatures } from './template/pitch-free-features.ts';
import { sungPitch, voiceAsSung } from './template/voicing.ts';

export function createTemplateEngine(): SingingEngine {
  return { name: 'template', sing: async (request) => sing(request) };
}

function sing({ speech, melody, reference, random, onProgress }: SingRequest): Song {
  if (!reference)
    throw new InputError("Engine 'template' needs a sung recording as melody. Give one, or let engine 'model' sing these notes.");
  const progress = (stage: string, done: number): void => onProgress?.({ stage, done, of: 4 });
  progress('align', 0);
  const speechF0 = trackF0(speech).f0;
  const referenceFeatures = pitchFreeFeatures(reference, melody.f0);
  const { sourceTime } = alignToReference(pitchFreeFeatures(speech, speechF0), referenceFeatures);
  progress('analyze', 1);
  const spoken = analyzeVoice(speech, speechF0);
  progress('move', 2);
  const f0 = sungPitch(melody.f0, spoken, sourceTime);
  const warped = voiceAsSung(warpFrames(spoken, sourceTime, f0), spoken, sourceTime);
  const frames = followDynamics(warped, referenceFeatures.level);
  progress('synthesize', 3);
  const samples = synthesizeVoice(frames, { length: Math.round(melody.duration * SAMPLE_RATE), random });
  progress('synthesize', 4);
  const alignment = sourceTime.map((t) => frameTime(Math.min(spoken.frames - 1, Math.max(0, t))));
  return { audio: { samples, sampleRate: SAMPLE_RATE }, f0, alignment, segments: [], remarks: [] };
}
