import { type Frames, InputError } from '@alignsts/signal';
import { BLANK } from './ctc-symbols.ts';

/**
 * What a CTC head says, with and without knowing the words (Graves et al. 2006). A path names one symbol a frame; read with repetitions joined
 * and blanks left out it is a text. `greedyCtc` takes the best symbol of each frame, `alignCtc` the best path among those that read as the given text (Viterbi over
 * blanks and tokens in turn; Kürzinger et al. 2020).
 */
export type CtcScores = {
  values: Float32Array; // [N, symbols] log probabilities, frame-major
  frames: Frames; // N
  symbols: number;
};

/** Frames [start, end) in which the path names the token; the spike, not the sound's whole length. */
export type CtcSpan = { token: number; start: Frames; end: Frames };

export type CtcAlignment = {
  /** Natural logarithm of the path's probability. */
  score: number;
  /** One span a token, in order. */
  spans: CtcSpan[];
};

/** The best symbol of each frame, read as CTC reads. */
export function greedyCtc(scores: CtcScores): CtcSpan[] {
  checkScores(scores);
  const { values, frames, symbols } = scores;
  const spans: CtcSpan[] = [];
  let previous = BLANK;
  for (let n = 0; n < frames; n++) {
    let best = 0;
    for (let s = 1; s < symbols; s++) if (values[n * symbols + s]! > values[n * symbols + best]!) best = s;
    if (best !== BLANK && best === previous) spans.at(-1)!.end = n + 1;
    else if (best !== BLANK) spans.push({ token: best, start: n, end: n + 1 });
    previous = best;
  }
  return spans;
}

/**
 * Where each token of a known text is said.
 * @throws InputError when the tokens need more frames than there are, or one is not a symbol of the head
 */
export function alignCtc(scores: CtcScores, tokens: readonly number[]): CtcAlignment {
  checkScores(scores);
  const { values, frames, symbols } = scores;
  checkTokens(tokens, scores);
  // states: blank, token 0, blank, token 1, … blank
  const states = 2 * tokens.length + 1;
  const symbolOf = (state: number): number => (state % 2 === 0 ? BLANK : tokens[state >> 1]!);
  // a blank may be passed over unless the tokens beside it are equal: without it they would be read as one
  const skips = Array.from(
    { length: states },
    (_, state) => state % 2 === 1 && state > 1 && tokens[state >> 1] !== tokens[(state >> 1) - 1],
  );
  const steps = new Uint8Array(frames * states); // how many states back the best path came from
  let before = new Float64Array(states).fill(Number.NEGATIVE_INFINITY);
  let now = new Float64Array(states);
  for (let n = 0; n < frames; n++) {
    for (let state = 0; state < states; state++) {
      let step = 0;
      let best = before[state]!;
      if (n === 0) best = state <= 1 ? 0 : Number.NEGATIVE_INFINITY;
      else {
        if (state >= 1 && before[state - 1]! > best) [best, step] = [before[state - 1]!, 1];
        if (skips[state] && before[state - 2]! > best) [best, step] = [before[state - 2]!, 2];
      }
      now[state] = best + values[n * symbols + symbolOf(state)]!;
      steps[n * states + state] = step;
    }
    [before, now] = [now, before];
  }
  // a path ends in the last token or the blank behind it
  let state = states > 1 && before[states - 2]! > before[states - 1]! ? states - 2 : states - 1;
  const score = before[state]!;
  const spans = tokens.map((token): CtcSpan => ({ token, start: frames, end: 0 }));
  for (let n = frames - 1; n >= 0; n--) {
    if (state % 2 === 1) {
      const span = spans[state >> 1]!;
      span.start = n;
      span.end = Math.max(span.end, n + 1);
    }
    state -= steps[n * states + state]!;
  }
  return { score, spans };
}

/**
 * Log probabilities of logits, row by row.
 * @example logProbabilities(new Float32Array([0, 0]), 2) // [-0.693, -0.693]
 */
export function logProbabilities(logits: Float32Array /* [N, symbols] */, symbols: number): Float32Array {
  const result = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += symbols) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < symbols; s++) largest = Math.max(largest, logits[row + s]!);
    let sum = 0;
    for (let s = 0; s < symbols; s++) sum += Math.exp(logits[row + s]! - largest);
    const level = largest + Math.log(sum);
    for (let s = 0; s < symbols; s++) result[row + s] = logits[row + s]! - level;
  }
  return result;
}

function checkScores({ values, frames, symbols }: CtcScores): void {
  if (symbols >= 1 && values.length === frames * symbols) return;
  throw new InputError(
    `${values.length} log probabilities are no ${frames} frames of ${symbols} symbols. Give [frames, symbols], frame-major.`,
  );
}

function checkTokens(tokens: readonly number[], { frames, symbols }: CtcScores): void {
  for (const token of tokens) {
    if (!Number.isInteger(token) || token <= BLANK || token >= symbols) {
      throw new InputError(`Token ${token} is no symbol of the head: 1 to ${symbols - 1} are. Encode the text with the head's own list.`);
    }
  }
  const repeated = tokens.filter((token, index) => token === tokens[index - 1]).length;
  if (tokens.length + repeated > frames) {
    throw new InputError(
      `${tokens.length} tokens need ${tokens.length + repeated} frames at least, the speech has ${frames}. Are these the words that were said?`,
    );
  }
}
