import { UsageError } from '../../errors.js';
import { placesOf } from '../jobs/kept-records.js';
import type { ResolvedTable } from '../jobs/resolve-table.js';
import { foundNetwork } from './found-network.js';

/** A value after training on this many pictures. */
export interface ProgressPoint {
  readonly pictures: number;
  readonly value: number;
}

/** The progress of the networks of a row. */
export interface NetworkProgress {
  readonly data: string;
  readonly name: string;
  /** The metric that chooses checkpoints; its values are those of the validation subset, epoch by epoch. */
  readonly validationMetric: string;
  /** The metric of evaluation, `FCT, test`; its values are those before training and of the best checkpoint. */
  readonly metric: string;
  readonly runs: readonly {
    readonly version: string;
    readonly validation: readonly ProgressPoint[];
    readonly test: readonly ProgressPoint[];
  }[];
}

/**
 * Reads the progress of a table's networks, by the number of pictures that they had seen; unfinished runs are left out.
 *
 * @throws UsageError where the profile does not say how many pictures a network sees
 */
export function networkProgress(resolved: ResolvedTable): NetworkProgress[] {
  const { profile, rows } = resolved;
  const { picturesSeen } = profile;
  if (picturesSeen === undefined)
    throw new UsageError(
      `invalid profile: ${profile.name}; its networks see different numbers of pictures, give one that fixes this number`,
    );
  const places = placesOf(resolved);
  return rows.flatMap(({ row, networks }): NetworkProgress[] => {
    let [metric, validationMetric] = ['', ''];
    const runs = networks.flatMap((network) => {
      const done = foundNetwork(network, places);
      if (!done?.record.best) return [];
      const { configuration, evaluation, start } = done;
      const { best, epochs } = { ...done.record, best: done.record.best };
      const seen = (epoch: number): number => (epoch / configuration.optimization.num_training_epochs) * picturesSeen;
      metric = `${evaluation.metric}, ${evaluation.subset}`;
      validationMetric = best.metric;
      return [
        {
          version: configuration.dataset.version,
          validation: epochs.map((one) => ({ pictures: seen(one.epoch), value: one.metric })),
          test: [
            ...(start === undefined ? [] : [{ pictures: 0, value: start }]),
            { pictures: seen(best.epoch), value: evaluation.value },
          ],
        },
      ];
    });
    return runs.length === 0 ? [] : [{ data: row.data, name: row.name, metric, validationMetric, runs }];
  });
}
