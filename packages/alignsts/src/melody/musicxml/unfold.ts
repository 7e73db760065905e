import { InputError } from '@alignsts/signal';
import type { MeasureFlow } from './score.ts';

/**
 * The order in which measures are played: repeats, volta endings, Da Capo and Dal Segno with Fine and Coda.
 * As players read them: a repeat without a beginning goes back to the last repeat's end or the start; a jump is obeyed when its
 * measure is left for the last time; after a jump repeats are not taken again and the last ending is played (Gould 2011, Behind Bars,
 * "Repeats"); Fine and To Coda count only after a jump.
 */
export type Played = {
  measure: number;
  /** 1 when the measure sounds for the first time, 2 the second, …: the verse it sings. */
  visit: number;
};

const MOST_PLAYED = 20_000;

/** @throws InputError if more than 20000 measures would be played. */
export function unfold(flow: readonly MeasureFlow[]): Played[] {
  const played: Played[] = [];
  const visits = new Int32Array(flow.length);
  const endings = findEndings(flow);
  const jumpsTaken = new Set<number>();
  let start = 0; // where the present repeat goes back to
  let pass = 1;
  let jumped = false;
  let measure = 0;
  while (measure < flow.length) {
    const here = flow[measure]!;
    if (here.repeatForward && start !== measure) {
      start = measure;
      pass = 1;
    }
    const ending = endings[measure];
    if (ending && measure === ending.first && !(jumped ? ending.last : ending.numbers.includes(pass))) {
      measure = ending.end + 1;
      if (ending.last) [start, pass] = [measure, 1];
      continue;
    }
    if (played.length === MOST_PLAYED)
      throw new InputError(
        `with its repeats the score has more than ${MOST_PLAYED} measures. Check its repeat signs, or turn repeats off.`,
      );
    visits[measure]!++;
    played.push({ measure, visit: visits[measure]! });

    if (jumped && here.fine) break;
    const coda = jumped && here.toCoda !== undefined ? labelled(flow, 'coda', here.toCoda, measure + 1) : -1;
    if (coda >= 0) {
      [measure, start, pass] = [coda, coda, 1];
      continue;
    }
    if (here.repeatTimes !== undefined) {
      if (!jumped && pass < timesThrough(here.repeatTimes, ending)) {
        pass++;
        measure = start;
        continue;
      }
      [start, pass] = ending && !ending.last ? [start, pass] : [measure + 1, 1];
    } else if (ending && measure === ending.end && ending.last) {
      [start, pass] = [measure + 1, 1];
    }
    if ((here.daCapo || here.dalSegno !== undefined) && !jumpsTaken.has(measure)) {
      jumpsTaken.add(measure);
      const target = here.dalSegno === undefined ? 0 : labelled(flow, 'segno', here.dalSegno, 0);
      if (target >= 0) {
        jumped = true;
        [measure, start, pass] = [target, target, 1];
        continue;
      }
    }
    measure++;
  }
  return played;
}

/** The measure with a sign: the one with the same label, else the first one from `from` on; -1 if there is none. */
function labelled(flow: readonly MeasureFlow[], sign: 'segno' | 'coda', label: string, from: number): number {
  const same = flow.findIndex((measure) => measure[sign].includes(label));
  return same >= 0 ? same : flow.findIndex((measure, index) => index >= from && measure[sign].length > 0);
}

type Ending = { numbers: number[]; first: number; end: number; last: boolean; groupHighest: number; groupSize: number };

/** The volta bracket over each measure. Brackets that touch form a group: the alternatives of one repeat. */
function findEndings(flow: readonly MeasureFlow[]): (Ending | undefined)[] {
  const over: (Ending | undefined)[] = new Array(flow.length);
  let group: Ending[] = [];
  const close = (): void => {
    const groupHighest = Math.max(0, ...group.flatMap((ending) => ending.numbers));
    for (const ending of group) {
      ending.groupHighest = groupHighest;
      ending.groupSize = group.length;
    }
    const last = group.at(-1);
    // a single bracket that goes back has its unmarked alternative after it, so it is not the last ending
    if (last && !(group.length === 1 && flow[last.end]!.repeatTimes !== undefined)) last.last = true;
    group = [];
  };
  for (let measure = 0; measure < flow.length; measure++) {
    const numbers = flow[measure]!.endingStart;
    if (!numbers) continue;
    let end = measure;
    while (end + 1 < flow.length && !flow[end]!.endingStop && flow[end]!.repeatTimes === undefined && !flow[end + 1]!.endingStart) end++;
    if (!flow[end]!.endingStop && flow[end]!.repeatTimes === undefined && !flow[end + 1]?.endingStart) end = measure; // a bracket never closed covers one measure
    if (group.length > 0 && group.at(-1)!.end !== measure - 1) close();
    const ending: Ending = { numbers, first: measure, end, last: false, groupHighest: 0, groupSize: 1 };
    group.push(ending);
    for (let i = measure; i <= end; i++) over[i] = ending;
    measure = end;
  }
  close();
  return over;
}

/** How often the section before a repeat sign is played: as often as the sign says, or as the brackets number. */
function timesThrough(declared: number, ending: Ending | undefined): number {
  if (!ending) return declared;
  if (ending.groupSize === 1) return Math.max(declared, ending.groupHighest + 1);
  return ending.groupHighest;
}
