/** Kinds of data set: they decide which losses, metrics, preprocessings and models go with it. */
export type DatasetKind = 'triplets of images' | 'triplets of indexes' | 'source embeddings' | 'classes';

interface DatasetTraits {
  readonly kind: DatasetKind;
  readonly versions: readonly string[];
  /** Does a version take `~SEED`, another split of the same data? */
  readonly splits: boolean;
  /** Is it drawn by code, with no data root? */
  readonly synthetic: boolean;
}

const triplets = ['direct', 'psycho', 'source_embedding'] as const;
const things = { versions: [...triplets, 'quasi_original'], splits: false, synthetic: false };
const ihsjc = { versions: triplets, splits: false, synthetic: false };
const yummly = { versions: triplets, splits: true, synthetic: false };
const custom = { versions: triplets, splits: true, synthetic: false };
const synthetic = { versions: triplets, splits: true, synthetic: true };
const classes = { versions: ['source_embedding_from_class_information'], splits: false, synthetic: false };

/** Every data set a configuration may name, and what it allows. */
export const datasetTraits = {
  ThingsTImg: { kind: 'triplets of images', ...things },
  ThingsTInd: { kind: 'triplets of indexes', ...things },
  ThingsSE: { kind: 'source embeddings', ...things },
  IHSJCTImg: { kind: 'triplets of images', ...ihsjc },
  IHSJCTInd: { kind: 'triplets of indexes', ...ihsjc },
  IHSJCSE: { kind: 'source embeddings', ...ihsjc },
  YummlyTImg: { kind: 'triplets of images', ...yummly },
  YummlyTInd: { kind: 'triplets of indexes', ...yummly },
  YummlySE: { kind: 'source embeddings', ...yummly },
  CUBSEC: { kind: 'classes', ...classes },
  CARSSEC: { kind: 'classes', ...classes },
  SOPSEC: { kind: 'classes', ...classes },
  CustomTripletsTImg: { kind: 'triplets of images', ...custom },
  CustomTripletsTInd: { kind: 'triplets of indexes', ...custom },
  CustomTripletsSE: { kind: 'source embeddings', ...custom },
  CustomClassesSEC: { kind: 'classes', ...classes },
  SyntheticTImg: { kind: 'triplets of images', ...synthetic },
  SyntheticTInd: { kind: 'triplets of indexes', ...synthetic },
  SyntheticSE: { kind: 'source embeddings', ...synthetic },
} as const satisfies Record<string, DatasetTraits>;
export type DatasetName = keyof typeof datasetTraits;

/** Models that embed items by their indexes alone: tables, learned from triplets. */
export const indexModels = ['Psycho', 'Ordinal'] as const;
export type IndexModelName = (typeof indexModels)[number];

export const modelNames = [
  ...indexModels,
  'ResNet50',
  'Inception',
  'ViT',
  'ViTS',
  'ViTTi',
  'SmallResNet',
  'SmallViT',
] as const;
export type ModelName = (typeof modelNames)[number];

/** Does this model embed items by their indexes alone? */
export const isIndexModel = (name: string): name is IndexModelName => (indexModels as readonly string[]).includes(name);

export const preprocessingNames = [
  'ResNetImagePreprocessing',
  'ViTImagePreprocessing',
  'SmallImagePreprocessing',
  'IndexRemapPreprocessing',
] as const;
export type PreprocessingName = (typeof preprocessingNames)[number];

export const optimizerTypes = ['adam', 'adamw'] as const;
export type OptimizerType = (typeof optimizerTypes)[number];

export const metricNames = [
  'FCT',
  'mP@1',
  'fraction_same_triplet_relation',
  'fraction_same_triplet_relation_thresholded',
] as const;
export type MetricName = (typeof metricNames)[number];
export type MetricMode = `${MetricName}/${'max' | 'min'}`;

/** `auto` takes the first engine that works. */
export const engineNames = [
  'auto',
  'tensorflow-cuda',
  'torch-cuda',
  'webgpu',
  'torch-cpu',
  'tensorflow-cpu',
  'wasm',
  'javascript',
] as const;
export type EngineName = (typeof engineNames)[number];

/**
 * Of the factors of products and convolutions, on the engines of torch: all 23 bits of fraction, 10 (`tf32`, on CUDA) or 7
 * (`bfloat16`). Sums and all else are float32.
 */
export const precisions = ['float32', 'tf32', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];

/** What a loss learns from. */
export type Supervision = 'triplets' | 'classes' | 'teachers';
export type LossParameter =
  | 'margin'
  | 'margin2'
  | 'margin_positive'
  | 'margin_negative'
  | 'tau'
  | 'mu'
  | 'alpha'
  | 'beta'
  | 'teacher_margin'
  | 'triplet_weight_type'
  | 'semihard_loss_threshold';

interface LossTraits {
  readonly supervision: Supervision;
  readonly parameters: readonly LossParameter[];
}

/** Every loss a configuration may name, what it learns from and the parameters it cannot do without. */
export const lossTraits = {
  double_contrastive: { supervision: 'triplets', parameters: ['margin_positive', 'margin_negative'] },
  double_margin: { supervision: 'triplets', parameters: ['margin', 'beta'] },
  double_multisimilarity: { supervision: 'triplets', parameters: ['margin', 'alpha', 'beta'] },
  ste: { supervision: 'triplets', parameters: ['tau'] },
  triplet: { supervision: 'triplets', parameters: ['margin'] },
  soe: { supervision: 'triplets', parameters: ['margin'] },
  ckl: { supervision: 'triplets', parameters: ['mu'] },
  contrastive: { supervision: 'classes', parameters: ['margin_positive', 'margin_negative'] },
  facenet: { supervision: 'classes', parameters: ['margin'] },
  infonce: { supervision: 'classes', parameters: ['tau'] },
  multi_similarity: { supervision: 'classes', parameters: ['margin', 'alpha', 'beta'] },
  multi_similarity_original: { supervision: 'classes', parameters: ['margin', 'alpha', 'beta'] },
  sampling_matters: { supervision: 'classes', parameters: ['margin', 'beta'] },
  rkd: { supervision: 'teachers', parameters: [] },
  relaxed_contrastive: { supervision: 'teachers', parameters: ['margin', 'tau'] },
  relaxed_triplet: { supervision: 'teachers', parameters: ['triplet_weight_type', 'margin', 'tau'] },
  relaxed_facenet: {
    supervision: 'teachers',
    parameters: ['triplet_weight_type', 'margin', 'tau', 'semihard_loss_threshold'],
  },
  relaxed_infonce: { supervision: 'teachers', parameters: ['tau'] },
  relaxed_multisimilarity: { supervision: 'teachers', parameters: ['margin', 'tau', 'alpha', 'beta'] },
  stmr: { supervision: 'teachers', parameters: ['tau', 'beta'] },
  mtt: { supervision: 'teachers', parameters: ['teacher_margin', 'margin'] },
} as const satisfies Record<string, LossTraits>;
export type LossType = keyof typeof lossTraits;
