/**
 * Foreign weights to the product's graphs, once:
 *   node --conditions=source --import tsx packages/train/src/convert-weights/main.ts whisper <model.bin> <out.onnx> [float32|float16|int8]
 *   node --conditions=source --import tsx packages/train/src/convert-weights/main.ts resemblyzer <pretrained.pt> <out.onnx> [float32|float16]
 * Prints the encoder's id, the file's size and its SHA-256.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { InputError } from '@alignsts/signal';
import { encoderId, RESEMBLYZER, recordContentEncoder, recordSpeakerEncoder, WHISPER_BASE } from 'alignsts';
import { type OnnxGraph, sha256, type WeightFormat, withWeightFormat, writeModel } from 'alignsts/onnx';
import { readCTranslate2 } from './ctranslate2-reader.ts';
import { speakerEncoderWeights } from './speaker-weights.ts';
import { whisperEncoderWeights } from './whisper-weights.ts';

type Conversion = { network: string; format: WeightFormat; formats: readonly WeightFormat[]; graphOf(file: Uint8Array): OnnxGraph };

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  whisper: {
    network: 'whisper-base-6',
    format: 'int8',
    formats: ['float32', 'float16', 'int8'],
    graphOf: (file) => recordContentEncoder(WHISPER_BASE, { encoder: whisperEncoderWeights(readCTranslate2(file), WHISPER_BASE) }),
  },
  resemblyzer: {
    network: 'resemblyzer',
    format: 'float16',
    formats: ['float32', 'float16'], // the recurrent layers have no int8 form
    graphOf: (file) => recordSpeakerEncoder(RESEMBLYZER, speakerEncoderWeights(file, RESEMBLYZER)),
  },
};

async function main([name = '', source, target, format]: readonly string[]): Promise<void> {
  const conversion = CONVERSIONS[name];
  if (conversion === undefined || source === undefined || target === undefined) {
    throw new InputError(`Say what to convert and where to: ${Object.keys(CONVERSIONS).join(' or ')}, the file, the file to write.`);
  }
  const chosen = conversion.formats.find((known) => known === (format ?? conversion.format));
  if (chosen === undefined) throw new InputError(`The format is ${format}; ${name} is written as ${conversion.formats.join(', ')}.`);
  const graph = withWeightFormat(conversion.graphOf(await readFile(source)), chosen);
  const bytes = writeModel(graph, { network: conversion.network, format: chosen });
  const hash = await sha256(bytes);
  await writeFile(target, bytes);
  process.stdout.write(`${encoderId(conversion.network, chosen, hash)}  ${(bytes.length / 1e6).toFixed(1)} MB  sha256 ${hash}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
