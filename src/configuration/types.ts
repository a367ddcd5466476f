import type {
  DatasetName,
  EngineName,
  LossType,
  MetricMode,
  ModelName,
  OptimizerType,
  Precision,
  PreprocessingName,
} from './names.js';

/** The `run` section: where the run's folder `run-NNNN/` lies and which number it has. */
export interface RunConfiguration {
  output_directory_name: string;
  /** Non-negative; printed with four digits, `run-0111`. */
  id: number;
  /**
   * Numbers what is drawn for the run with its seed: new layers, orders, crops (default: the id). Runs with one number
   * draw alike, whatever else they differ in.
   */
  draw?: number;
}

/** The `dataset` section. */
export interface DatasetConfiguration {
  name: DatasetName;
  /** Root of the pictures and labels; null for the sets that are drawn by code. */
  raw_data_directory_name: string | null;
  /** Folder of `embeddings_<source_embeddings_id>.npz`, the teachers' embeddings; null where none are read. */
  data_directory_name: string | null;
  /** `direct`, `psycho`, `source_embedding`, ...; sets with several splits take `~SEED` after it. */
  version: string;
  source_embeddings_id?: string | null;
  /** Repetition i trains on `version~i` and `source_embeddings_id~i`. */
  different_splits?: boolean;
  /** Class sets: a batch takes this many pictures of a class, plus one. */
  num_neighbors_per_instance?: number;
  /** Items (pictures or indexes), not triplets: a triplet takes three. */
  batch_size: number;
  /** Sets that train on triplets: only the first so many of the training subset, after its shuffle (default: all). */
  num_training_triplets?: number;
  /** IHSJC: which contradicting groups of triplets are dropped (default `original`). */
  contradictions?: 'original' | 'meant';
  /** Synthetic sets, each with a default in src/datasets/synthetic/synthetic.ts: how many items are drawn. */
  num_items?: number;
  /** Synthetic sets: how many triplets are drawn, of all subsets together. */
  num_triplets?: number;
  /** Synthetic sets: answers to a question, each a triplet; more than one let the ceiling be estimated from them. */
  answers_per_question?: number;
  /** Synthetic and custom sets: is the first of a triplet its anchor, or the last the odd one out? */
  directed?: boolean;
  /** Synthetic sets: noise of the answers, in units of distance in factor space. */
  temperature?: number;
  /** Synthetic sets: what factors and triplets are drawn from. */
  data_seed?: number;
}

/** The `preprocessing` section. */
export interface PreprocessingConfiguration {
  name: PreprocessingName;
  /** Side of the square pictures in pixels; null: the preprocessing's own. */
  image_size?: number | null;
  /** A picture that cannot be read ends the run (default), or is left out and counted. */
  on_bad_image?: 'fail' | 'skip';
}

/** The loss's part of the `model` section: which of these must be there follows from `loss_type`. */
export interface LossConfiguration {
  loss_type: LossType;
  margin?: number;
  margin2?: number;
  margin_positive?: number;
  margin_negative?: number;
  tau?: number;
  /** `ckl`: what is added to squared distances; above 0. */
  mu?: number;
  alpha?: number;
  beta?: number;
  teacher_margin?: number;
  triplet_weight_type?: TripletWeightType;
  semihard_loss_threshold?: number;
  batch_mining?: 'relaxed_sampling_matters' | null;
  /** `ste` without the clamp under which probabilities have no gradient (default false). */
  exact_log_softmax?: boolean;
}

/** How relaxed losses weigh triplets by the teachers' distances; with the suffix 2, by their squares. */
export type TripletWeightType =
  'from_source_pairs' | 'from_source_pairs2' | 'from_source_triplets' | 'from_source_triplets2';

/** The network's part of the `model` section, which model URIs carry too. */
export interface NetworkConfiguration {
  name: ModelName;
  embedding_size: number;
  /** Image networks: `bn` = every batch normalization in inference mode, `all` = the backbone fixed. */
  frozen_variables?: 'bn' | 'all' | null;
  /**
   * Image networks: what they start from, a name of `tripletlab weights list`, the path of a file, or `none`; absent:
   * the ImageNet weights that the reference starts from, `none` for the small networks.
   */
  weights?: string;
  /** ResNet50: linear and relu layers after the last linear one. */
  num_nonlinearity_layers?: number;
  /** Psycho: always relu. */
  activation_fn?: 'relu';
  /** Psycho: always true. */
  use_normalization?: true;
  /** Psycho: weight of the sum of absolute values that is added to the reported loss. */
  beta?: number;
}

/** The `model` section: network, loss and metric. */
export interface ModelConfiguration extends NetworkConfiguration, LossConfiguration {
  /** Psycho: regularization and weight decay of the table reach its gradient (default false). */
  train_regularization?: boolean;
  /** Of the loss, and of Psycho's regularization: the two share the key. */
  beta?: number;
  /** `name/max` or `name/min`: which checkpoint is best. */
  metric_mode: MetricMode;
}

/** The `optimization` section. */
export interface OptimizationConfiguration {
  optimizer_type: OptimizerType;
  initial_learning_rate: number;
  weight_decay: number;
  /** Metric over the whole validation subset, or else the mean over its batches. */
  evaluate_globally: boolean;
  num_training_epochs: number;
  /** An epoch ends after so many of its batches (default: all). */
  num_batches_per_epoch?: number;
  /** Rows that go through the network at once; absent: the whole batch. */
  micro_batch_size?: number;
}

/** What configurations to train and to evaluate have in common. */
export interface CommonConfiguration {
  dataset: DatasetConfiguration;
  preprocessing: PreprocessingConfiguration;
  use_gpu: boolean;
  engine: EngineName;
  /** Of factors, on the engines of torch (default `float32`). */
  precision?: Precision;
  seed: number;
  /** `evaluate`: the model, `Name,key:value,.../path`. */
  model_uri?: string;
  /** `evaluate`: in place of a model, an `.npz` of the embeddings of all items, `[items, 1, size]`, by whatever made it. */
  embeddings?: string;
  /** `evaluate`: which items. */
  subset_name?: SubsetName;
  evaluation_type?: 'triplets' | 'classes';
  /** `save-embeddings`: the models, with `run-0111..0115` for a range. */
  model_uris?: string;
  /** `save-embeddings`: the folder to write to. */
  output_directory_name?: string;
  /** `save-embeddings`: writes `embeddings_<id>.npz`. */
  new_source_embeddings_id?: string;
}

export type SubsetName = 'training' | 'validation' | 'test' | 'all';

/** A configuration that trains: every default filled in. */
export interface TrainingConfiguration extends CommonConfiguration {
  run: RunConfiguration;
  model: ModelConfiguration;
  optimization: OptimizationConfiguration;
  /** Image networks: processes that share the pictures of a batch, one for each GPU or group of cores (default 1). */
  num_processes?: number;
  num_repetitions: number;
  /** Repetition i has the id `run.id` + i times this. */
  offset_for_repetition: number;
}

/** A configuration that evaluates: no `run`, `model` and `optimization`. */
export interface EvaluationConfiguration extends CommonConfiguration {
  run?: undefined;
  model?: undefined;
  optimization?: undefined;
}

export type Configuration = TrainingConfiguration | EvaluationConfiguration;

/** Does this configuration train? (Otherwise it only evaluates.) */
export function isTraining(configuration: Configuration): configuration is TrainingConfiguration {
  return configuration.model !== undefined;
}
