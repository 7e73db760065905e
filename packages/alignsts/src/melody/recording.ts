import {
  type Audio,
  durationOf,
  type F0Options,
  findOctaveJumps,
  InputError,
  type OctaveJump,
  repairOctaveJumps,
  resample,
  trackF0,
} from '@alignsts/signal';
import { FRAME_RATE, frameTime, HOP, SAMPLE_RATE } from '../grid.ts';
import { LONGEST_MELODY } from './check-melody.ts';
import type { Melody } from './melody.ts';
import { segmentMelody } from './segment-melody.ts';

/** A melody tracked from somebody singing or humming: F0 by Praat's method (B9), notes by segmentation, octave jumps marked. */
export type RecordingOptions = Partial<Pick<F0Options, 'floor' | 'ceiling' | 'voicingThreshold'>> & {
  name?: string;
  /** Moves stretches that are certainly an octave off to where they belong; without it they are only named in the remarks. */
  repairOctaves?: boolean;
};

const DEFAULT_CEILING = 750; // spec A1.2; 1000 suits a soprano

/**
 * @param audio one voice; any sample rate
 * @throws InputError if the recording is longer than 30 minutes or an option makes no sense.
 * @example melodyFromRecording(playAsTone(parseTune('A4:2'))).notes // [{ start: 0, end: 1, pitch: 69 }] within a few hundredths
 */
export function melodyFromRecording(audio: Audio, { name, repairOctaves = false, ...options }: RecordingOptions = {}): Melody {
  if (durationOf(audio) > LONGEST_MELODY) {
    throw new InputError(
      `the recording of the melody is ${Math.round(durationOf(audio) / 60)} minutes long; at most ${LONGEST_MELODY / 60} minutes can be sung. Cut it into parts.`,
    );
  }
  const voice = resample(audio, SAMPLE_RATE);
  const { f0, confidence } = trackF0(voice, { ceiling: DEFAULT_CEILING, ...options, hop: HOP, frames: 'mel' });
  const jumps = findOctaveJumps({ f0, confidence }, FRAME_RATE);
  const melody: Melody = {
    f0: repairOctaves ? repairOctaveJumps(f0, jumps) : f0,
    duration: durationOf(voice),
    confidence,
    source: { kind: 'recording', ...(name === undefined ? {} : { name }) },
    remarks: remarksOn(jumps, repairOctaves),
  };
  return segmentMelody(melody);
}

function remarksOn(jumps: OctaveJump[], repaired: boolean): string[] {
  const certain = jumps.filter((jump) => jump.certainty === 'certain');
  const possible = jumps.filter((jump) => jump.certainty === 'possible');
  const remarks: string[] = [];
  if (certain.length > 0) {
    const what = `${certain.length === 1 ? 'One octave jump' : `${certain.length} octave jumps`} of the pitch tracker (${places(certain)})`;
    remarks.push(
      repaired
        ? `${what} ${certain.length === 1 ? 'was' : 'were'} repaired.`
        : `${what} ${certain.length === 1 ? 'was' : 'were'} found and left as ${certain.length === 1 ? 'it is' : 'they are'}; ask for octave repair to correct ${certain.length === 1 ? 'it' : 'them'}.`,
    );
  }
  if (possible.length > 0) {
    remarks.push(
      `${possible.length === 1 ? 'One leap of an octave' : `${possible.length} leaps of an octave`} (${places(possible)}) may be sung or an error of the tracker; nothing was changed there.`,
    );
  }
  return remarks;
}

function places(jumps: OctaveJump[]): string {
  const times = jumps.slice(0, 5).map((jump) => `${frameTime(jump.start).toFixed(2)} s`);
  return `at ${times.join(', ')}${jumps.length > 5 ? ', …' : ''}`;
}
