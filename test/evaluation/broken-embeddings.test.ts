import { existsSync, rmSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadConfiguration } from '../../src/configuration/load.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { UsageError } from '../../src/errors.js';
import { evaluateBy, nearestNeighbors, teacherAgreement, teacherEnsemble } from '../../src/evaluation/index.js';
import {
  embeddingMap,
  neighborBrowser,
  similarityBrowser,
  teacherVotes,
  tripletBrowser,
} from '../../src/figures/index.js';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import {
  distanceCorrelation,
  fractionCorrectOfTriplets,
  fractionCorrectTriplets,
  fractionSameTripletRelation,
  meanPrecisionAt1,
} from '../../src/metrics/index.js';
import { temporaryFolder, tripletlab } from '../command-line.js';

const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

const configuration = 'configurations/synthetic/synthetic_e.yaml';

/** Rows of a stored table that are not finite, looked up one by one. */
function badRows(file: string): number[] {
  const { data, shape } = decodeSafetensors(readFileSync(file), file).tensors.get('embedding_layer.weight')!;
  return Array.from({ length: shape[0] }, (_, row) => row).filter((row) =>
    Array.from(data as Float32Array)
      .slice(row * shape[1], (row + 1) * shape[1])
      .some((value) => !Number.isFinite(value)),
  );
}

for (const kind of ['nan', 'inf'])
  test(`a teacher with rows of ${kind} is neither evaluated nor saved: the error names the rows`, (t) => {
    const file = `test/evaluation/broken/${kind}.safetensors`;
    const rows = badRows(file);
    t.true(rows.length > 0);
    const model = `Psycho,embedding_size:32/${file}`;
    const named = `broken network: embedding_layer.weight of .*${kind}.safetensors is infinite or NaN in rows? ${rows.slice(0, 10).join(', ')}.*; train it again`;
    const evaluated = tripletlab(['evaluate', configuration, `model_uri=${model}`, 'dataset.num_items=120']);
    const [out, id] = [join(folder, kind), 'new_source_embeddings_id=broken'];
    const saved = tripletlab(['save-embeddings', configuration, 'dataset.num_items=120', `model_uris=${model}`, `output_directory_name=${out}`, id]); // prettier-ignore
    for (const { status, stdout, stderr } of [evaluated, saved]) {
      t.is(status, 1);
      t.is(stdout, '');
      t.regex(stderr.trimEnd().split('\n').at(-1)!, new RegExp(named));
      t.notRegex(stderr, / {4}at /);
    }
    t.false(existsSync(out));
  });

/** Six points on a line, of which row 4 is broken. */
function line(broken: number): Float32Array {
  const data = Float32Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? i / 12 : 0.5));
  data[9] = broken;
  return data;
}

for (const broken of [NaN, Infinity, -Infinity])
  test(`metrics refuse ${broken} in a row that counts, by its number, and take the others`, (t) => {
    const [data, whole] = [line(broken), line(0.5)];
    const refused = (work: () => unknown): void => {
      t.throws(work, { instanceOf: UsageError, message: /\brow 4\b/ });
    };
    refused(() => fractionCorrectTriplets(data, 2, true));
    refused(() => fractionCorrectOfTriplets(data, 2, Int32Array.of(0, 1, 4), true));
    t.is(fractionCorrectOfTriplets(data, 2, Int32Array.of(0, 1, 3), true), 1);
    for (const convention of ['training', 'evaluation'] as const)
      refused(() => meanPrecisionAt1(data, 2, [1, 1, 1, 2, 2, 2], { convention }));
    refused(() => fractionSameTripletRelation(data, 2, { data: whole, count: 1, size: 2 }, { triplets: 100 }));
    refused(() => fractionSameTripletRelation(whole, 2, { data, count: 1, size: 2 }, { triplets: 100 }));
    refused(() => distanceCorrelation(whole, 2, data, 2));
    t.true(distanceCorrelation(whole, 2, data, 2, [0, 1, 2, 3]).correlation > 0.999);
    refused(() => nearestNeighbors(data, 2));
    const teachers = [
      { data: whole, size: 2 },
      { data, size: 2 },
    ];
    for (const ask of [teacherAgreement, teacherEnsemble]) {
      refused(() => ask(teachers, Int32Array.of(0, 1, 4), true));
      t.notThrows(() => ask(teachers, Int32Array.of(0, 1, 3), true));
    }
    refused(() => embeddingMap(data));
    refused(() => teacherVotes([{ name: 'a', data, size: 2 }], Int32Array.of(0, 1, 4), true));
  });

test('views refuse a broken row by the name of the embeddings; a row of NaN throughout is an item without one', async (t) => {
  const { dataset: section } = loadConfiguration(configuration, ['dataset.num_items=12']);
  const dataset = makeTripletDataset(section);
  const named = (broken: number[]) => ({
    name: 'teacher 7',
    size: 2,
    data: Float32Array.from({ length: 24 }, (_, i) => (i >= 10 && i < 12 ? broken[i - 10] : Math.sin(i))),
  });
  const error = { instanceOf: UsageError, message: /^invalid embeddings of teacher 7: (NaN|Infinity) in row 5;/ };
  for (const broken of [
    [1, NaN],
    [Infinity, Infinity],
    [NaN, Infinity],
  ]) {
    await t.throwsAsync(tripletBrowser(dataset, { models: [named(broken)], limit: 5 }), error);
    await t.throwsAsync(neighborBrowser(dataset, [named(broken)]), error);
    await t.throwsAsync(similarityBrowser(dataset, named(broken)), error);
  }
  await t.notThrowsAsync(tripletBrowser(dataset, { models: [named([NaN, NaN])], limit: 5 }));
});

test('in an evaluation, items whose pictures cannot be read are left out, and broken rows are not', async (t) => {
  const whole = loadConfiguration(configuration, ['dataset.num_items=12', 'subset_name=all']);
  const { triplets } = makeTripletDataset(whole.dataset);
  const all = [...triplets.training, ...triplets.validation, ...triplets.test];
  const without = Array.from({ length: all.length / 3 }, (_, i) => all.slice(3 * i, 3 * i + 3)).filter((one) => !one.includes(5)); // prettier-ignore
  const data = Float32Array.from({ length: 24 }, (_, i) => (i === 10 || i === 11 ? NaN : Math.sin(i)));
  const found = await evaluateBy(whole, () => Promise.resolve({ data, size: 2, unreadable: new Set([5]) }));
  t.is(found.count, without.length);
  t.true(found.count < all.length / 3);
  await t.throwsAsync(
    evaluateBy(whole, () => Promise.resolve({ data, size: 2 })),
    {
      instanceOf: UsageError,
      message: /^invalid embeddings: NaN in row 5; /,
    },
  );
});
