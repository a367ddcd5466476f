import { datasetTraits } from './names.js';
import type { DatasetName } from './names.js';

/** The versions of a data set, in words. */
export function versionsOf(name: DatasetName): string {
  const { versions, splits } = datasetTraits[name];
  return `one of ${versions.join(', ')}${splits ? `, each also with the seed of a split as in ${versions[0]}~1` : ''}`;
}
