/**
 * Which syllable of the speech is sung on which notes.
 *
 * Lyrics in the score decide where they are given: every lyric is one syllable, and notes without one continue it (melisma). Otherwise nuclei and notes
 * are matched in order by dynamic programming over the costs below. With more notes than syllables a syllable may take several notes, with more syllables
 * than notes a note is split into equal pulses, so that the beat is kept. Every syllable is sung, every note is sung, nothing changes places.
 */
import type { Seconds } from '@alignsts/signal';
import type { Note } from '../../../melody/melody.ts';

/** What the assignment needs to know about a spoken syllable. */
export type SpokenSyllable = {
  /** Length of its vowel. */
  vowel: Seconds;
  /** How sonorous it is among the others: 0 the least, 1 the most. */
  sonority: number;
  /** The pause that follows it; 0 where the speech goes on. After the last one: the longest pause. */
  pauseAfter: Seconds;
};

/** A syllable in the song: its vowel begins at `start`, and its notes are notes[first … last]. */
export type SungSyllable = { syllable: number; start: Seconds; end: Seconds; first: number; last: number };

export type Assignment = { sung: SungSyllable[]; remarks: string[] };

/**
 * Costs of the assignment. One unit is the price of holding an average syllable over a second note.
 * - melisma: `a - 1` extra notes on one syllable cost (a - 1)·(1.5 - vowel/longest vowel/2 - sonority/2 - ½ before a pause) + 0.15·(a - 1)²
 * - split: `b` syllables on one note cost (b - 1)·(1 + 0.1 s/pulse) + 4·max(0, 0.2 s/pulse - 1)
 * - a rest inside a melisma costs 6: the voice would stop within a word
 * - between two syllables: pause and rest together gain 2; a pause without a rest costs 1, but 0.3 after a note that is longer than the median;
 *   a rest without a pause costs 1
 * Pauses and rests below 120 ms do not count.
 */
const COST = { rest: 6, together: -2, pauseOnly: 1, pauseAfterLongNote: 0.3, restOnly: 1, spread: 0.15, pulse: 0.1, shortPulse: 4 };
const SHORTEST_GAP: Seconds = 0.12;
const COMFORTABLE_PULSE: Seconds = 0.2;

export function assignSyllables(syllables: readonly SpokenSyllable[], notes: readonly Note[]): Assignment {
  const groups = lyricGroups(notes);
  const byLyrics = groups !== undefined && groups.length === syllables.length;
  const slots = byLyrics ? groups : notes.map((_, i) => ({ first: i, last: i }));
  const remarks: string[] = [];
  if (groups !== undefined && !byLyrics) {
    remarks.push(
      `The tune has ${count(groups.length, 'syllable')} of lyrics and ${count(syllables.length, 'syllable')} were found in the speech, so the lyrics were not followed.`,
    );
  }
  const sung = match(syllables, slots, notes);
  return { sung, remarks: [...remarks, ...describe(sung, byLyrics)] };
}

/** The notes of one sung syllable, notes[first … last], and its text. */
export type LyricGroup = { first: number; last: number; text: string };

/** The syllables that the score's lyrics ask for, or undefined where it has none. */
export function lyricGroups(notes: readonly Note[]): LyricGroup[] | undefined {
  if (!notes.some(({ lyric }) => lyric)) return undefined;
  const groups: LyricGroup[] = [];
  notes.forEach(({ lyric }, i) => {
    const last = groups.at(-1);
    if (!last || (lyric && last.text !== '')) groups.push({ first: i, last: i, text: lyric?.text ?? '' });
    else {
      // a note without a lyric continues the syllable before it; before the first lyric it belongs to the first syllable
      last.last = i;
      if (lyric) last.text = lyric.text;
    }
  });
  return groups;
}

type Slot = { first: number; last: number };

function match(syllables: readonly SpokenSyllable[], slots: readonly Slot[], notes: readonly Note[]): SungSyllable[] {
  const n = syllables.length;
  const m = slots.length;
  const widest = n === 0 ? 0 : m >= n ? Math.min(m - n + 1, 3 * Math.ceil(m / n) + 2) : Math.min(n - m + 1, 3 * Math.ceil(n / m) + 2);
  const longest = Math.max(...syllables.map(({ vowel }) => vowel), 1e-3);
  const lengths = notes.map(({ start, end }) => end - start).sort((a, b) => a - b);
  const medianNote = lengths[lengths.length >> 1] ?? 0;
  const restAfter = (slot: number): boolean =>
    slot + 1 < m && notes[slots[slot + 1]!.first]!.start - notes[slots[slot]!.last]!.end >= SHORTEST_GAP;

  const restsBefore = new Int32Array(m + 1);
  for (let i = 0; i < m; i++) restsBefore[i + 1] = restsBefore[i]! + (restAfter(i) ? 1 : 0);

  const melisma = (syllable: number, first: number, width: number): number => {
    const { vowel, sonority, pauseAfter } = syllables[syllable]!;
    const extra = width - 1;
    const readiness = vowel / longest / 2 + sonority / 2 + (pauseAfter >= SHORTEST_GAP ? 0.5 : 0);
    const rests = restsBefore[first + extra]! - restsBefore[first]!;
    return extra * (1.5 - readiness) + COST.spread * extra * extra + COST.rest * rests;
  };
  const split = (slot: number, width: number): number => {
    const pulse = (notes[slots[slot]!.last]!.end - notes[slots[slot]!.first]!.start) / width;
    if (width === 1) return 0;
    return (width - 1) * (1 + COST.pulse / pulse) + COST.shortPulse * Math.max(0, COMFORTABLE_PULSE / pulse - 1);
  };
  const border = (syllable: number, slot: number): number => {
    const pause = syllables[syllable]!.pauseAfter >= SHORTEST_GAP;
    const rest = restAfter(slot);
    if (pause && rest) return COST.together;
    if (rest) return COST.restOnly;
    if (!pause) return 0;
    const { start, end } = notes[slots[slot]!.last]!;
    return end - start > 1.2 * medianNote ? COST.pauseAfterLongNote : COST.pauseOnly;
  };

  // best[i][j]: i slots and j syllables are done
  const stride = n + 1;
  const best = new Float64Array((m + 1) * stride).fill(Number.POSITIVE_INFINITY);
  const width = new Int32Array((m + 1) * stride);
  best[0] = 0;
  for (let i = 1; i <= m; i++) {
    for (let j = 1; j <= n; j++) {
      for (let w = 1; w <= widest; w++) {
        const fromSlot = m >= n ? i - w : i - 1;
        const fromSyllable = m >= n ? j - 1 : j - w;
        if (fromSlot < 0 || fromSyllable < 0) break;
        const before = best[fromSlot * stride + fromSyllable]!;
        if (before === Number.POSITIVE_INFINITY) continue;
        const cost = before + (m >= n ? melisma(j - 1, i - w, w) : split(i - 1, w)) + (i < m && j < n ? border(j - 1, i - 1) : 0);
        if (cost < best[i * stride + j]!) {
          best[i * stride + j] = cost;
          width[i * stride + j] = w;
        }
      }
    }
  }

  const sung: SungSyllable[] = [];
  for (let i = m, j = n; i > 0 && j > 0; ) {
    const w = width[i * stride + j]!;
    if (m >= n) {
      const first = slots[i - w]!.first;
      const last = slots[i - 1]!.last;
      sung.push({ syllable: j - 1, start: notes[first]!.start, end: notes[last]!.end, first, last });
      i -= w;
      j -= 1;
    } else {
      const { first, last } = slots[i - 1]!;
      const start = notes[first]!.start;
      const pulse = (notes[last]!.end - start) / w;
      for (let k = w - 1; k >= 0; k--)
        sung.push({ syllable: j - w + k, start: start + k * pulse, end: start + (k + 1) * pulse, first, last });
      i -= 1;
      j -= w;
    }
  }
  return sung.reverse();
}

function describe(sung: readonly SungSyllable[], byLyrics: boolean): string[] {
  const remarks: string[] = [];
  const held = byLyrics ? [] : sung.filter(({ first, last }) => last > first);
  const moreNotes = held.reduce((sum, { first, last }) => sum + last - first, 0);
  if (held.length > 0) {
    const which = held.slice(0, MOST_NAMED).map(({ syllable }) => `the ${ordinal(syllable + 1)}`);
    remarks.push(
      `There ${are(moreNotes, 'more note')} than syllables, so ${count(held.length, 'syllable')} ${held.length === 1 ? 'is' : 'are'} held over several notes: ${which.join(', ')}${held.length > MOST_NAMED ? ' …' : ''}.`,
    );
  }
  const split = sung.filter(({ first }, i) => sung[i - 1]?.first === first);
  if (split.length > 0) {
    const notes = new Set(split.map(({ first }) => first)).size;
    remarks.push(
      `There ${are(split.length, 'more syllable')} than notes, so ${count(notes, 'note')} ${notes === 1 ? 'is' : 'are'} split into equal pulses.`,
    );
  }
  return remarks;
}

const MOST_NAMED = 8;

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function are(number: number, noun: string): string {
  return `${number === 1 ? 'is' : 'are'} ${count(number, noun)}`;
}

/** @example ordinal(22) // '22nd' */
function ordinal(number: number): string {
  const teen = number % 100 > 10 && number % 100 < 14;
  return `${number}${(!teen && { 1: 'st', 2: 'nd', 3: 'rd' }[number % 10]) || 'th'}`;
}
