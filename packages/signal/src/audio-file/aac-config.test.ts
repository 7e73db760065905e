import { expect, test } from 'vitest';
import { InputError } from '../input-error.ts';
import { parseAacConfig } from './aac-config.ts';

const bits = (text: string): Uint8Array => {
  const packed = text.replaceAll(' ', '').padEnd(8 * Math.ceil(text.replaceAll(' ', '').length / 8), '0');
  return Uint8Array.from(packed.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
};

test.each([
  ['AAC-LC at 44.1 kHz', '00010 0100 0010 000', { sampleRate: 44100, rateIndex: 4 }],
  // type 5: the core's rate first, then the rate it plays at, then the core's type
  ['HE-AAC with a core at 22.05 kHz', '00101 0111 0010 0100 00010 000', { sampleRate: 22050, rateIndex: 7 }],
  ['HE-AAC v2', '11101 0111 0001 0100 00010 000', { sampleRate: 22050, rateIndex: 7 }],
  // 15 announces 24 bits of rate; 37000 Hz uses the tables of 32 kHz (27713 to 37566 Hz)
  ['a rate of its own', '00010 1111 000000001001000010001000 0010 000', { sampleRate: 37000, rateIndex: 5 }],
])('%s is understood', (_, text, config) => {
  expect(parseAacConfig(bits(text))).toEqual(config);
});

test.each([
  ['AAC Main', '00001 0100 0010 000', /coded as AAC Main but/],
  ['xHE-AAC', '11111 001010 0100 0010 000', /coded as xHE-AAC \(USAC\) but/],
  ['an unnamed type', '11111 100000 0100 0010 000', /MPEG-4 audio type 64/],
  ['a reserved rate', '00010 1101 0010 000', /sample rate that AAC does not have/],
  ['frames of 960 samples', '00010 0100 0010 100', /frames of 960 samples/],
  ['nothing', '', /damaged where it describes/],
])('%s is refused', (_, text, message) => {
  expect(() => parseAacConfig(bits(text))).toThrow(InputError);
  expect(() => parseAacConfig(bits(text))).toThrow(message);
});
