/** What can be measured on a pair of target singing and output, in the order in which tables show it. */
export type MetricName =
  | 'rca'
  | 'rpa'
  | 'rcaFull'
  | 'rcaVoiced'
  | 'vde'
  | 'gpe'
  | 'ffe'
  | 'voicingRecall'
  | 'voicingFalseAlarm'
  | 'f0Correlation'
  | 'f0Rmse'
  | 'lsd'
  | 'lsdLevelled'
  | 'lsdPower'
  | 'lmd'
  | 'mcd'
  | 'rrd'
  | 'rrdRaw'
  | 'durationRatio';

/** One number for each metric; NaN where a pair gives no ground for it, e.g. no voiced frame. */
export type MetricValues = Record<MetricName, number>;

export type Metric = {
  name: MetricName;
  /** The short form in tables. */
  label: string;
  unit: '' | 'cents' | 'dB';
  better: 'higher' | 'lower' | 'near 1';
  /** Decimals in tables. */
  decimals: number;
  meaning: string;
};

const metric = (
  name: MetricName,
  label: string,
  better: Metric['better'],
  meaning: string,
  { unit = '', decimals = 3 }: { unit?: Metric['unit']; decimals?: number } = {},
): Metric => ({ name, label, unit, better, decimals, meaning });

export const METRICS: readonly Metric[] = [
  metric(
    'rca',
    'RCA',
    'higher',
    'Raw chroma accuracy (paper): voiced target frames whose pitch is right within 50 cents, octaves forgiven; cropped to the shorter',
  ),
  metric('rpa', 'RPA', 'higher', 'Raw pitch accuracy: the same, octaves not forgiven'),
  metric(
    'rcaFull',
    'RCAfull',
    'higher',
    'RCA with the output continued by silence to the length of the target, so that a missing end counts as wrong',
  ),
  metric('rcaVoiced', 'RCAv', 'higher', 'RCA over the frames voiced in both: wrong pitch without lost voicing'),
  metric('vde', 'VDE', 'lower', 'Voicing decision error: frames that are voiced in one sound only'),
  metric('gpe', 'GPE', 'lower', 'Gross pitch error: frames voiced in both that are more than 20 % off'),
  metric('ffe', 'FFE', 'lower', 'F0 frame error: frames with a voicing or gross pitch error'),
  metric('voicingRecall', 'VR', 'higher', 'Voiced target frames that are voiced in the output'),
  metric('voicingFalseAlarm', 'VFA', 'lower', 'Unvoiced target frames that are voiced in the output'),
  metric('f0Correlation', 'F0corr', 'higher', 'Correlation of pitch in cents over the frames voiced in both'),
  metric('f0Rmse', 'F0rmse', 'lower', 'Root mean square pitch difference over the frames voiced in both', { unit: 'cents', decimals: 1 }),
  metric(
    'lsd',
    'LSD',
    'lower',
    'Log-spectral distance (paper): mean over frames of the distance of ln(0.1 + magnitude) above 100 Hz; depends on level',
    { decimals: 2 },
  ),
  metric('lsdLevelled', 'LSDn', 'lower', 'LSD after both sounds are set to one active level', { decimals: 2 }),
  metric('lsdPower', 'LSD1', 'lower', 'The release\u2019s second definition: root mean square of 20\u00b7log10 of the power ratio', {
    unit: 'dB',
    decimals: 2,
  }),
  metric('lmd', 'LMD', 'lower', 'Log-mel distance at one level, 50 Hz to 6.1 kHz', { unit: 'dB', decimals: 2 }),
  metric('mcd', 'MCD', 'lower', 'Mel-cepstral distortion after dynamic time warping, c1 to c13', { unit: 'dB', decimals: 2 }),
  metric('rrd', 'RRD', 'lower', 'Rhythm representation distance: root mean square difference of the rhythm curves (Eq. 3), 0 to 1'),
  metric('rrdRaw', 'RRDl2', 'lower', 'The same as a plain norm, as in the released script; grows with length', { decimals: 2 }),
  metric('durationRatio', 'DUR', 'near 1', 'Duration of the output over that of the target'),
];
