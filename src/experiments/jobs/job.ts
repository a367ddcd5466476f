import { resolve } from 'node:path';
import type { Configuration, DatasetConfiguration, TrainingConfiguration } from '../../configuration/types.js';

/** The stages of a table, each of which needs those before it. */
export const stages = ['teachers', 'embeddings', 'networks', 'evaluation'] as const;
export type Stage = (typeof stages)[number];

interface CommonJob {
  /** Names the job: in tables by its content, the same for all that want it; in a plan by the run. */
  readonly key: string;
  readonly stage: Stage;
  /** For people: `yummly_se_rkd run-0601`. */
  readonly label: string;
  /** Jobs that say the same here take about the same time. */
  readonly like: string;
  /** Keys of the jobs that must be done before. */
  readonly needs: readonly string[];
  /** Folder of its lock, its attempts and what it writes (default: the experiments' folder); runs name their own. */
  readonly place?: string;
}

/** Trains a network, or teachers of one configuration together. Folders are relative to the experiments' folder. */
export interface TrainingJob extends CommonJob {
  readonly kind: 'training';
  readonly runs: readonly TrainingConfiguration[];
}

/** Saves the embeddings of all items by teachers, as `embeddings/embeddings_<key>.npz`. */
export interface EmbeddingsJob extends CommonJob {
  readonly kind: 'embeddings';
  readonly runs: readonly TrainingConfiguration[];
}

/** Asks teachers, one by one and together, about the triplets that they are validated on. */
export interface EnsembleJob extends CommonJob {
  readonly kind: 'ensemble';
  readonly runs: readonly TrainingConfiguration[];
}

/** Evaluates the best checkpoint of a run. */
export interface EvaluationJob extends CommonJob {
  readonly kind: 'evaluation';
  readonly run: TrainingConfiguration;
  readonly evaluation: Configuration;
}

/** Evaluates a network as its training starts: with its new layers, which are random, or its pretrained features. */
export interface StartJob extends CommonJob {
  readonly kind: 'start';
  readonly part: 'all' | 'features';
  readonly run: TrainingConfiguration;
  readonly evaluation: Configuration;
}

/** Subsets that rows are measured on. */
export type MeasuredSubset = 'validation' | 'test';

/** Estimates the best FCT that an embedding can expect on the triplets of a subset, from questions asked repeatedly. */
export interface CeilingJob extends CommonJob {
  readonly kind: 'ceiling';
  readonly dataset: DatasetConfiguration;
  readonly subset: MeasuredSubset;
}

/** A piece of work that is done once: plain data, so that it can be handed to another process. */
export type Job = TrainingJob | EmbeddingsJob | EnsembleJob | EvaluationJob | StartJob | CeilingJob;

/** The absolute folder of a job's own files. */
export const placeOf = ({ place = '' }: Job, folder: string): string => resolve(folder, place);
