import type { NdArray } from '../../formats/nd-array.js';
import { renameAll, type Renamed } from './names.js';
import type { PretrainedModel } from './registry.js';

/** Prefixes that `torch.nn.DataParallel`, `torch.compile` and `AveragedModel` add to the names of a model or a part. */
const wrapped = /(?:^module\.|(?<=^|\.)_orig_mod\.)/g;
/** Prefixes of a network's own names: those of the original's trained models, and of training libraries' modules. */
const wrapper = /^(?:(?:module|model|body|backbone|encoder|net|network)\.)+/;
/** Prefixes of averaged weights, which are stored besides the others. */
const averaged = /^(?:ema|ema_model|model_ema)\./;
/** The name of the counter of `AveragedModel`. */
const counted = 'n_averaged';
/** Prefixes of what trained models have besides the network: ResNet-50's blocks a second time, and its last layers. */
const beside = /^(?:layer_blocks|final_nonlinearity_layers)\./;
/** The classifier of published weights, or the embedding layer of trained models. */
const heads: Readonly<Record<PretrainedModel, RegExp>> = {
  ResNet50: /^(?:fc|last_linear)\./,
  Inception: /^last_linear\./,
  ViT: /^(?:head|pre_logits|last_linear)\./,
  ViTS: /^(?:head|pre_logits|last_layer)\./,
  ViTTi: /^(?:head|pre_logits|last_linear)\./,
};
/** Names of the vectors of a batch normalization. */
const vectors = /(?:_bn|\bbn\d|\bdownsample\.1)\.(?:weight|bias|running_mean|running_var)$/;

/**
 * Gives tensors of a PyTorch state dict the backbone's own names (`conv1.weight`), both of published weights and of
 * trained models (`model.conv1.weight`).
 *
 * The classifier or embedding layer is left out. Old files have vectors of batch normalization as `[1, n]`; they become
 * `[n]`.
 */
export function fromTorchNames(arrays: ReadonlyMap<string, NdArray>, model: PretrainedModel, place: string): Renamed {
  const hasOthers = ![...arrays.keys()].every((name) => averaged.test(name) || name === counted);
  const rename = (name: string, array: NdArray): readonly [string, NdArray] | 'drop' => {
    const own = name.replace(averaged, '').replace(wrapper, '');
    if (hasOthers && averaged.test(name)) return 'drop';
    return beside.test(name) || heads[model].test(own) ? 'drop' : [own, vectors.test(own) ? squeezed(array) : array];
  };
  return renameAll(unwrapped(arrays), rename, place, model);
}

/**
 * Removes the prefixes that wrappers of models add to names of tensors.
 *
 * Names that would then occur twice stay as they are, and are refused later as surplus.
 */
export function unwrapped(arrays: ReadonlyMap<string, NdArray>): Map<string, NdArray> {
  const result = new Map<string, NdArray>();
  for (const [name, array] of arrays) {
    if (name === counted) continue;
    const own = stripped(name);
    result.set(own === '' || arrays.has(own) || result.has(own) ? name : own, array);
  }
  return result;
}

function stripped(name: string): string {
  const own = name.replace(wrapped, '');
  return own === name ? name : stripped(own);
}

function squeezed(array: NdArray): NdArray {
  const [first, second] = array.shape;
  return array.shape.length === 2 && first === 1 ? { ...array, shape: [second] } : array;
}
