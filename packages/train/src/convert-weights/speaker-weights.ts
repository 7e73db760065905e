import { InputError } from '@alignsts/signal';
import { dataToFloat32, ptTensors, readPt } from '@alignsts/torch';
import type { SpeakerEncoderConfig, SpeakerEncoderParams } from 'alignsts';
import type { FloatArray } from 'alignsts/model';
import { repackCheckpoint } from './repack-checkpoint.ts';

/**
 * The network of Resemblyzer's `pretrained.pt`. Nothing in that file is executed.
 * @throws InputError when a tensor is absent or of another shape
 */
export function speakerEncoderWeights(file: Uint8Array, config: SpeakerEncoderConfig): SpeakerEncoderParams<FloatArray> {
  const tensors = ptTensors(readPt(repackCheckpoint(file)));
  const { bands, hidden, layers, channels } = config;
  const array = (name: string, ...shape: number[]): FloatArray => {
    const tensor = tensors[`model_state.${name}`];
    if (tensor === undefined) throw new InputError(`The checkpoint has no tensor model_state.${name}. Give Resemblyzer's pretrained.pt.`);
    if (tensor.shape.join() !== shape.join()) {
      throw new InputError(`model_state.${name} has the shape [${tensor.shape}], [${shape}] is needed. Give Resemblyzer's pretrained.pt.`);
    }
    return { shape, data: dataToFloat32(tensor) };
  };
  return {
    layers: Array.from({ length: layers }, (_, layer) => ({
      inputWeight: array(`lstm.weight_ih_l${layer}`, 4 * hidden, layer === 0 ? bands : hidden),
      hiddenWeight: array(`lstm.weight_hh_l${layer}`, 4 * hidden, hidden),
      inputBias: array(`lstm.bias_ih_l${layer}`, 4 * hidden),
      hiddenBias: array(`lstm.bias_hh_l${layer}`, 4 * hidden),
    })),
    output: { weight: array('linear.weight', channels, hidden), bias: array('linear.bias', channels) },
  };
}
