import { initWhisperEncoder, type WhisperEncoderConfig } from 'alignsts';
import { type FloatArray, fillTree, namedLeaves } from 'alignsts/model';
import { expect, test } from 'vitest';
import type { CTranslate2Model } from './ctranslate2-reader.ts';
import { whisperEncoderWeights } from './whisper-weights.ts';

const SMALL: WhisperEncoderConfig = { bands: 4, hidden: 8, heads: 2, layers: 2, feedForward: 12, positions: 6 };

/** CTranslate2's name of each of our weights. */
function theirName(name: string): string {
  const [room, place, part, leaf] = name.split('.');
  if (name === 'positions') return 'encoder/position_encodings/encodings';
  if (room === 'front') return `encoder/conv${Number(place) + 1}/${part}`;
  if (room === 'norm') return `encoder/layer_norm/${place === 'weight' ? 'gamma' : 'beta'}`;
  const parts: Record<string, string> = {
    attentionNorm: 'self_attention/layer_norm',
    projections: 'self_attention/linear_0',
    attentionOutput: 'self_attention/linear_1',
    feedForwardNorm: 'ffn/layer_norm',
    expand: 'ffn/linear_0',
    contract: 'ffn/linear_1',
  };
  const theirLeaf = part!.endsWith('Norm') ? (leaf === 'weight' ? 'gamma' : 'beta') : leaf;
  return `encoder/layer_${place}/${parts[part!]}/${theirLeaf}`;
}

function modelOf(leaves: readonly { name: string; leaf: FloatArray }[], revision = 3): CTranslate2Model {
  const variables = new Map(
    leaves.map(({ name, leaf }) => {
      const shape = name === 'positions' ? leaf.shape.slice(1) : [...leaf.shape];
      return [theirName(name), { dtype: 'float32' as const, shape, bytes: new Uint8Array(leaf.data.buffer) }];
    }),
  );
  variables.set('encoder/num_heads', { dtype: 'float32', shape: [], bytes: new Uint8Array(Float32Array.of(2).buffer) });
  return { specification: 'WhisperSpec', revision, variables };
}

test('every weight is found under the name CTranslate2 gives it', () => {
  const weights = fillTree(initWhisperEncoder(SMALL), 1);
  const leaves = namedLeaves<FloatArray>(weights);
  expect(whisperEncoderWeights(modelOf(leaves), SMALL)).toEqual(weights);
});

test('another revision, number of heads or size, and numbers that are none, are refused', () => {
  const leaves = namedLeaves<FloatArray>(fillTree(initWhisperEncoder(SMALL), 1));
  expect(() => whisperEncoderWeights(modelOf(leaves, 2), SMALL)).toThrow(/WhisperSpec revision 2; WhisperSpec revision 3 is needed/);
  expect(() => whisperEncoderWeights(modelOf(leaves), { ...SMALL, heads: 4 })).toThrow('The encoder has 2 heads, 4 are needed');
  expect(() => whisperEncoderWeights(modelOf(leaves), { ...SMALL, layers: 3 })).toThrow(/no variable encoder\/layer_2\//);
  leaves[0]!.leaf.data[0] = Number.NaN;
  expect(() => whisperEncoderWeights(modelOf(leaves), SMALL)).toThrow(/holds NaN: the file is damaged/);
});
