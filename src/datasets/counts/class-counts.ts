import { classNameOf, type ClassDataset } from '../dataset.js';

/** Counts the classes and pictures of training and test, as rows of a table. */
export function classCounts(dataset: ClassDataset): Record<string, string | number>[] {
  return (['training', 'test'] as const).map((part) => {
    const items = new Set(dataset.instances[part]);
    const names = new Set(Array.from(items, (item) => classNameOf(dataset, dataset.items[item])));
    return {
      part,
      classes: names.size,
      pictures: items.size,
      'the first of them': [...names].sort().slice(0, 3).join(', '),
    };
  });
}
