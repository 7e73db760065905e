/** Energy of every frame: e[t] = sqrt(Σ_k x[t,k]²), the L2 norm over all frequencies (AlignSTS §3.3). Silence gives 0. */
export function energyContour(rows: Float32Array /* [T, K] frame-major, linear amplitude */, bins: number): Float32Array /* [T] */ {
  const energy = new Float32Array(Math.floor(rows.length / bins));
  for (let t = 0; t < energy.length; t++) {
    let sum = 0;
    for (let i = t * bins; i < (t + 1) * bins; i++) sum += rows[i]! * rows[i]!;
    energy[t] = Math.sqrt(sum);
  }
  return energy;
}
