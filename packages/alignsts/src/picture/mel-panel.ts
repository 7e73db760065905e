import { type Decibels, type Hertz, hzToMel, MEL_DEFAULTS, type MelSpectrogram, type Seconds } from '@alignsts/signal';
import { dataUri } from './base64.ts';
import { MAGMA, magmaAt } from './colour-map.ts';
import { border, clipped, leftAxis, type Panel, type PanelFrame, text } from './figure.ts';
import { element, type Markup } from './markup.ts';
import { encodePng } from './png.ts';
import { linearScale } from './scale.ts';
import { COLOUR, SIZE } from './theme.ts';

export type MelPanelOptions = {
  title: string;
  /** log10 amplitude, as createMelSpectrogram gives by default. */
  mel: MelSpectrogram;
  /** Seconds a frame. */
  hop: Seconds;
  /** Levels that the colours span below the loudest. */
  range?: Decibels;
  /** Lower edge of the first filter and upper edge of the last. */
  low?: Hertz;
  high?: Hertz;
  height?: number;
};

const FREQUENCIES: Hertz[] = [200, 500, 1000, 2000, 3000, 5000, 8000];

/** The mel spectrogram as a picture under a perceptually uniform colour map, with its axis in kilohertz and a bar of levels. */
export function melPanel({
  title,
  mel,
  hop,
  range = 70,
  low = MEL_DEFAULTS.low,
  high = MEL_DEFAULTS.high,
  height = 168,
}: MelPanelOptions): Panel {
  return {
    title,
    height,
    draw(frame) {
      const loudest = mel.values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const image = spectrogramImage(mel, loudest, range, Math.round(2 * frame.width));
      // frame m is centred on m·hop, so the picture begins half a hop before 0
      const x = frame.time(-hop / 2);
      return [
        element('rect', { x: frame.x, y: frame.y, width: frame.width, height, fill: magmaAt(0) }),
        clipped(
          frame,
          element('image', {
            x,
            y: frame.y,
            width: frame.time((mel.frames - 0.5) * hop) - x,
            height,
            preserveAspectRatio: 'none',
            href: dataUri('image/png', encodePng(image)),
          }),
        ),
        ...leftAxis(
          frame,
          FREQUENCIES.filter((f) => f > low && f < high).map((f) => ({
            at: bandPlace(f, mel.bins, low, high, frame),
            label: String(f / 1000),
          })),
          'Frequency (kHz)',
        ),
        ...levelBar(frame, range),
        border(frame),
      ];
    },
  };
}

/** Where a frequency lies: filter m is centred (m + 1)/(M + 1) of the way between the edges on the mel scale. */
function bandPlace(frequency: Hertz, bins: number, low: Hertz, high: Hertz, { y, height }: PanelFrame): number {
  const way = (hzToMel(frequency) - hzToMel(low)) / (hzToMel(high) - hzToMel(low));
  return y + height * (1 - (way * (bins + 1) - 0.5) / bins);
}

/** At most `columns` wide: neighbouring frames are averaged in the logarithm, so no transient falls between two columns. */
function spectrogramImage({ frames, bins, values }: MelSpectrogram, loudest: number, range: Decibels, columns: number) {
  const width = Math.max(1, Math.min(frames, columns));
  const pixels = new Uint8Array(width * bins);
  for (let column = 0; column < width; column++) {
    const first = Math.floor((column * frames) / width);
    const last = Math.max(first + 1, Math.floor(((column + 1) * frames) / width));
    for (let m = 0; m < bins; m++) {
      let sum = 0;
      for (let t = first; t < last; t++) sum += Math.max(values[t * bins + m]!, loudest - range / 20);
      const below: Decibels = 20 * (loudest - sum / (last - first));
      pixels[(bins - 1 - m) * width + column] = Math.max(0, Math.min(255, Math.round(255 * (1 - below / range))));
    }
  }
  return { width, height: bins, pixels, palette: MAGMA };
}

function levelBar(frame: PanelFrame, range: Decibels): Markup[] {
  const x = frame.x + frame.width + 14;
  const level = linearScale([-range, 0], [frame.y + frame.height, frame.y]);
  const ramp = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
  const marks = Array.from({ length: Math.floor(range / 20) + 1 }, (_, i) => -20 * i);
  return [
    element('image', {
      x,
      y: frame.y,
      width: 12,
      height: frame.height,
      preserveAspectRatio: 'none',
      href: dataUri('image/png', encodePng({ width: 1, height: 256, pixels: ramp, palette: MAGMA })),
    }),
    element('rect', { x, y: frame.y, width: 12, height: frame.height, fill: 'none', stroke: COLOUR.frame }),
    element('path', { d: marks.map((mark) => `M${x + 12} ${level(mark).toFixed(2)}h4`).join(''), stroke: COLOUR.frame, fill: 'none' }),
    // the ends' labels are kept inside the panel's height
    ...marks.map((mark) =>
      text(x + 20, Math.min(Math.max(level(mark) + SIZE.tick * 0.36, frame.y + SIZE.tick * 0.8), frame.y + frame.height), minus(mark), {
        size: SIZE.tick,
        colour: COLOUR.muted,
      }),
    ),
    text(x + 62, frame.y + frame.height / 2, 'Level (dB re loudest)', { size: SIZE.label, anchor: 'middle', rotate: -90 }),
  ];
}

function minus(value: number): string {
  return String(value).replace('-', '\u2212');
}
