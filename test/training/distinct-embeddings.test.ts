import test from 'ava';
import { makeBackbone } from '../../src/backbones/index.js';
import { makeDataset } from '../../src/datasets/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { embedPictures } from '../../src/evaluation/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { embedDistinct } from '../../src/training/images/distinct-embeddings.js';
import { localNetwork } from '../../src/training/images/micro-batches.js';
import { ImageBatchLoader } from '../../src/training/images/image-batch-loader.js';
import { wantedPictures } from '../../src/training/images/wanted-pictures.js';

const preprocessing = { name: 'SmallImagePreprocessing', image_size: 32, on_bad_image: 'skip' } as const;
const section = {
  name: 'SyntheticTImg',
  raw_data_directory_name: null,
  data_directory_name: null,
  version: 'direct',
  num_items: 12,
  num_triplets: 900,
  batch_size: 6,
} as const;
const batches = [Int32Array.of(3, 1, 4, 1, 5, 9), Int32Array.of(2, 6, 5, 3, 5, 8), Int32Array.of(9, 7, 9)];
const BAD = 9;

test.serial('pictures that batches name again and again are read and embedded once', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const dataset = makeDataset(section);
  const asked: number[] = [];
  const watched = {
    ...dataset,
    picture(index: number) {
      asked.push(index);
      return index === BAD ? { width: 2, height: 2, data: new Uint8Array(1) } : dataset.picture(index);
    },
  };
  const network = { name: 'SmallResNet', embedding_size: 8, frozen_variables: 'bn' } as const;
  const backbone = makeBackbone(network, { stream: new RandomStream(1, 'start') });
  const wanted = wantedPictures(watched, batches, preprocessing);
  const loader = new ImageBatchLoader(watched, { preprocessing, wanted, microBatchSize: 4, seed: 0, together: 3 });
  const embedded = await embedDistinct(localNetwork(backbone), loader, batches, () => Promise.resolve());
  t.deepEqual(asked, [3, 1, 4, 5, 9, 2, 6, 8, 7]);
  t.deepEqual(
    batches.map((batch) => [...embedded.readable(batch)]),
    [[3, 1, 4], [2, 6, 5, 3, 5, 8], []], // a triplet with the bad picture is left out whole
  );
  const { data } = await embedPictures(backbone, dataset, { preprocessing });
  const items = embedded.readable(batches[1]);
  const rows = embedded.rows(items);
  items.forEach((item, i) => {
    for (let k = 0; k < 8; k++) t.true(Math.abs(rows[8 * i + k] - data[8 * item + k]) < 1e-5, `${item}, ${k}`);
  });
  await loader.dispose();
  backbone.dispose();
});
