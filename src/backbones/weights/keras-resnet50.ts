import type { NdArray } from '../../formats/nd-array.js';
import { renameAll, type Renamed } from './names.js';
import { permute } from './permute.js';

const statistics: Readonly<Record<string, string>> = {
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
};
const branches: Readonly<Record<string, { convolution: string; normalization: string }>> = {
  '2a': { convolution: 'conv1', normalization: 'bn1' },
  '2b': { convolution: 'conv2', normalization: 'bn2' },
  '2c': { convolution: 'conv3', normalization: 'bn3' },
  '1': { convolution: 'downsample.0', normalization: 'downsample.1' },
};

/**
 * Converts weights of Keras' ResNet-50 (`res2a_branch2a/kernel`, `bn2a_branch2a/gamma`) to torchvision's names
 * (`layer1.0.conv1.weight`, `layer1.0.bn1.weight`) and layout, and keeps the biases that only Keras' convolutions have.
 *
 * @throws UsageError where a name does not belong to Keras' ResNet-50
 */
export function fromKerasResNet50(arrays: ReadonlyMap<string, NdArray>, place: string): Renamed {
  return renameAll(arrays, rename, place, "Keras' ResNet-50");
}

function rename(name: string, array: NdArray): readonly [string, NdArray] | 'drop' | undefined {
  if (/^fc1000\//.test(name)) return 'drop';
  const [layer, variable] = name.replace(/:0$/, '').split('/');
  const stem = layer === 'conv1' || layer === 'bn_conv1';
  const part = /^(res|bn)([2-5])([a-z])_branch(2a|2b|2c|1)$/.exec(layer);
  if (!stem && part === null) return undefined;
  const [, , stage, block, branch] = part ?? [];
  const prefix = stem ? '' : `layer${Number(stage) - 1}.${block.charCodeAt(0) - 'a'.charCodeAt(0)}.`;
  const target = stem ? { convolution: 'conv1', normalization: 'bn1' } : branches[branch];
  if (layer.startsWith('bn')) {
    const statistic = statistics[variable];
    return statistic === undefined ? undefined : [`${prefix}${target.normalization}.${statistic}`, array];
  }
  if (variable === 'bias') return [`${prefix}${target.convolution}.bias`, array];
  if (variable !== 'kernel' || array.shape.length !== 4) return undefined;
  return [`${prefix}${target.convolution}.weight`, permute(array, [3, 2, 0, 1])];
}
