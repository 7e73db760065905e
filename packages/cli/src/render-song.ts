/** Everything that is written about a song, as bytes. */
import type { Audio } from '@alignsts/signal';
import { type Conversion, formatTextGrid, type Melody, melodyToMidi, segmentMelody, songFigure, songTextGrid } from 'alignsts';
import { sha256 } from './input-file.ts';
import type { OutputFile } from './output-files.ts';
import { encodePicture } from './picture-file.ts';
import { type OutputKind, pathForSidecar, type SidecarInput, thisMaker, writeSidecar } from './sidecar.ts';
import type { SingPlan } from './sing-plan.ts';
import { encodeSound } from './sound-file.ts';

export type SongFile = OutputFile & { kind: OutputKind; content: Uint8Array | string; hash: string };

export type MadeSong = { speech: Audio; conversion: Conversion; remarks: string[]; cwd: string };

/** In the order of the plan; the song itself comes first. */
export function renderSong(plan: SingPlan, made: MadeSong): SongFile[] {
  const files: SongFile[] = [];
  for (const { kind, path } of plan.outputs) {
    if (kind !== 'sidecar') files.push(songFile(kind, path, render(kind, path, plan, made)));
  }
  for (const { kind, path } of plan.outputs) {
    if (kind === 'sidecar') files.push(songFile(kind, path, sidecarOf(plan, made, files, path)));
  }
  return files;
}

/**
 * Holds a song that was made again against its side-car.
 * @returns what to tell the user
 * @throws Error when the same program on the same machine gave other bytes
 */
export function compareWithExpected({ expected }: SingPlan, files: readonly SongFile[]): string[] {
  if (!expected) return [];
  const differing = files.filter(({ kind, hash }) => expected.outputs.some((output) => output.kind === kind && output.sha256 !== hash));
  if (differing.length === 0) return ['The same bytes as before.'];
  const paths = differing.map(({ path }) => path).join(' and ');
  const [then, now] = [expected.madeBy, thisMaker()];
  if (then.alignsts === now.alignsts && then.node === now.node && then.platform === now.platform) {
    throw new Error(`${paths} came out otherwise than the side-car says, in the same version on the same machine`);
  }
  const describe = ({ alignsts, node, platform }: typeof now): string => `alignsts ${alignsts}, Node ${node}, ${platform}`;
  return [`${paths} came out otherwise than before: made then by ${describe(then)}, now by ${describe(now)}.`];
}

function songFile(kind: OutputKind, path: string, content: Uint8Array | string): SongFile {
  return { kind, path, content, hash: sha256(typeof content === 'string' ? new TextEncoder().encode(content) : content) };
}

function render(kind: Exclude<OutputKind, 'sidecar'>, path: string, plan: SingPlan, { speech, conversion }: MadeSong): Uint8Array | string {
  const { song, melody } = conversion;
  if (kind === 'audio') return encodeSound(song.audio, path, plan.song.bits === '24' ? 24 : 16);
  if (kind === 'midi') return melodyToMidi(melodyAsSung(conversion), { bends: 'f0' });
  if (kind === 'textgrid') return formatTextGrid(songTextGrid(song, melody));
  const title = `${plan.speech.name} sung to ${plan.melody.name}`;
  return encodePicture(songFigure({ title, subtitle: `engine ${conversion.engine}`, speech, song, melody }), path);
}

/** The notes of the melody with the pitch that was really sung as bends. */
function melodyAsSung({ song, melody }: Conversion): Melody {
  const { notes } = segmentMelody(melody);
  const { confidence: _, ...rest } = melody;
  return { ...rest, ...(notes && { notes }), f0: song.f0 };
}

function sidecarOf(plan: SingPlan, { conversion, remarks, cwd }: MadeSong, files: readonly SongFile[], path: string): string {
  const kept = (file: string): string => pathForSidecar(file, path, cwd);
  const { speech, melody, song } = plan;
  const melodyInput: SidecarInput = melody.typed
    ? { text: melody.path, sha256: melody.sha256 }
    : { path: kept(melody.path), sha256: melody.sha256 };
  return writeSidecar({
    kind: 'alignsts song',
    format: 1,
    madeBy: thisMaker(),
    inputs: { speech: { path: kept(speech.path), sha256: speech.sha256 }, melody: melodyInput },
    options: Object.fromEntries(
      Object.entries(song).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
    ),
    engine: conversion.engine,
    outputs: [
      ...files.map((file) => ({ kind: file.kind, path: kept(file.path), sha256: file.hash })),
      { kind: 'sidecar', path: kept(path) },
    ],
    remarks,
  });
}
