import { type Audio, createMelSpectrogram, durationOf, type F0Options, trackF0 } from '@alignsts/signal';
import { createRhythm, RHYTHM_PRESETS } from '../features/rhythm.ts';
import { HOP, SAMPLE_RATE } from '../grid.ts';
import { curvePanel } from './curve-panel.ts';
import { figure } from './figure.ts';
import { melPanel } from './mel-panel.ts';
import { pitchPanel } from './pitch-panel.ts';
import { COLOUR } from './theme.ts';

export type ComparisonFigureOptions = {
  title: string;
  subtitle?: string;
  /** 24 kHz mono, both. */
  target: Audio;
  output: Audio;
  f0?: Partial<Pick<F0Options, 'floor' | 'ceiling' | 'voicingThreshold'>>;
  width?: number;
};

const FRAME = HOP / SAMPLE_RATE;

/** A pair as the metrics see it (SVG): both mel spectrograms, both pitches and both rhythm curves over one time axis. */
export function comparisonFigure({ title, subtitle, target, output, f0, width = 1200 }: ComparisonFigureOptions): string {
  const melOf = createMelSpectrogram();
  const rhythmOf = createRhythm(RHYTHM_PRESETS.paper);
  return figure({
    title,
    ...(subtitle !== undefined && { subtitle }),
    width,
    duration: Math.max(durationOf(target), durationOf(output)),
    panels: [
      melPanel({ title: 'Target', mel: melOf(target.samples), hop: FRAME, height: 140 }),
      melPanel({ title: 'Output', mel: melOf(output.samples), hop: FRAME, height: 140 }),
      pitchPanel({
        title: 'Pitch',
        curves: [
          { label: 'target', f0: trackF0(target, { hop: HOP, ...f0 }).f0, hop: FRAME, mark: 'wide' },
          { label: 'output', f0: trackF0(output, { hop: HOP, ...f0 }).f0, hop: FRAME, mark: 'thin' },
        ],
        height: 220,
      }),
      curvePanel({
        title: 'Rhythm (Eq. 3)',
        unit: 'r',
        range: [0, 1],
        curves: [
          { label: 'target', values: rhythmOf(target.samples), hop: FRAME, colour: COLOUR.blue, mark: 'wide' },
          { label: 'output', values: rhythmOf(output.samples), hop: FRAME, colour: COLOUR.vermillion, mark: 'thin' },
        ],
      }),
    ],
  });
}
