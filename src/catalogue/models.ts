import { isNameOf, namesOf } from './names.js';
import { open } from './open.js';

/** Is a key of the `model` section that only some models read; for `frozen_variables` see `freezes`. */
export type ModelParameter =
  'weights' | 'num_nonlinearity_layers' | 'activation_fn' | 'use_normalization' | 'beta' | 'train_regularization';

/** Holds what is known about a model without making it. */
export interface ModelDeclaration {
  /** Index models are tables that learn from triplets; image networks take pictures. */
  readonly input: 'indexes' | 'pictures';
  readonly parameters: readonly ModelParameter[];
  /** The values of `frozen_variables` that freeze something in it. */
  readonly freezes: readonly ('bn' | 'all')[];
  /** Side of the pictures in pixels, if it takes only one size. */
  readonly imageSize?: number;
  /** Whether it can start from published weights. */
  readonly pretrained: boolean;
  /** Whether it exists only in this package, so that no other program can read its weights. */
  readonly own: boolean;
  /** The paper of the network, if it is published. */
  readonly paper?: string;
}

const transformers = 'Dosovitskiy et al., An image is worth 16x16 words, ICLR 2021';
const small = { input: 'pictures', parameters: ['weights'], pretrained: false, own: true } as const;
const vit = {
  input: 'pictures',
  parameters: ['weights'],
  freezes: ['all'],
  imageSize: 224,
  pretrained: true,
  own: false,
  paper: transformers,
} as const;

/** Every model by its name in configurations. */
export const models = open({
  Psycho: {
    input: 'indexes',
    parameters: ['activation_fn', 'use_normalization', 'beta', 'train_regularization'],
    freezes: [],
    pretrained: false,
    own: false,
    paper: 'Dondera, Towards learning image similarity from general triplet labels, CVPR Workshops 2024',
  },
  Ordinal: {
    input: 'indexes',
    parameters: [],
    freezes: [],
    pretrained: false,
    own: true,
    paper: 'Terada, von Luxburg, Local ordinal embedding, ICML 2014',
  },
  ResNet50: {
    input: 'pictures',
    parameters: ['weights', 'num_nonlinearity_layers'],
    freezes: ['bn', 'all'],
    pretrained: true,
    own: false,
    paper: 'He et al., Deep residual learning for image recognition, CVPR 2016',
  },
  Inception: {
    input: 'pictures',
    parameters: ['weights'],
    freezes: ['bn', 'all'],
    pretrained: true,
    own: false,
    paper: 'Ioffe, Szegedy, Batch normalization, ICML 2015',
  },
  ViT: vit,
  ViTS: { ...vit, freezes: [] },
  ViTTi: vit,
  SmallResNet: { ...small, freezes: ['bn', 'all'] },
  SmallViT: { ...small, freezes: ['all'] },
} as const satisfies Record<string, ModelDeclaration>);

export type ModelName = keyof typeof models;
type NamesWith<Trait> = {
  [Name in ModelName]: (typeof models)[Name] extends Trait ? Name : never;
}[ModelName];
/** Is the name of a model that embeds items by their indexes. */
export type IndexModelName = NamesWith<{ readonly input: 'indexes' }>;
export type ImageNetworkName = Exclude<ModelName, IndexModelName>;
export type PretrainedModel = NamesWith<{ readonly pretrained: true }>;

/** Returns the declaration of a model, in the type of all declarations. */
export const modelDeclaration = (name: ModelName): ModelDeclaration => models[name];

/** Tells whether this model embeds items by their indexes. */
export const isIndexModel = (name: string): name is IndexModelName =>
  isNameOf(models, name) && models[name].input === 'indexes';

/** Returns the models that read a parameter. */
export const modelsReading = (parameter: ModelParameter): ModelName[] =>
  namesOf(models).filter((name) => modelDeclaration(name).parameters.includes(parameter));
