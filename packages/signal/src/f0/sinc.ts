/**
 * Value of an even sequence between its samples (Boersma 1993, eq. 22): sin x/x under a Hann window, `depth` samples to each side or as
 * many as there are. `r` holds lags 0 … r.length-1, and r(-lag) = r(lag).
 */
export function sincInterpolate(r: Float64Array, at: number, depth: number): number {
  const left = Math.floor(at);
  const phase = at - left;
  const last = r.length - 1;
  if (phase < 1e-9) return r[left]!;
  if (phase > 1 - 1e-9) return r[left + 1]!;
  const count = Math.min(depth, last - left);
  if (count < 1) return r[left]!;
  // sin(π(φ+n)) = (-1)^n sin πφ and sin(π(1-φ+n)) = (-1)^n sin πφ: one sine for all
  return (Math.sin(Math.PI * phase) / (2 * Math.PI)) * (side(r, left, -1, phase, count) + side(r, left + 1, 1, 1 - phase, count));
}

/** Σ (-1)^n r[from + direction·n]·(1 + cos(π(φ+n)/(φ+count)))/(φ+n), the cosine by recurrence. */
function side(r: Float64Array, from: number, direction: number, phase: number, count: number): number {
  const step = Math.PI / (phase + count);
  const twice = 2 * Math.cos(step);
  let cosine = Math.cos(step * phase);
  let previous = Math.cos(step * (phase - 1));
  let sum = 0;
  let sign = 1;
  let lag = from;
  for (let n = 0; n < count; n++) {
    sum += (sign * r[lag < 0 ? -lag : lag]! * (1 + cosine)) / (phase + n);
    sign = -sign;
    lag += direction;
    const next = twice * cosine - previous;
    previous = cosine;
    cosine = next;
  }
  return sum;
}
