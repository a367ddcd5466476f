import type { NdArray } from '../../formats/nd-array.js';
import { renameAll, type Renamed } from './names.js';
import type { PretrainedModel } from './registry.js';

/** What comes before a network's own names: `torch.nn.DataParallel`'s, and those of the reference's trained models. */
const wrapper = /^(?:module\.|model\.|body\.)+/;
/** What trained models have besides the network: the ResNet-50's blocks a second time, and its last layers. */
const beside = /^(?:module\.)?(?:layer_blocks|final_nonlinearity_layers)\./;
/** The classifier of published weights, or the embedding layer of trained models. */
const heads: Readonly<Record<PretrainedModel, RegExp>> = {
  ResNet50: /^(?:fc|last_linear)\./,
  Inception: /^last_linear\./,
  ViT: /^(?:head|pre_logits|last_linear)\./,
  ViTS: /^(?:head|pre_logits|last_layer)\./,
  ViTTi: /^(?:head|pre_logits|last_linear)\./,
};
/** The vectors of a batch normalization. */
const vectors = /(?:_bn|\bbn\d|\bdownsample\.1)\.(?:weight|bias|running_mean|running_var)$/;

/**
 * Tensors of a PyTorch state dict under the backbone's own names (`conv1.weight`), of published weights as of trained
 * models (`model.conv1.weight`).
 *
 * The classifier or embedding layer is left out. Old files have `[1, n]` for vectors of batch normalization: they become
 * `[n]`.
 */
export function fromTorchNames(arrays: ReadonlyMap<string, NdArray>, model: PretrainedModel, place: string): Renamed {
  const rename = (name: string, array: NdArray): readonly [string, NdArray] | 'drop' => {
    const own = name.replace(wrapper, '');
    return beside.test(name) || heads[model].test(own) ? 'drop' : [own, vectors.test(own) ? squeezed(array) : array];
  };
  return renameAll(arrays, rename, place, model);
}

function squeezed(array: NdArray): NdArray {
  const [first, second] = array.shape;
  return array.shape.length === 2 && first === 1 ? { ...array, shape: [second] } : array;
}
