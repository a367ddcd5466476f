import { existsSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadConfiguration, type TrainingConfiguration } from '../../src/configuration/index.js';
import { UsageError } from '../../src/errors.js';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors.js';
import { thisProcess } from '../../src/locks/index.js';
import { train, type RunRecord } from '../../src/training/index.js';
import { lockRun, RunLockedError } from '../../src/training/runs/run-lock.js';
import { folderOf } from '../datasets/folders.js';

const configuration = loadConfiguration('configurations/synthetic/synthetic_p_ste.yaml', [
  'engine=wasm',
  'use_gpu=false',
  'optimization.num_training_epochs=2',
  'optimization.num_batches_per_epoch=2',
  'run.output_directory_name=runs',
]) as TrainingConfiguration;
const name = 'run-1001';

/** The one line with which training in a folder is refused. */
async function refusal(t: ExecutionContext, base: string, options = {}): Promise<string> {
  const error = await t.throwsAsync(train(configuration, { base, ...options }), { instanceOf: UsageError });
  t.notRegex(error.message, /\n/);
  return error.message;
}

async function trained(t: ExecutionContext): Promise<{ base: string; folder: string; record: RunRecord }> {
  const base = folderOf(t);
  const [record] = await train(configuration, { base });
  return { base, folder: join(base, 'runs', name), record };
}

test('a damaged run.json is one line with the folder to remove, also where it is JSON of another shape', async (t) => {
  const { base, folder } = await trained(t);
  const file = join(folder, 'run.json');
  const good = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const without = (key: string): unknown => Object.fromEntries(Object.entries(good).filter(([other]) => other !== key));
  const shapes: unknown[] = [null, [], {}, 7, 'x', { format: 1, epochs: [] }, { ...good, format: 2 }, { ...good, best: 1 }, { ...good, epochs: [1] }, { ...good, configuration: {} }, { ...good, data: null }, { ...good, notes: 'x' }, ...Object.keys(good).filter((key) => key !== 'inputs').map(without)]; // prettier-ignore
  for (const text of ['', '{"format":1', ...shapes.map((shape) => JSON.stringify(shape))]) {
    writeFileSync(file, text);
    const message = await refusal(t, base);
    t.true(message.startsWith(`invalid run record: ${file}: `), text);
    t.true(message.endsWith(`; remove ${folder} and train again`), message);
  }
});

test('a damaged checkpoint-last is one line with the file to remove; without it the run begins anew', async (t) => {
  const { base, folder, record } = await trained(t);
  const [json, last] = ['run.json', 'checkpoint-last.safetensors'].map((file) => join(folder, file));
  const best = readFileSync(join(folder, 'checkpoint-best.safetensors'));
  writeFileSync(json, JSON.stringify({ ...record, status: 'interrupted' }));
  const good = readFileSync(last);
  const { tensors, metadata } = decodeSafetensors(good, last);
  const of = (position: string): Buffer => Buffer.concat(encodeSafetensors([...tensors], { ...metadata, position }));
  const positions = [
    '',
    'null',
    '[]',
    '{}',
    '{"epoch":-1}',
    metadata['position'].replace('"epochs":[', '"epochs":[7,'),
  ];
  for (const bytes of [Buffer.alloc(0), good.subarray(0, 100), Buffer.alloc(500, 7), ...positions.map(of)]) {
    writeFileSync(last, bytes);
    t.is(await refusal(t, base), `invalid checkpoint: ${last}: it is damaged; remove it, and the run begins anew`);
  }
  rmSync(last);
  const [again] = await train(configuration, { base });
  t.deepEqual(again.best, record.best);
  t.deepEqual(readFileSync(join(folder, 'checkpoint-best.safetensors')), best);
});

test('a run without its best checkpoint is not finished: said where it is read, and where training ends', async (t) => {
  const { base, folder } = await trained(t);
  const best = join(folder, 'checkpoint-best.safetensors');
  const missing = `missing file: ${best}, the run's best; put it back, or remove ${folder} and train again`;
  rmSync(best);
  t.is(await refusal(t, base), missing);
  rmSync(folder, { recursive: true });
  const remove = (place: string) => ({
    onUpdate: ({ records: [{ epochs }] }: { records: readonly RunRecord[] }) => {
      if (epochs.length > 0 && existsSync(place)) rmSync(place, { recursive: true });
    },
  });
  t.regex(await refusal(t, base, remove(folder)), new RegExp(`^missing file: ${folder}/lock was removed while ${name} trained; `)); // prettier-ignore
  t.false(existsSync(join(folder, 'run.json')));
  const [record] = await train(configuration, { base }); // nothing is in the way of another try
  t.is(record.status, 'finished');
});

test('a process that slept until another one took its run writes no more into it', async (t) => {
  const base = folderOf(t);
  const folder = join(base, 'runs', name);
  const other = JSON.stringify({ pid: 7, start: '1', host: 'another-machine' });
  const message = await refusal(t, base, {
    onUpdate: () => {
      if (existsSync(join(folder, 'lock'))) writeFileSync(join(folder, 'lock'), other);
    },
  });
  t.regex(message, /^run-1001 is being trained by process 7 on another-machine; /);
  t.is(readFileSync(join(folder, 'lock'), 'utf8'), other);
  t.deepEqual(
    readdirSync(folder).filter((file) => file.startsWith('checkpoint')),
    [],
  );
});

test('a lock of another container that fell silent is taken over, and said in one line', (t) => {
  const folder = folderOf(t);
  const file = join(folder, 'lock');
  writeFileSync(file, JSON.stringify({ ...thisProcess(), namespace: 'pid:[1]' }));
  t.throws(() => lockRun(folder, name), {
    instanceOf: RunLockedError,
    message: /in another container, or before a restart/,
  });
  const then = Date.now() / 1000 - 300;
  utimesSync(file, then, then);
  const said: string[] = [];
  lockRun(folder, name, (line) => said.push(line))();
  t.is(said.length, 1);
  t.regex(said[0], /^run-1001: taken over from process \d+ on .* \(in another container.*\), silent for 5 min$/);
  t.deepEqual(readdirSync(folder), []);
});
