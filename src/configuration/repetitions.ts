import type { DatasetConfiguration, TrainingConfiguration } from './types.js';

/**
 * What repetition i (from 0) of a configuration trains: a configuration of one run, complete in itself.
 *
 * `run.id` + i x `offset_for_repetition`; with `dataset.different_splits`, `version~i` and `source_embeddings_id~i`.
 * It asks for no further repetitions, so that a run record says only what its run depends on.
 */
export function repetitionConfiguration(configuration: TrainingConfiguration, i: number): TrainingConfiguration {
  const { run, dataset, offset_for_repetition } = configuration;
  return {
    ...configuration,
    run: { ...run, id: run.id + i * offset_for_repetition },
    dataset: dataset.different_splits ? splitOf(dataset, i) : dataset,
    num_repetitions: 1,
    offset_for_repetition: 1,
  };
}

function splitOf(dataset: DatasetConfiguration, i: number): DatasetConfiguration {
  const { source_embeddings_id: id, ...rest } = dataset;
  const named = id === undefined ? {} : { source_embeddings_id: id === null ? null : `${id}~${i}` };
  return { ...rest, ...named, version: `${dataset.version}~${i}`, different_splits: false };
}
