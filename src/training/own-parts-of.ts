import { metricOf } from '../catalogue/metrics.js';
import { isIndexModel } from '../catalogue/models.js';
import { ownPart, partKinds, type OwnPart, type PartKind } from '../catalogue/own-parts.js';
import { UsageError } from '../errors.js';
import type { TrainingConfiguration } from '../configuration/types.js';

/** Returns the parts of one's own that a configuration names. */
export function ownPartsOf({ dataset, model, optimization }: TrainingConfiguration): OwnPart[] {
  const names: Readonly<Record<PartKind, string | null | undefined>> = {
    loss: model.loss_type,
    miner: model.batch_mining,
    backbone: isIndexModel(model.name) ? undefined : model.name,
    dataset: dataset.name,
    sampler: dataset.sampler,
    metric: metricOf(model.metric_mode),
    optimizer: optimization.optimizer_type,
  };
  return partKinds.flatMap((kind) => ownPart(kind, names[kind] ?? '') ?? []);
}

/**
 * Refuses parts that other processes cannot have, since no module holds them.
 *
 * @param work what needs them in another process: `num_processes: 2`
 * @throws UsageError
 */
export function requireModules(configuration: TrainingConfiguration, work: string): void {
  for (const { kind, name, module } of ownPartsOf(configuration))
    if (module === null)
      throw new UsageError(
        `${kind} ${name} is known in this process alone; for ${work} put it in a module, and name that by --import or give it to importParts`,
      );
}
