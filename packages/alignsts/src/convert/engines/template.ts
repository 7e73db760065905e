/**
 * Engine `template`: follows a sung reference of the same words. Speech and reference are aligned on features that ignore pitch; the speaker's
 * spectral envelope is moved along that alignment and sung with the melody's F0 and the reference's phrasing (the method of Cen, Dong and Chan 2012,
 * "Template-based personalized singing voice synthesis", on a CheapTrick/D4C vocoder). It needs no weights.
 */
import { analyzeVoice, InputError, synthesizeVoice, trackF0, warpFrames } from '@alignsts/signal';
import { frameTime, SAMPLE_RATE } from '../../grid.ts';
import type { SingingEngine, SingRequest, Song } from '../engine.ts';
import { alignToReference, POOR_MATCH } from './template/align-to-reference.ts';
import { phraseGain } from './template/dynamics.ts';
import { envelopeLevels } from './template/frame-levels.ts';
import { pitchFreeFeatures } from './template/pitch-free-features.ts';
import { restsOf } from './template/rests.ts';
import { shapeEnvelope } from './template/shape-envelope.ts';
import { sungSegments } from './template/sung-segments.ts';
import { sungAperiodicity, sungPitch } from './template/voicing.ts';

export type TemplateOptions = {
  /** 0 sings with the loudness that the speech has, 1 with the reference's crescendos and accents; consonants keep theirs. */
  dynamics?: number;
};

/** @example (await createTemplateEngine().sing({ speech, melody, reference, random: createRandom(1) })).audio // as long as the melody */
export function createTemplateEngine(options: TemplateOptions = {}): SingingEngine {
  return { name: 'template', sing: async (request) => sing(request, options) };
}

function sing({ speech, melody, reference, random, onProgress }: SingRequest, { dynamics = 1 }: TemplateOptions): Song {
  if (!reference) throw new InputError("Engine 'template' needs a sung recording as melody. Give one, or choose engine 'model'.");
  const progress = (stage: string, done: number): void => onProgress?.({ stage, done, of: 3 });

  progress('align', 0);
  const speechFeatures = pitchFreeFeatures(speech, trackF0(speech).f0);
  const referenceFeatures = pitchFreeFeatures(reference, melody.f0);
  const { sourceTime, distance } = alignToReference(speechFeatures, referenceFeatures);
  const rests = restsOf(referenceFeatures.level);

  progress('analyze', 1);
  const spoken = analyzeVoice(speech, speechFeatures.f0);
  const f0 = sungPitch(melody.f0, speechFeatures, sourceTime);
  const warped = warpFrames(spoken, sourceTime, f0);
  const frames = { ...warped, aperiodicity: sungAperiodicity(warped, spoken, sourceTime) };
  shapeEnvelope(frames, phraseGain({ own: envelopeLevels(warped), reference: referenceFeatures.level, rests }, dynamics));

  progress('synthesize', 2);
  const samples = synthesizeVoice(frames, { length: Math.round(melody.duration * SAMPLE_RATE), random });
  progress('synthesize', 3);
  return {
    audio: { samples, sampleRate: SAMPLE_RATE },
    f0,
    alignment: sourceTime.map((time) => frameTime(Math.min(spoken.frames - 1, Math.max(0, time)))),
    segments: sungSegments({ speech: speechFeatures, sourceTime, rests }),
    remarks: distance > POOR_MATCH ? [POOR_MATCH_REMARK] : [],
  };
}

const POOR_MATCH_REMARK =
  'The words of the speech and of the sung recording hardly match, so the timing is a guess. Engine template needs the same words in both.';
