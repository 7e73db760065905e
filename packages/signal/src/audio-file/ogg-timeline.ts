import type { Hertz, Samples, Seconds } from '../units.ts';
import type { OggPage } from './ogg-pages.ts';

export type PageWindow = {
  /** Silence to put before the page's samples, for pages that are missing. */
  silence: Samples;
  /** The page's samples [start, end) that belong to the sound. */
  start: Samples;
  end: Samples;
};

export type OggTimeline = (count: Samples, page: OggPage) => PageWindow;

const LONGEST_HOLE: Seconds = 10;

/**
 * Which of the samples decoded page by page belong to the sound: not the codec's first `skip`, not those behind the last page's granule, and where
 * pages are missing silence for them. Granules count samples at `rate` (RFC 7845 §4, Vorbis I §A.2).
 */
export function createOggTimeline(skip: Samples, rate: Hertz): OggTimeline {
  let position: number | undefined;
  let toSkip = skip;
  return (count, { granule, last, afterGap }) => {
    let start = 0;
    let silence = 0;
    if (position === undefined) {
      // a stream cut from a longer one starts at its own time; one shorter than its first page says so by the last-page flag
      const begin = granule === undefined || last ? 0 : granule - count;
      start = Math.max(0, -begin);
      position = Math.max(0, begin) - start;
    } else if (afterGap && granule !== undefined && !last) {
      const missing = granule - count - position;
      if (missing > 0 && missing <= LONGEST_HOLE * rate) silence = missing;
      position = granule - count;
    }
    let end = count;
    if (last && granule !== undefined) end = Math.max(0, Math.min(count, granule - position));
    position += count;
    const skipped = Math.min(toSkip, Math.max(0, end - start));
    toSkip -= skipped;
    return { silence, start: start + skipped, end: Math.max(start + skipped, end) };
  };
}
