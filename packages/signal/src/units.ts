/** Unit aliases: a signature that names its units documents itself. They are plain numbers to the compiler. */

/** Cycles per second; as an F0 value, 0 means unvoiced. */
export type Hertz = number;
export type Seconds = number;
/** A count of, or an index into, audio samples. */
export type Samples = number;
/** A count of, or an index into, analysis frames. */
export type Frames = number;
/** Hundredths of a semitone. */
export type Cents = number;
export type Decibels = number;
/** MIDI note number, fractional values allowed; 69 = A4 = 440 Hz. */
export type MidiPitch = number;
