import { syntheticDataset, type SyntheticDataset } from '../../src/datasets/synthetic/synthetic.js';
import { bySubset, type TripletDataset } from '../../src/datasets/dataset.js';
import type { NamedEmbeddings } from '../../src/figures/views/named-embeddings.js';
import type { View } from '../../src/figures/views/view.js';
import { RandomStream } from '../../src/random/stream.js';

/** A small synthetic set. */
export const smallSet = (items = 60, triplets = 2000): SyntheticDataset =>
  syntheticDataset({
    name: 'SyntheticTInd',
    data_directory_name: null,
    version: 'psycho',
    num_items: items,
    num_triplets: triplets,
    batch_size: 99,
  } as never);

/** The true factors with noise: as good an embedding as one likes. */
export function noisyFactors(dataset: SyntheticDataset, name: string, noise: number): NamedEmbeddings {
  const stream = new RandomStream(0, 'noisy factors', name);
  return { name, size: 4, data: dataset.factors.map((x) => x + noise * stream.normal()) };
}

/** The data of a view's script. */
export function viewData<T>(view: View): T {
  const line = view.html.split('\n').find((one) => one.startsWith('const data='))!;
  return JSON.parse(line.slice('const data='.length, -1)) as T;
}

/** Pictures of a view, in its first state and in its data. */
export const embeddedPictures = ({ html }: View): number => [...html.matchAll(/"data:image\//g)].length;

/** Many items with few triplets, the pictures those of a small set over and over. */
export function manyItems(count: number, triplets: number): TripletDataset {
  const small = smallSet();
  const stream = new RandomStream(0, 'many items');
  const draw = (m: number): Int32Array => Int32Array.from({ length: 3 * m }, () => stream.integer(count));
  return {
    ...small,
    name: 'many',
    items: Array.from({ length: count }, (_, index) => ({ file: null, class: index % 1000, index })),
    classNames: Array.from({ length: 1000 }, (_, c) => `class ${c}`),
    instances: bySubset(() => Int32Array.from({ length: count }, (_, i) => i)),
    triplets: { training: draw(triplets), validation: draw(1000), test: draw(1000) },
    picture: (index) => small.picture(index % small.items.length),
  };
}
