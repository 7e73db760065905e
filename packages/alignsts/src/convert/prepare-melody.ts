/** The door for melodies: whatever holds one comes out as a Melody, and a recording also as the reference that engine `template` follows. */
import { type Audio, decodeMono } from '@alignsts/signal';
import { checkMelody } from '../melody/check-melody.ts';
import type { Melody } from '../melody/melody.ts';
import { melodyFormatOf, openMelody, type ReadMelodyOptions } from '../melody/read-melody.ts';
import { melodyFromRecording } from '../melody/recording.ts';
import { LONGEST_RECORDING, prepareRecording } from './prepare-recording.ts';

export type PreparedMelody = {
  melody: Melody;
  /** The recording the melody was tracked from, 24 kHz mono. */
  reference?: Audio;
};

export type PrepareMelodyOptions = Pick<ReadMelodyOptions, 'name' | 'midi' | 'musicXml' | 'table' | 'pitchTier' | 'recording'>;

/**
 * Reads a melody from a file's bytes. Its range is not checked yet: that waits until it has been moved to the voice (convert.ts).
 * A recording passes the same checks as the speech, so that silence or noise is named as such.
 * @throws InputError that says what is wrong, what is allowed and what to do
 */
export async function prepareMelody(bytes: Uint8Array, options: PrepareMelodyOptions = {}): Promise<PreparedMelody> {
  const { name } = options;
  if (melodyFormatOf(bytes, name) !== 'audio') return openMelody(bytes, { ...options, range: 'any' });
  const { audio, remarks } = await decodeMono(bytes, { maxSeconds: LONGEST_RECORDING });
  const prepared = prepareRecording({ channels: [audio.samples], sampleRate: audio.sampleRate }, 'the melody');
  const tracked = melodyFromRecording(prepared.audio, { ...options.recording, ...(name !== undefined && { name }) });
  const melody = { ...tracked, remarks: [...remarks, ...prepared.remarks, ...tracked.remarks] };
  checkMelody(melody, { range: 'any' });
  return { melody, reference: prepared.audio };
}
