/** Temporal noise shaping (ISO/IEC 14496-3 §4.6.9): an all-pole filter along the spectral lines of each window, in place. */
import type { ChannelStream } from './channel-stream.ts';
import { tnsLongBands, tnsShortBands } from './scale-factor-bands.ts';

export function applyNoiseShaping({ window, tns, lines }: ChannelStream, rateIndex: number): void {
  const { sequence, bands, maxBand } = window;
  const stride = sequence === 'short' ? 128 : 1024;
  const reach = Math.min((sequence === 'short' ? tnsShortBands : tnsLongBands)[rateIndex]!, maxBand);
  for (const [w, filters] of tns.entries()) {
    let top = bands.length - 1;
    for (const { length, direction, reflection } of filters) {
      const bottom = Math.max(0, top - length);
      const start = w * stride + bands[Math.min(bottom, reach)]!;
      const end = w * stride + bands[Math.min(top, reach)]!;
      top = bottom;
      if (reflection.length === 0 || end <= start) continue;
      const predictor = predictorOf(reflection);
      let at = direction === 1 ? start : end - 1;
      for (let i = 0; i < end - start; i++, at += direction) {
        let value = lines[at]!;
        for (let j = 1; j <= Math.min(i, reflection.length); j++) value -= predictor[j]! * lines[at - j * direction]!;
        lines[at] = value;
      }
    }
  }
}

/** Coefficients 1, a[1], … of the prediction filter with these reflection coefficients (the step-up recursion). */
function predictorOf(reflection: number[]): Float64Array {
  const predictor = new Float64Array(reflection.length + 1);
  predictor[0] = 1;
  for (let m = 1; m <= reflection.length; m++) {
    const before = predictor.slice();
    for (let i = 1; i < m; i++) predictor[i] = before[i]! + reflection[m - 1]! * before[m - i]!;
    predictor[m] = reflection[m - 1]!;
  }
  return predictor;
}
