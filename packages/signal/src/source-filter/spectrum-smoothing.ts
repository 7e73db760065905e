/**
 * Two operations on half spectra that both the envelope and the aperiodicity estimators need (Morise 2015, §2.2; Morise 2016, §3):
 * a rectangular running mean of fractional width, and the repair of the region below F0, where no harmonic lies.
 */
export type SpectrumSmoother = {
  /** Mean of `spectrum` over [k - width/2, k + width/2] for every bin k; the spectrum is mirrored at both ends. `out` may be `spectrum`. */
  runningMean(spectrum: Float64Array /* [bins] */, width: number /* bins */, out: Float64Array /* [bins] */): void;
  /** Adds to each bin below F0 the value mirrored about F0/2, so that the gap between 0 Hz and the first harmonic is filled. In place. */
  fillBelowF0(spectrum: Float64Array /* [bins] */, f0: number /* bins */): void;
};

export function createSpectrumSmoother(bins: number): SpectrumSmoother {
  const last = bins - 1;
  // room for a mirrored margin of a whole spectrum at both ends
  const integral = new Float64Array(3 * bins + 4);
  const replica = new Float64Array(bins);

  return {
    runningMean(spectrum, width, out) {
      const margin = Math.min(last, Math.floor(width / 2) + 2);
      const count = bins + 2 * margin;
      // integral[j] = area of the first j cells; cell j is bin j - margin, which reaches from half a bin below it to half a bin above
      integral[0] = 0;
      let sum = 0;
      for (let j = 0; j < margin; j++) {
        sum += spectrum[margin - j]!;
        integral[j + 1] = sum;
      }
      for (let k = 0; k < bins; k++) {
        sum += spectrum[k]!;
        integral[margin + k + 1] = sum;
      }
      for (let j = 1; j <= margin; j++) {
        sum += spectrum[last - j]!;
        integral[margin + last + j + 1] = sum;
      }
      const half = Math.min(width / 2, margin - 0.5);
      // the two edges move by one cell a bin, so their fractions are the same everywhere
      const highEdge = margin + 0.5 + half;
      const lowEdge = margin + 0.5 - half;
      const high = Math.min(Math.floor(highEdge), count - bins);
      const low = Math.floor(lowEdge);
      const highFraction = highEdge - high;
      const lowFraction = lowEdge - low;
      const scale = 1 / (2 * half);
      for (let k = 0; k < bins; k++) {
        const a = integral[k + high]!;
        const b = integral[k + low]!;
        out[k] = (a + highFraction * (integral[k + high + 1]! - a) - (b + lowFraction * (integral[k + low + 1]! - b))) * scale;
      }
    },
    fillBelowF0(spectrum, f0) {
      const top = Math.min(last - 1, Math.floor(f0));
      for (let k = 0; k <= top; k++) {
        const position = f0 - k;
        const below = Math.min(last - 1, Math.floor(position));
        const fraction = position - below;
        replica[k] = spectrum[below]! + fraction * (spectrum[below + 1]! - spectrum[below]!);
      }
      for (let k = 0; k <= top; k++) spectrum[k] = spectrum[k]! + replica[k]!;
    },
  };
}
