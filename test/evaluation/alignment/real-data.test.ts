import test from 'ava';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../../src/configuration/load.js';
import { DataFolder } from '../../../src/datasets/data-folder.js';
import { readConcepts, readSposeEmbedding, readTestClasses, readTestSimilarity } from '../../../src/datasets/sets/things-files.js'; // prettier-ignore
import { align } from '../../../src/evaluation/index.js';

const data = process.env['TRIPLETLAB_DATA'];
const root = data ? join(data, 'things') : '';
const spose = join(root, 'Revealing/data/spose_embedding_66d_sorted.txt');

(data && existsSync(spose) ? test : test.skip)(
  'THINGS: SPoSE by dot product, and the similarities of the 48 words (skipped where TRIPLETLAB_DATA has no such data)',
  async (t) => {
    const configuration = loadConfiguration('configurations/things/things_p_ste.yaml', [
      `dataset.raw_data_directory_name=${root}`,
    ]);
    const similarities = [join(root, 'Revealing/data/RDM48_triplet.mat')];
    const [{ zeroShot, triplets, size, rsa }] = await align(configuration, [spose], { probe: 'none', similarities });
    t.is(size, 66);
    // of the published tenth of the triplets, as numpy has it
    if (triplets === 146_168) t.is(zeroShot.dot.fct.toFixed(4), '0.6568');
    t.true(zeroShot.dot.fct > zeroShot.cosine.fct && zeroShot.cosine.fct > zeroShot.euclidean.fct);
    const folder = new DataFolder(root, 'things');
    const words = readTestClasses(folder, readConcepts(folder));
    const [embedding, people] = [readSposeEmbedding(folder, 66), readTestSimilarity(folder)];
    const row = (i: number): number[] => Array.from(Float32Array.from(embedding.data.subarray(66 * i, 66 * i + 66) as Float64Array)); // prettier-ignore
    const [ours, theirs]: number[][] = [[], []];
    for (let i = 0; i < 48; i++)
      for (let j = i + 1; j < 48; j++) {
        const [x, y] = [row(words[i]), row(words[j])];
        ours.push(x.reduce((sum, v, k) => sum + v * y[k], 0));
        theirs.push(Number(people.data[48 * i + j]));
      }
    const ranks = (of: number[]): number[] => of.map((v) => of.filter((w) => w < v).length + of.filter((w) => w === v).length / 2); // prettier-ignore
    const [a, b] = [ranks(ours), ranks(theirs)].map((of) => of.map((v) => v - ours.length / 2));
    const dot = (x: number[], y: number[]): number => x.reduce((sum, v, k) => sum + v * y[k], 0);
    const expected = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    t.true(Math.abs(rsa!.correlation.dot - expected) < 1e-5, `${rsa!.correlation.dot} ${expected}`);
    t.true(expected > 0.8);
    t.like(rsa, { items: 48, matrices: 1, ceiling: null });
  },
);
