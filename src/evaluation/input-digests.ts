import { isIndexModel } from '../catalogue/models.js';
import type { CommonConfiguration } from '../configuration/types.js';
import { labelsDigest, picturesDigest } from '../datasets/digests.js';
import { makeDataset } from '../datasets/index.js';
import type { Inputs } from '../training/input-digests.js';
import { wantedPictures } from '../training/images/wanted-pictures.js';
import { questionOf } from './evaluate.js';

/**
 * Returns digests of what an evaluation depends on beside its settings and the model.
 *
 * @param network the network that embeds: index teachers need no pictures
 * @throws UsageError as `evaluate`
 */
export function evaluationInputs(configuration: CommonConfiguration, network: string): Inputs {
  const dataset = makeDataset(configuration.dataset);
  const labels = labelsDigest(dataset);
  if (isIndexModel(network)) return { labels };
  const { items } = questionOf(configuration, dataset).question;
  const pictures = picturesDigest(dataset, wantedPictures(dataset, [items], configuration.preprocessing).sizes);
  return { labels, ...(pictures !== undefined && { pictures }) };
}
