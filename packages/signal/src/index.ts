export type { Audio, MultichannelAudio } from './audio.ts';
export { durationOf } from './audio.ts';
export type { RealFft } from './fft.ts';
export { createRealFft, nextPowerOfTwo } from './fft.ts';
export { InputError } from './input-error.ts';
export type { Random } from './random.ts';
export { createRandom } from './random.ts';
export type { Cents, Decibels, Frames, Hertz, MidiPitch, Samples, Seconds } from './units.ts';
