import { type Audio, createMelSpectrogram, durationOf } from '@alignsts/signal';
import { HOP, SAMPLE_RATE } from '../grid.ts';
import { alignmentPanel } from './alignment-panel.ts';
import { figure } from './figure.ts';
import { melPanel } from './mel-panel.ts';

const FRAME = HOP / SAMPLE_RATE;

export type AlignmentFigureOptions = {
  title: string;
  /** 24 kHz mono, both. */
  speech: Audio;
  reference: Audio;
  /** For each frame of the reference, the time in the speech. */
  speechTime: Float32Array; // [T] seconds
  width?: number;
};

/** An alignment (SVG): the reference, the path, and the speech's spectrogram moved along the path, which should look like the reference. */
export function alignmentFigure({ title, speech, reference, speechTime, width = 1200 }: AlignmentFigureOptions): string {
  const melOf = createMelSpectrogram();
  const spoken = melOf(speech.samples);
  const moved = new Float32Array(speechTime.length * spoken.bins);
  for (let t = 0; t < speechTime.length; t++) {
    const frame = Math.min(spoken.frames - 1, Math.round(speechTime[t]! / FRAME));
    moved.set(spoken.values.subarray(frame * spoken.bins, (frame + 1) * spoken.bins), t * spoken.bins);
  }
  return figure({
    title,
    width,
    duration: durationOf(reference),
    panels: [
      melPanel({ title: 'Reference', mel: melOf(reference.samples), hop: FRAME }),
      melPanel({ title: 'Speech, moved along the path', mel: { frames: speechTime.length, bins: spoken.bins, values: moved }, hop: FRAME }),
      alignmentPanel({
        title: 'Where each moment of the reference is said',
        alignment: speechTime,
        hop: FRAME,
        songDuration: durationOf(reference),
        speech,
      }),
    ],
  });
}
