export type { EngineName, Progress, SingingEngine, SingRequest, Song, SungSegment } from './convert/engine.ts';
export type { RhythmConfig, RhythmPreset } from './features/rhythm.ts';
export { createRhythm, RHYTHM_PRESETS, rhythmOfEnergy, rhythmOfMel } from './features/rhythm.ts';
export { FRAME_RATE, framesOf, frameTime, HOP, SAMPLE_RATE } from './grid.ts';
export type { Lyric, Melody, MelodySource, Note } from './melody/melody.ts';
