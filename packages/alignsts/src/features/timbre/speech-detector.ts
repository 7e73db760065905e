/**
 * Says of 30 ms of 16 kHz sound whether it is speech: the port behind which WebRTC's detector stands (web-rtc-detector.ts). It remembers what
 * it heard, so windows come in order; `reset` begins a new recording.
 */
export type SpeechDetector = {
  reset(): void;
  isSpeech(window: Int16Array /* [480] */): boolean;
  close(): void;
};
