import { join } from 'node:path';
import { syntheticDataset, writeCustomTriplets } from '../../src/datasets/index.js';
import { temporaryFolder } from '../command-line.js';

/**
 * Writes a folder as a user brings it: drawn pictures of known factors, and answers about them.
 *
 * @param items number of pictures
 * @param triplets number of rows of `triplets.csv`
 */
export async function ownFolder(items = 24, triplets = 600): Promise<string> {
  const dataset = syntheticDataset({
    name: 'SyntheticTImg',
    version: 'direct',
    directed: true,
    batch_size: 3,
    raw_data_directory_name: null,
    data_directory_name: null,
    num_items: items,
    num_triplets: triplets,
  });
  const folder = join(temporaryFolder(), 'own');
  await writeCustomTriplets(folder, dataset, { triplets: dataset.drawn });
  return folder;
}
