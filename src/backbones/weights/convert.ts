import { extname } from 'node:path';
import { UsageError } from '../../errors.js';
import type { NdArray } from '../../formats/nd-array.js';
import { readNpz } from '../../formats/npz.js';
import { readTfjsModel } from '../../formats/tfjs-layers-model.js';
import { isTorchName, readTorch } from '../../formats/torch/torch-file.js';
import { brokenParameter } from '../broken-parameter.js';
import type { Variant } from '../options.js';
import { fromAugregViT } from './augreg-vit.js';
import { fromKerasResNet50 } from './keras-resnet50.js';
import type { Renamed } from './names.js';
import type { KnownWeights, PretrainedModel } from './registry.js';
import { readStored } from './stored.js';
import { fromTorchNames } from './torch-names.js';

/** Holds a file's tensors under the network's own PyTorch names, and the variant of the network that they are for. */
export interface Converted extends Renamed {
  readonly variant: Variant;
}

type Format = KnownWeights['format'] | 'safetensors';
type Converter = (file: string, model: PretrainedModel) => Renamed;

const formatOf: Readonly<Record<string, Format>> = {
  '.npz': 'augreg',
  '.json': 'tfjs',
  '.safetensors': 'safetensors',
};

const converters: Readonly<Record<Format, Converter>> = {
  torch: (file, model) => fromTorchNames(readTorch(file), model, file),
  safetensors: (file, model) => fromTorchNames(readStored(file).tensors, model, file),
  augreg: (file, model) => {
    only(['ViT', 'ViTS', 'ViTTi'], model, file, 'Flax arrays');
    return fromAugregViT(readNpz(file), file);
  },
  tfjs: (file, model) => {
    only(['ResNet50'], model, file, 'TensorFlow.js layers models');
    return fromKerasResNet50(readTfjsModel(file), file);
  },
};

/**
 * Reads weights of any supported format: `.pth`, `.pt`, `.bin`, `.ckpt` and `.pth.tar` of torch.save, `.safetensors`,
 * augreg's `.npz`, the `model.json` of a TensorFlow.js layers model.
 *
 * @throws UsageError for another format, a damaged file, or weights that are clearly of another network
 */
export function convertWeights(file: string, model: PretrainedModel): Converted {
  const format = isTorchName(file) ? 'torch' : formatOf[extname(file).toLowerCase()];
  if (format === undefined)
    throw new UsageError(
      `unknown format of weights: ${file}; give one of .pth, .pt, .bin, .ckpt, ${Object.keys(formatOf).join(', ')}`,
    );
  const renamed = converters[format](file, model);
  const broken = brokenParameter(renamed.tensors);
  if (broken !== undefined)
    throw new UsageError(`broken weights: ${broken} of ${file} has an infinite number or NaN; get the weights again`);
  return { ...renamed, variant: variantOf(renamed.tensors, model) };
}

/** Finds the variant of ResNet-50: only that of Keras has biases in its convolutions. */
function variantOf(tensors: Readonly<Record<string, NdArray>>, model: PretrainedModel): Variant {
  return model === 'ResNet50' && 'conv1.bias' in tensors ? 'keras' : 'torch';
}

function only(models: readonly PretrainedModel[], model: PretrainedModel, file: string, what: string): void {
  if (!models.includes(model))
    throw new UsageError(
      `weights that do not fit: ${file}: ${what} are for ${models.join(', ')}, not ${model}; give weights of ${model}`,
    );
}
