import type { Candidates } from './candidates.ts';
import type { F0Options } from './f0-options.ts';

/**
 * The cheapest path through the candidates of all frames (Boersma 1993 §4, step 4, eqs. 23–27): unvoiced or one of the frame's periods,
 * gaining their strengths, paying for octave jumps and changes of voicing. Returns, for every frame, the index into `candidates`
 * or -1 for unvoiced. A candidate above the ceiling counts as voiceless in the costs and comes out as -1.
 */
export function bestPath(
  candidates: Candidates,
  intensity: Float32Array /* [T] peak of the frame over peak of the sound, 0 … 1 */,
  frameSeconds: number,
  options: F0Options,
): Int32Array {
  const { ceiling, voicingThreshold, silenceThreshold, octaveCost } = options;
  const { offsets, frequency, strength } = candidates;
  const frames = intensity.length;
  const correction = 0.01 / frameSeconds; // costs are meant for steps of 10 ms
  const jumpCost = options.octaveJumpCost * correction;
  const voicingCost = options.voicedUnvoicedCost * correction;

  let widest = 0;
  for (let t = 0; t < frames; t++) widest = Math.max(widest, offsets[t + 1]! - offsets[t]!);
  // state 0 of a frame is unvoiced, state i its candidate i-1; octave NaN marks the voiceless ones
  let score = new Float64Array(widest + 1);
  let octave = new Float64Array(widest + 1);
  let previousScore = new Float64Array(widest + 1);
  let previousOctave = new Float64Array(widest + 1);
  const from = new Uint8Array(frames + (offsets[frames] ?? 0)); // the states of frame t begin at offsets[t] + t
  let previousStates = 0;

  for (let t = 0; t < frames; t++) {
    const first = offsets[t]!;
    const states = offsets[t + 1]! - first + 1;
    for (let i = 0; i < states; i++) {
      const f = i === 0 ? 0 : frequency[first + i - 1]!;
      const voiced = f > 0 && f < ceiling;
      octave[i] = voiced ? Math.log2(f) : Number.NaN;
      const silence = silenceThreshold > 0 ? Math.max(0, 2 - intensity[t]! / (silenceThreshold / (1 + voicingThreshold))) : 0;
      const gain = voiced ? strength[first + i - 1]! - octaveCost * Math.log2(ceiling / f) : voicingThreshold + silence;
      let best = t === 0 ? 0 : Number.NEGATIVE_INFINITY;
      for (let j = 0; j < previousStates; j++) {
        const jump = octave[i]! - previousOctave[j]!;
        let cost = 0;
        // NaN: at least one of the two is voiceless
        if (!Number.isNaN(jump)) cost = jumpCost * Math.abs(jump);
        else if (voiced || !Number.isNaN(previousOctave[j])) cost = voicingCost;
        const total = previousScore[j]! - cost;
        if (total > best) {
          best = total;
          from[first + t + i] = j;
        }
      }
      score[i] = best + gain;
    }
    [previousScore, score] = [score, previousScore];
    [previousOctave, octave] = [octave, previousOctave];
    previousStates = states;
  }

  const chosen = new Int32Array(frames);
  let state = 0;
  for (let i = 1; i < previousStates; i++) if (previousScore[i]! > previousScore[state]!) state = i;
  for (let t = frames - 1; t >= 0; t--) {
    const first = offsets[t]!;
    const index = first + state - 1;
    chosen[t] = state > 0 && frequency[index]! < ceiling ? index : -1;
    state = from[first + t + state]!;
  }
  return chosen;
}
