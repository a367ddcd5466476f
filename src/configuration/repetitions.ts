import type { DatasetConfiguration, RunConfiguration, TrainingConfiguration } from './types.js';

/**
 * Returns the configuration of repetition i (from 0): a complete configuration of one run.
 *
 * `run.id`, and `run.draw` where it differs, grow by i x `offset_for_repetition`; with `dataset.different_splits` the
 * repetition has `version~i` and `source_embeddings_id~i`. It has no further repetitions itself, so that a run record
 * contains only what its run depends on.
 */
export function repetitionConfiguration(configuration: TrainingConfiguration, i: number): TrainingConfiguration {
  const { run, dataset, offset_for_repetition } = configuration;
  return {
    ...configuration,
    run: moved(run, i * offset_for_repetition),
    dataset: dataset.different_splits ? splitOf(dataset, i) : dataset,
    num_repetitions: 1,
    offset_for_repetition: 1,
  };
}

/** Returns the number that selects a run's random streams. */
export const drawOf = ({ id, draw = id }: Pick<RunConfiguration, 'id' | 'draw'>): number => draw;

function moved({ draw, ...run }: RunConfiguration, by: number): RunConfiguration {
  const own = draw === undefined || draw === run.id ? {} : { draw: draw + by };
  return { ...run, id: run.id + by, ...own };
}

function splitOf(dataset: DatasetConfiguration, i: number): DatasetConfiguration {
  const { source_embeddings_id: id, ...rest } = dataset;
  const named = id === undefined ? {} : { source_embeddings_id: id === null ? null : `${id}~${i}` };
  return { ...rest, ...named, version: `${dataset.version}~${i}`, different_splits: false };
}
