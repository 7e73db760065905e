/**
 * The noise schedule of the diffusion decoder (§3.6; ProDiff, Huang et al. 2022; spec A2.7): a variance-preserving SDE cut into
 * steps + 1 levels. β_t = 1 − exp(−β_min/L − ½(β_max − β_min)(2t − 1)/L²) for t = 1 … L; x_i = √ᾱ_i·x0 + √(1 − ᾱ_i)·ε.
 * Sampling visits the levels steps − 1 … 0: the last one is trained but never visited, as in ProDiff.
 */
export type ScheduleConfig = { steps: number; betaMin: number; betaMax: number };

/** One row a level; index 0 is the least noisy. All in double precision. */
export type Schedule = {
  levels: number;
  steps: number;
  beta: Float64Array;
  alphaBar: Float64Array;
  /** √ᾱ: how much of the signal is left. */
  signal: Float64Array;
  /** √(1 − ᾱ): how much noise there is. */
  noise: Float64Array;
  /** Posterior mean q(x_{i−1} | x_i, x0) = meanOfClean·x0 + meanOfNoisy·x_i. */
  meanOfClean: Float64Array;
  meanOfNoisy: Float64Array;
  /** Posterior standard deviation; 0 at level 0. */
  deviation: Float64Array;
};

/** @example createSchedule({ steps: 4, betaMin: 0.1, betaMax: 40 }).signal[0] // 0.664314… */
export function createSchedule(config: ScheduleConfig): Schedule {
  const levels = config.steps + 1;
  const table = (): Float64Array => new Float64Array(levels);
  const schedule = { beta: table(), alphaBar: table(), signal: table(), noise: table(), meanOfClean: table(), meanOfNoisy: table() };
  const deviation = table();
  let previous = 1; // ᾱ of the level below
  for (let i = 0; i < levels; i++) {
    const beta = 1 - Math.exp(-config.betaMin / levels - (0.5 * (config.betaMax - config.betaMin) * (2 * i + 1)) / levels ** 2);
    const alphaBar = previous * (1 - beta);
    schedule.beta[i] = beta;
    schedule.alphaBar[i] = alphaBar;
    schedule.signal[i] = Math.sqrt(alphaBar);
    schedule.noise[i] = Math.sqrt(1 - alphaBar);
    schedule.meanOfClean[i] = (beta * Math.sqrt(previous)) / (1 - alphaBar);
    schedule.meanOfNoisy[i] = ((1 - previous) * Math.sqrt(1 - beta)) / (1 - alphaBar);
    deviation[i] = Math.sqrt((beta * (1 - previous)) / (1 - alphaBar));
    previous = alphaBar;
  }
  return { levels, steps: config.steps, ...schedule, deviation };
}
