import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InputError } from '../input-error.ts';
import { decodeAudio } from './decode-audio.ts';

const folder = new URL('../../../../fixtures/audio/nasty/', import.meta.url);

/** Files that cannot be read, and what the user is told. */
const refused: Record<string, RegExp> = {
  'empty.wav': /^The audio file is empty \(0 bytes\)/,
  'one-byte.wav': /not audio in a known format: WAV, FLAC, MP3/,
  'text.wav': /not audio in a known format/,
  'noise.bin': /not audio in a known format/,
  'picture.mp3': /is a PNG picture, but WAV, FLAC/,
  'page.flac': /is an HTML page, but/,
  'zip.m4a': /is a ZIP archive, but/,
  'aiff.wav': /is an AIFF sound, but .* Convert it to WAV or FLAC first/,
  'opus.webm': /is a WebM or Matroska file, but/,
  'wav-44-bytes-of-4-gb.wav': /holds no samples/,
  'wav-no-samples.wav': /holds no samples/,
  'wav-empty-data-then-list.wav': /holds no samples/,
  'wav-fmt-of-size-0.wav': /"fmt " chunk has 0 bytes but needs 16/,
  'wav-no-fmt.wav': /has no "fmt " chunk/,
  'wav-no-data.wav': /has no "data" chunk/,
  'wav-0-channels.wav': /has 0 channels but 1 to 8 are accepted/,
  'wav-9-channels.wav': /has 9 channels but 1 to 8/,
  'wav-65535-channels.wav': /has 65535 channels but 1 to 8/,
  'wav-rate-0.wav': /sample rate is 0 Hz but 4000 to 192000 Hz are accepted/,
  'wav-rate-3999.wav': /sample rate is 3999 Hz/,
  'wav-rate-4-billion.wav': /sample rate is 4294967295 Hz/,
  'wav-0-bits.wav': /has 0-bit integer samples but 8, 16, 24 or 32-bit/,
  'wav-float-of-16-bits.wav': /has 16-bit float samples/,
  'wav-adpcm.wav': /is compressed \(format tag 0x0011\)/,
  'wav-nan.wav': /holds 2 samples that are not finite numbers .* \(sample 2 of channel 1\)/,
  'wav-infinity.wav': /holds 1 sample that is not a finite number .* \(sample 1 of channel 2\)/,
  'flac-headers-only.flac': /ends inside its headers/,
  'flac-metadata-beyond-the-end.flac': /ends inside its headers/,
  'damaged-flac-in-ogg.oga': /no frame that can be decoded/,
  'damaged-oggenc-stereo.ogg': /Ogg Vorbis file is damaged or cut off/,
  'damaged-opusenc-stereo-60ms.opus': /Opus file is damaged or cut off/,
  'vorbis-broken-setup.ogg': /Ogg Vorbis file is damaged or cut off/,
  'opus-mapping-beyond-streams.opus': /Opus file is damaged/,
  'opus-0-streams.opus': /Opus file is damaged/,
  'opus-0-channels.opus': /Opus file is damaged/,
  'opus-ambisonics.opus': /mapping family 2 \(ambisonics\)/,
  'ogg-theora-only.ogg': /holds no Opus, Vorbis or FLAC sound/,
  'layer2.mp3': /MPEG audio of layer II but only layer III/,
  'alac.m4a': /coded as Apple Lossless \(ALAC\) but in M4A only AAC is read/,
  'flac-in-mp4.mp4': /coded as FLAC but/,
  'cut-moov-at-end.m4a': /has no index \("moov" box\)/,
  'mp4-no-moov.m4a': /has no index \("moov" box\)/,
  'mp4-no-track.m4a': /has no sound track/,
  'mp4-no-esds.m4a': /coded as "mp4a" of type 0x0/,
  'mp4-protected.m4a': /protected \(DRM\) codec/,
  'mp4-deep.m4a': /has no index/,
  'mp4-4-billion-packets.m4a': /AAC sound cannot be decoded/,
  'mp4-packets-of-4-gb.m4a': /AAC sound cannot be decoded/,
  'mp4-chunk-behind-the-end.m4a': /AAC sound cannot be decoded/,
};

/** Files of which something can be read: how many samples, and what is said about the rest. */
const salvaged: Record<string, [samples: number, ...remarks: RegExp[]]> = {
  'wav-data-before-fmt.wav': [400],
  'wav-junk-chunks.wav': [400],
  'wav-odd-chunk-unpadded.wav': [400],
  'wav-block-align-0.wav': [400, /says 0 bytes a frame, .* 2 bytes were read/],
  'wav-cut.wav': [200, /declares 0.05 s of sound and holds 0.03 s/],
  'wav-half-a-sample.wav': [200, /declares 0.05 s of sound and holds 0.03 s/],
  'rf64-declares-an-exabyte.wav': [400, /header lies: it declares 72057594037927.94 s/],
  'flac-declares-2-to-the-36-samples.flac': [4000, /declares 4294967.30 s and holds 0.25 s/],
  'cut-flac-24-bit.flac': [1024, /declares 0.10 s and holds 0.06 s/],
  'cut-flac-8-stereo.flac': [2048, /declares 0.25 s and holds 0.13 s/],
  'cut-flac-in-ogg.oga': [2048, /declares 0.25 s and holds 0.13 s/],
  'damaged-flac-24-bit.flac': [1600, /Damaged FLAC frames became silence \(0.02 s\)/],
  'damaged-flac-8-stereo.flac': [4000, /Damaged FLAC frames became silence \(0.06 s\)/],
  'cut-lame-vbr-stereo.mp3': [10415, /MP3 file ends inside a frame/],
  'damaged-lame-vbr-stereo.mp3': [17327, /156 bytes between MP3 frames are damaged/],
  'mp3-id3-size-beyond-the-end.mp3': [8064],
  'mp3-behind-rubbish.mp3': [8064],
  'mp3-two-rates.mp3': [8064, /changes its sample rate or layer/],
  'cut-oggenc-stereo.ogg': [5376, /no end mark/],
  'cut-opusenc-stereo-60ms.opus': [14088, /no end mark/],
  'cut-ffmpeg-fast-coder.m4a': [11264, /cut short: the last 0.16 s that its index names are missing/],
  'damaged-ffmpeg-fast-coder.m4a': [17640, /1 damaged AAC frame became silence/],
  'mp4-4-billion-a-chunk.m4a': [17640],
  'cut-ffmpeg-22k.aac': [7168, /AAC file ends inside a frame/],
  'damaged-ffmpeg-22k.aac': [10240, /1 damaged AAC frame became silence/],
};

describe('nasty files (fixtures/make/audio-nasty.ts)', () => {
  test('each file of the folder has its answer here', () => {
    expect(readdirSync(folder).sort()).toEqual([...Object.keys(refused), ...Object.keys(salvaged)].sort());
  });

  test.each(Object.entries(refused))('%s is refused in a sentence', async (name, message) => {
    const error = await decodeAudio(new Uint8Array(readFileSync(new URL(name, folder)))).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(message);
    // what was wrong and what to do: two sentences, no line breaks, no stack
    expect((error as InputError).message).toMatch(/^[A-Z][^\n]*\.$/);
  });

  test.each(Object.entries(salvaged))('%s is read as far as it goes', async (name, [samples, ...messages]) => {
    const { audio, remarks } = await decodeAudio(new Uint8Array(readFileSync(new URL(name, folder))));
    expect(audio.channels.map((channel) => channel.length)).toEqual(audio.channels.map(() => samples));
    expect(remarks.length).toBe(messages.length);
    for (const [i, message] of messages.entries()) expect(remarks[i]).toMatch(message);
  });
});
