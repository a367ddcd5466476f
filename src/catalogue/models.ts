import { isNameOf, namesOf } from './names.js';

/** Keys of the `model` section that only some models read; `frozen_variables` is in `freezes`. */
export type ModelParameter =
  'weights' | 'num_nonlinearity_layers' | 'activation_fn' | 'use_normalization' | 'beta' | 'train_regularization';

/** What there is to know about a model without making it. */
export interface ModelDeclaration {
  /** Index models are tables, learned from triplets; image networks see pictures. */
  readonly input: 'indexes' | 'pictures';
  readonly parameters: readonly ModelParameter[];
  /** The values of `frozen_variables` that freeze something in it. */
  readonly freezes: readonly ('bn' | 'all')[];
  /** Side of the only pictures that it takes, in pixels. */
  readonly imageSize?: number;
  /** Can it start from published weights? */
  readonly pretrained: boolean;
  /** Is it in this package only, so that no other program can take its weights? */
  readonly own: boolean;
  /** Of the form of the network, where it is published. */
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
export const models = {
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
} as const satisfies Record<string, ModelDeclaration>;

export type ModelName = keyof typeof models;
type NamesWith<Trait> = {
  [Name in ModelName]: (typeof models)[Name] extends Trait ? Name : never;
}[ModelName];
/** Models that embed items by their indexes alone. */
export type IndexModelName = NamesWith<{ readonly input: 'indexes' }>;
export type ImageNetworkName = Exclude<ModelName, IndexModelName>;
export type PretrainedModel = NamesWith<{ readonly pretrained: true }>;

/** The declaration of a model, as one of any model. */
export const modelDeclaration = (name: ModelName): ModelDeclaration => models[name];

/** Does this model embed items by their indexes alone? */
export const isIndexModel = (name: string): name is IndexModelName =>
  isNameOf(models, name) && models[name].input === 'indexes';

/** The models that read a parameter. */
export const modelsReading = (parameter: ModelParameter): ModelName[] =>
  namesOf(models).filter((name) => modelDeclaration(name).parameters.includes(parameter));
