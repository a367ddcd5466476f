import type { Supervision } from './loss-declaration.js';
import { open } from './open.js';

/** What each kind of data set can supervise, which decides the losses, metrics, preprocessings and models for it. */
export const supervisionsOf = {
  'triplets of images': ['triplets'],
  'triplets of indexes': ['triplets'],
  'source embeddings': ['teachers'],
  classes: ['classes', 'teachers'],
} as const satisfies Record<string, readonly Supervision[]>;
export type DatasetKind = keyof typeof supervisionsOf;

/** The keys of the `dataset` section that only some data sets read, and how errors name these data sets. */
export const datasetParameters = {
  num_items: 'synthetic sets',
  num_triplets: 'synthetic sets',
  answers_per_question: 'synthetic sets',
  directed: 'synthetic and custom sets of triplets',
  temperature: 'synthetic sets',
  data_seed: 'synthetic sets',
  num_training_triplets: 'sets that train on triplets',
  contradictions: 'IHSJC',
  num_neighbors_per_instance: 'class sets',
  source_embeddings_id: 'sets with source embeddings',
} as const;
export type DatasetParameter = keyof typeof datasetParameters;

/** Holds what is known about a data set without reading it. */
export interface DatasetDeclaration {
  readonly kind: DatasetKind;
  readonly versions: readonly string[];
  /** Whether versions take `~SEED`, which means another split of the same data. */
  readonly splits: boolean;
  /** Whether it is published by others, a person's own folder, drawn by code, or given by a program. */
  readonly origin: 'published' | 'custom' | 'synthetic' | 'memory';
  readonly parameters: readonly DatasetParameter[];
  /** The paper of a published data set. */
  readonly paper?: string;
}

const versions = ['direct', 'psycho', 'source_embedding'] as const;
const images = { kind: 'triplets of images', parameters: ['num_training_triplets'] } as const;
const indexes = { kind: 'triplets of indexes', parameters: ['num_training_triplets'] } as const;
const teachers = { kind: 'source embeddings', parameters: ['source_embeddings_id'] } as const;
const drawn = [
  ...(['num_items', 'num_triplets', 'answers_per_question'] as const),
  ...(['directed', 'temperature', 'data_seed'] as const),
] as const;

const things = {
  versions: [...versions, 'quasi_original'],
  splits: false,
  origin: 'published',
  paper: 'Hebart et al., Revealing the multidimensional mental representations of natural objects, 2020',
} as const;
const ihsjc = {
  versions,
  splits: false,
  origin: 'published',
  paper: 'Roads, Love, Enriching ImageNet with human similarity judgments and psychological embeddings, CVPR 2021',
} as const;
const yummly = {
  versions,
  splits: true,
  origin: 'published',
  paper: 'Wilber, Kwak, Belongie, Cost-effective HITs for relative similarity comparisons, 2014',
} as const;
const custom = { versions, splits: true, origin: 'custom' } as const;
const synthetic = { versions, splits: true, origin: 'synthetic' } as const;
const classes = {
  kind: 'classes',
  versions: ['source_embedding_from_class_information'],
  splits: false,
  origin: 'published',
  parameters: ['num_neighbors_per_instance', 'source_embeddings_id'],
} as const;

/**
 * Every data set by its name in configurations. TImg are triplets of pictures, TInd triplets of their indexes, SE
 * pictures with teachers' embeddings, SEC such pictures with classes.
 */
export const datasets = open({
  ThingsTImg: { ...things, ...images },
  ThingsTInd: { ...things, ...indexes },
  ThingsSE: { ...things, ...teachers },
  IHSJCTImg: { ...ihsjc, ...images, parameters: ['num_training_triplets', 'contradictions'] },
  IHSJCTInd: { ...ihsjc, ...indexes, parameters: ['num_training_triplets', 'contradictions'] },
  IHSJCSE: { ...ihsjc, ...teachers, parameters: ['source_embeddings_id', 'contradictions'] },
  YummlyTImg: { ...yummly, ...images },
  YummlyTInd: { ...yummly, ...indexes },
  YummlySE: { ...yummly, ...teachers },
  CUBSEC: {
    ...classes,
    paper: 'Wah, Branson, Welinder, Perona, Belongie, The Caltech-UCSD Birds-200-2011 Dataset, 2011',
  },
  CARSSEC: {
    ...classes,
    paper: 'Krause, Stark, Deng, Fei-Fei, 3D object representations for fine-grained categorization, 2013',
  },
  SOPSEC: {
    ...classes,
    paper: 'Oh Song, Xiang, Jegelka, Savarese, Deep metric learning via lifted structured feature embedding, CVPR 2016',
  },
  CustomTripletsTImg: { ...custom, ...images, parameters: ['directed', 'num_training_triplets'] },
  CustomTripletsTInd: { ...custom, ...indexes, parameters: ['directed', 'num_training_triplets'] },
  CustomTripletsSE: { ...custom, ...teachers, parameters: ['directed', 'source_embeddings_id'] },
  CustomClassesSEC: { ...classes, origin: 'custom' },
  SyntheticTImg: { ...synthetic, ...images, parameters: [...drawn, 'num_training_triplets'] },
  SyntheticTInd: { ...synthetic, ...indexes, parameters: [...drawn, 'num_training_triplets'] },
  SyntheticSE: { ...synthetic, ...teachers, parameters: [...drawn, 'source_embeddings_id'] },
} as const satisfies Record<string, DatasetDeclaration>);

export type DatasetName = keyof typeof datasets;
/** Is one of the versions of a data set. */
export type VersionOf<Name extends DatasetName> = (typeof datasets)[Name]['versions'][number];

type NamesOf<Kind extends DatasetKind> = {
  [Name in DatasetName]: (typeof datasets)[Name]['kind'] extends Kind ? Name : never;
}[DatasetName];
export type ClassDatasetName = NamesOf<'classes'>;
export type TripletDatasetName = Exclude<DatasetName, ClassDatasetName>;

/** Tells whether a data set reads this key of its section. */
export const readsParameter = (name: DatasetName, key: DatasetParameter): boolean =>
  (datasets[name].parameters as readonly DatasetParameter[]).includes(key);

/** Tells whether a data set has the supervision that a loss or metric needs. */
export const hasSupervision = (name: DatasetName, supervision: Supervision): boolean =>
  (supervisionsOf[datasets[name].kind] as readonly Supervision[]).includes(supervision);
