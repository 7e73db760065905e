import { type Audio, durationOf, type MelSpectrogram } from '@alignsts/signal';
import { HOP, SAMPLE_RATE } from '../grid.ts';
import { curvePanel } from './curve-panel.ts';
import { figure } from './figure.ts';
import { melPanel } from './mel-panel.ts';
import { pitchPanel } from './pitch-panel.ts';
import { COLOUR } from './theme.ts';
import { waveformPanel } from './waveform-panel.ts';

const FRAME = HOP / SAMPLE_RATE;

export type RecordingFigureOptions = {
  title: string;
  /** 24 kHz mono. */
  audio: Audio;
  mel: MelSpectrogram;
  f0: Float32Array; // [T] Hz, 0 = unvoiced
  rhythm: Float32Array; // [T] in (0, 1)
  width?: number;
};

/** A recording as the model sees it (SVG): wave, mel spectrogram, pitch and rhythm curve (Eq. 3) over one time axis. */
export function recordingFigure({ title, audio, mel, f0, rhythm, width = 1200 }: RecordingFigureOptions): string {
  return figure({
    title,
    width,
    duration: durationOf(audio),
    panels: [
      waveformPanel({ title: 'Recording', audio }),
      melPanel({ title: 'Mel spectrogram', mel, hop: FRAME }),
      pitchPanel({ title: 'Pitch', curves: [{ label: 'F0', f0, hop: FRAME, mark: 'thin' }], height: 220 }),
      curvePanel({
        title: 'Rhythm (Eq. 3)',
        unit: 'r',
        range: [0, 1],
        curves: [{ label: 'rhythm', values: rhythm, hop: FRAME, colour: COLOUR.blue, mark: 'thin' }],
      }),
    ],
  });
}
