import { resolve } from 'node:path';
import type { Configuration, DatasetConfiguration, TrainingConfiguration } from '../../configuration/types.js';

/** The stages of a table; each needs those before it. */
export const stages = ['teachers', 'embeddings', 'networks', 'evaluation'] as const;
export type Stage = (typeof stages)[number];

interface CommonJob {
  /**
   * Identifies the job: in tables by its content, so that jobs that several rows want are shared; in a plan by the run.
   */
  readonly key: string;
  readonly stage: Stage;
  /** Names the job for people: `yummly_se_rkd run-0601`. */
  readonly label: string;
  /** Jobs with the same value here take about the same time. */
  readonly costClass: string;
  /** Keys of the jobs that must be done before. */
  readonly needs: readonly string[];
  /** Folder of its lock, its attempts and its files (default: the experiments' folder); runs name their own. */
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

/** Evaluates teachers, one by one and together, on their validation triplets. */
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

/** Evaluates a network before training: with its new layers, which are random, or its pretrained features. */
export interface StartJob extends CommonJob {
  readonly kind: 'start';
  readonly part: 'all' | 'features';
  readonly run: TrainingConfiguration;
  readonly evaluation: Configuration;
}

/** Subsets that rows are measured on. */
export type MeasuredSubset = 'validation' | 'test';

/** Estimates the best FCT that an embedding can expect on the triplets of a subset, from repeated questions. */
export interface CeilingJob extends CommonJob {
  readonly kind: 'ceiling';
  readonly dataset: DatasetConfiguration;
  readonly subset: MeasuredSubset;
}

/** A unit of work that is done once. It is plain data, so that it can be handed to another process. */
export type Job = TrainingJob | EmbeddingsJob | EnsembleJob | EvaluationJob | StartJob | CeilingJob;

/** Returns the absolute folder of a job's own files. */
export const placeOf = ({ place = '' }: Job, folder: string): string => resolve(folder, place);
