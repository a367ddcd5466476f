import type { ItemDataset } from '../datasets/index.js';
import type { RunRecord } from '../training/runs/run-record.js';
import { embedItems, modelUri, type EmbedItemsOptions, type ItemEmbeddings } from './load-model.js';

/**
 * Embeds the items of a data set by the best checkpoint of a run, with the preprocessing of its training.
 *
 * @throws UsageError as `embedItems`
 */
export function embedRun(
  record: RunRecord,
  dataset: ItemDataset,
  options: Omit<EmbedItemsOptions, 'configuration'> = {},
): Promise<ItemEmbeddings> {
  return embedItems(modelUri(record), dataset, { ...options, configuration: record.configuration });
}
