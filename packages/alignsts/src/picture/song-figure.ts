import { type Audio, createMelSpectrogram, durationOf } from '@alignsts/signal';
import type { Song } from '../convert/engine.ts';
import { HOP, SAMPLE_RATE } from '../grid.ts';
import type { Melody } from '../melody/melody.ts';
import { alignmentPanel } from './alignment-panel.ts';
import { figure, type Panel } from './figure.ts';
import { melPanel } from './mel-panel.ts';
import { pitchPanel } from './pitch-panel.ts';
import { waveformPanel } from './waveform-panel.ts';

export type SongFigureOptions = {
  title: string;
  subtitle?: string;
  /** 24 kHz mono. */
  speech: Audio;
  song: Song;
  melody: Melody;
  width?: number;
};

const FRAME = HOP / SAMPLE_RATE;

/**
 * One conversion in one figure (SVG): the song's wave with its segments, its mel spectrogram, the F0 that was sung against the melody
 * that was asked for, and which moment of the speech each moment of the song was taken from.
 */
export function songFigure({ title, subtitle, speech, song, melody, width = 1200 }: SongFigureOptions): string {
  const duration = durationOf(song.audio);
  const segments = song.segments.length > 0 ? song.segments : undefined;
  return figure({
    title,
    ...(subtitle !== undefined && { subtitle }),
    width,
    duration,
    panels: [
      waveformPanel({ title: 'Song', audio: song.audio, ...(segments && { segments }) }),
      melPanel({ title: 'Mel spectrogram of the song', mel: createMelSpectrogram()(song.audio.samples), hop: FRAME }),
      melodyPanel(melody, song.f0),
      alignmentPanel({
        title: 'Where each moment of the song was spoken',
        alignment: song.alignment,
        hop: FRAME,
        songDuration: duration,
        speech,
        ...(segments && { segments }),
      }),
    ],
  });
}

/** The melody alone (SVG): its curve, and its notes with their lyrics where it has them. */
export function melodyFigure({
  title,
  subtitle,
  melody,
  width = 1200,
}: {
  title: string;
  subtitle?: string;
  melody: Melody;
  width?: number;
}): string {
  return figure({ title, ...(subtitle !== undefined && { subtitle }), width, duration: melody.duration, panels: [melodyPanel(melody)] });
}

function melodyPanel(melody: Melody, sung?: Float32Array): Panel {
  return pitchPanel({
    title: sung ? 'Pitch sung and pitch asked for' : 'Melody',
    curves: [
      { label: 'melody', f0: melody.f0, hop: FRAME, mark: 'wide' },
      ...(sung ? [{ label: 'sung', f0: sung, hop: FRAME, mark: 'thin' } as const] : []),
    ],
    ...(melody.notes && { notes: melody.notes }),
    height: sung ? 280 : 380,
  });
}
