import { rmSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { embedOrdinalRows } from '../../src/teachers/ordinal-table.js';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { makeTripletDataset, syntheticDataset } from '../../src/datasets/index.js';
import { embedItems, evaluate, exportWeights, modelUri, saveEmbeddings } from '../../src/evaluation/index.js';
import { readNpz } from '../../src/formats/npz.js';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import { train, type RunRecord } from '../../src/training/index.js';
import { temporaryFolder } from '../command-line.js';
import { distance } from '../losses/naive-triplets.js';

const base = temporaryFolder();
test.after.always(() => {
  rmSync(base, { recursive: true, force: true });
});

const configured = (name: string, ...overrides: string[]) =>
  loadTrainingConfiguration(`configurations/synthetic/synthetic_${name}.yaml`, ['use_gpu=false', ...overrides]);
const quick = ['dataset.num_items=40', 'dataset.num_triplets=4000', 'optimization.num_training_epochs=4'];

function tableOf({ name }: RunRecord, at: string, file = 'checkpoint-best'): Float32Array {
  const path = join(at, 'modeling/runs', name, `${file}.safetensors`);
  return decodeSafetensors(readFileSync(path), path).tensors.get('embedding_layer.weight')!.data as Float32Array;
}

const rowsOf = (table: Float32Array, size: number): number[][] =>
  Array.from({ length: table.length / size }, (_, i) => [...table.subarray(i * size, (i + 1) * size)]);

/** FCT by Euclidean distances of rows as they are, in double precision. */
function naiveFct(rows: readonly (readonly number[])[], triplets: Int32Array, directed: boolean): number {
  let correct = 0;
  for (let i = 0; i < triplets.length; i += 3) {
    const [a, b, c] = [rows[triplets[i]], rows[triplets[i + 1]], rows[triplets[i + 2]]];
    correct += Number(distance(a, b) < distance(a, c) && (directed || distance(a, b) < distance(b, c)));
  }
  return (3 * correct) / triplets.length;
}

for (const [loss, parameter] of [
  ['soe', 'model.margin=1'],
  ['ckl', 'model.mu=1'],
])
  for (const directed of [false, true])
    test.serial(
      `${loss}, ${directed ? 'directed' : 'undirected'}: records, evaluation and saved embeddings have the FCT of the bare table`,
      async (t) => {
        const folder = join(base, `${loss}-${directed}`);
        const overrides = [...quick, `model.loss_type=${loss}`, parameter, `dataset.directed=${directed}`];
        const config = configured('p_soe', ...overrides, 'num_repetitions=2');
        const records = await train(config, { base: folder });
        const { triplets } = makeTripletDataset(config.dataset);
        const size = config.model.embedding_size;
        for (const record of records) {
          const rows = rowsOf(tableOf(record, folder), size);
          const fct = naiveFct(rows, triplets.validation, directed);
          t.true(Math.abs(record.best!.value - fct) < 1e-9, `${record.best!.value}, ${fct}`);
          t.true(fct > (directed ? 0.7 : 0.6)); // chance is .5 and .33
          const asked = { ...config, model_uri: modelUri(record), subset_name: 'validation' as const };
          t.true(Math.abs((await evaluate(asked, { base: folder })).value - fct) < 1e-9);
        }
        const { file } = await saveEmbeddings(
          { ...config, output_directory_name: 'out', new_source_embeddings_id: 'ordinal' },
          { base: folder, modelUris: records.map(modelUri) },
        );
        const { data, shape } = readNpz(file).get('embeddings')!;
        t.deepEqual(shape, [40, 2, size]);
        for (const [m, record] of records.entries()) {
          const rows = rowsOf(tableOf(record, folder), size);
          const mean = rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
          const centred = rows.map((row) => row.map((x, k) => x - mean[k]));
          const scale = Math.sqrt(centred.flat().reduce((sum, x) => sum + x * x, 0) / rows.length);
          centred.forEach((row, i) =>
            row.forEach((x, k) => {
              t.true(Math.abs(Number(data[(i * 2 + m) * size + k]) - x / scale) < 1e-6);
            }),
          );
        }
      },
    );

test.serial(
  'a run that was stopped ends with the weights of one that was not, and repetitions with those of runs alone',
  async (t) => {
    const folder = join(base, 'stopped');
    const config = configured('p_soe', ...quick, 'num_repetitions=2');
    const whole = await train(config, { base: join(base, 'whole') });
    const abort = new AbortController();
    const onUpdate = ({ records }: { records: readonly RunRecord[] }): void => {
      if (records[0].epochs.length === 2) abort.abort();
    };
    await t.throwsAsync(train(config, { base: folder, signal: abort.signal, onUpdate }));
    const resumed = await train(config, { base: folder });
    const [alone] = await train(configured('p_soe', ...quick, 'run.id=5102'), { base: join(base, 'alone') });
    for (const [i, record] of whole.entries())
      t.deepEqual(
        tableOf(resumed[i], folder, 'checkpoint-last'),
        tableOf(record, join(base, 'whole'), 'checkpoint-last'),
      );
    t.deepEqual(tableOf(alone, join(base, 'alone')), tableOf(whole[1], join(base, 'whole')));
  },
);

test.serial('tensor operations give the curve of the fused kernel', async (t) => {
  const curves: number[][] = [];
  for (const fused of [true, false]) {
    const [{ epochs }] = await train(configured('p_soe', ...quick), { base: join(base, `fused-${fused}`), fused });
    curves.push(epochs.flatMap((e) => [e.training_loss, e.validation_loss]));
  }
  curves[0].forEach((x, i) => t.true(Math.abs(x - curves[1][i]) < 2e-3 * (1 + x), `${x} ${curves[1][i]}`));
});

test.serial(
  'on drawn triplets soe comes nearer to what the true factors reach than the teachers of the paper',
  async (t) => {
    const mean = async (name: string): Promise<number> => {
      const config = configured(name, 'num_repetitions=3', 'optimization.evaluate_globally=true');
      const records = await train(config, { base: join(base, name) });
      return records.reduce((sum, { best }) => sum + best!.value, 0) / records.length;
    };
    const { factorsFct } = syntheticDataset(configured('p_soe').dataset);
    const [ordinal, psycho] = [await mean('p_soe'), await mean('p_ste')];
    t.log(`soe ${ordinal.toFixed(4)}, ste ${psycho.toFixed(4)}, true factors ${factorsFct.validation.toFixed(4)}`);
    t.true(ordinal > psycho + 0.003);
    t.true(ordinal < factorsFct.validation);
  },
);

test('moving and scaling a table changes nothing of its embeddings; equal rows have none of infinite length', (t) => {
  const rows = Int32Array.of(0, 1, 2, 2);
  const table = Float32Array.of(1, 2, 3, 5, -4, 0.5);
  const embedded = embedOrdinalRows(table, rows, 2);
  embedOrdinalRows(
    table.map((x, i) => 8 * x + (i % 2 === 0 ? 16 : -4)),
    rows,
    2,
  ).forEach((x, i) => {
    t.true(Math.abs(x - embedded[i]) < 1e-6);
  });
  t.deepEqual(embedOrdinalRows(new Float32Array(6).fill(3), rows, 2), new Float32Array(8));
});

test.serial('a table goes to safetensors, and not to the original, which has no such teacher', async (t) => {
  const folder = join(base, 'export');
  const config = configured('p_soe', ...quick, 'optimization.num_training_epochs=1');
  const [record] = await train(config, { base: folder });
  const run = `modeling/runs/${record.name}`;
  await t.throwsAsync(exportWeights(run, { to: 'pth', base: folder }), {
    message: /^cannot export run-5101 to pth: neither the original nor torchvision has an Ordinal; --to safetensors /,
  });
  const { tensors } = await exportWeights(run, { to: 'safetensors', base: folder });
  t.is(tensors, 1);
  const uri = modelUri(record).replace('embedding_size:8', 'embedding_size:9');
  await t.throwsAsync(embedItems(uri, makeTripletDataset(config.dataset), { base: folder }), {
    message: /^invalid embedding_size: 9 in the model URI; .* has 8$/,
  });
});
