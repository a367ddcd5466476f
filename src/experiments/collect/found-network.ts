import type { TrainingConfiguration } from '../../configuration/types.js';
import type { Evaluation } from '../../evaluation/index.js';
import type { RunRecord } from '../../training/index.js';
import type { StartJob } from '../jobs/job.js';
import { firstIn } from '../jobs/kept-records.js';
import type { RowSources } from '../jobs/resolve-table.js';
import { recordOf, resultOf } from '../jobs/result.js';

/** A trained and evaluated network, with its evaluation before training where there is one. */
export interface FoundNetwork {
  readonly configuration: TrainingConfiguration;
  readonly record: RunRecord;
  readonly evaluation: Evaluation;
  readonly start?: number;
  readonly features?: number;
}

/** Finds a network's record and evaluation in the first folder that has both; undefined where none has. */
export function foundNetwork(
  { training, evaluation, start, features }: RowSources['networks'][number],
  places: readonly string[],
): FoundNetwork | undefined {
  const [configuration] = training.runs;
  const found = firstIn(places, (place) => {
    const record = recordOf(configuration, place);
    const result = resultOf<Evaluation>(evaluation, place);
    return record && result && { record, evaluation: result.found };
  });
  if (found === undefined) return undefined;
  const valueOf = (job: StartJob | undefined): number | undefined =>
    job && firstIn(places, (place) => resultOf<Evaluation>(job, place))?.found.value;
  const before = { start: valueOf(start), features: valueOf(features) };
  return {
    configuration,
    ...found,
    ...(before.start !== undefined && { start: before.start }),
    ...(before.features !== undefined && { features: before.features }),
  };
}
