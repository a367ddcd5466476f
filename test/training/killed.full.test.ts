import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import { RandomStream } from '../../src/random/stream.js';
import type { RunRecord } from '../../src/training/index.js';
import { startTripletlab, temporaryFolder, tripletlab } from '../command-line.js';

// long enough (a few seconds) for several checkpoints
const settings = [
  'configurations/synthetic/synthetic_p_ste.yaml',
  'optimization.num_training_epochs=150',
  'model.embedding_size=128',
  'num_repetitions=2',
];
const run = 'modeling/runs/run-1001';

const record = (folder: string, name = run): RunRecord =>
  JSON.parse(readFileSync(join(folder, name, 'run.json'), 'utf8')) as RunRecord;

/** What a run came to, but for times: weights, losses, metrics, events. */
function result(folder: string): unknown {
  return [run, 'modeling/runs/run-1002'].map((name) => {
    const tensors = ['checkpoint-best', 'checkpoint-last'].map((file) => {
      const path = join(folder, name, `${file}.safetensors`);
      return [...decodeSafetensors(readFileSync(path), path).tensors].map(([key, { data }]) => [key, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')]); // prettier-ignore
    });
    const { epochs, best, status } = record(folder, name);
    const numbers = epochs.map(({ epoch, training_loss, validation_loss, metric }) => [epoch, training_loss, validation_loss, metric]); // prettier-ignore
    const events = ['training', 'validation'].map((part) => readdirSync(join(folder, name, part)).length);
    return { tensors, numbers, best, status, events };
  });
}

/** Waits until a process has begun to write its run (or ended). */
async function underWay(folder: string, child: ChildProcess, since = 0): Promise<void> {
  const file = join(folder, run, 'run.json');
  while (child.exitCode === null && !(existsSync(file) && statSync(file).mtimeMs > since))
    await new Promise((resolve) => setTimeout(resolve, 20));
}

const whole = temporaryFolder();

test.before(() => {
  const { status, stderr } = tripletlab(['train', ...settings], { cwd: whole });
  if (status !== 0) throw new Error(stderr);
});
test.after.always(() => {
  rmSync(whole, { recursive: true });
});

test.serial(
  'killed with SIGKILL at random moments, a run ends with the same weights as one never killed',
  async (t) => {
    const folder = temporaryFolder();
    const stream = new RandomStream(Date.now(), 'moments'); // other moments each time
    let resumable = 0;
    for (let kills = 0; kills < 20 && resumable < 3; kills++) {
      const started = Date.now();
      const child = startTripletlab(['train', ...settings], { cwd: folder });
      const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
      await underWay(folder, child, started);
      setTimeout(() => child.kill('SIGKILL'), 1500 * stream.uniform());
      const [code] = await ended;
      if (code !== null) {
        if (resumable > 0) break;
        rmSync(join(folder, run), { recursive: true, force: true }); // it was faster than its kill: once more
        continue;
      }
      if (existsSync(join(folder, run, 'checkpoint-last.safetensors'))) resumable++;
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (file.endsWith('.json')) t.notThrows(() => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown);
    }
    t.true(resumable > 0, 'a kill came after a checkpoint');
    // what a kill in the middle of a checkpoint leaves
    if (record(folder).status === 'running') writeFileSync(join(folder, run, '.1-0.tmp'), 'half a checkpoint');
    t.is(tripletlab(['train', ...settings], { cwd: folder }).status, 0);
    t.deepEqual(result(folder), result(whole));
    t.regex(record(folder).notes.join('\n'), /resumed after epoch/);
    t.deepEqual(readdirSync(join(folder, run)).sort(), ['checkpoint-best.safetensors', 'checkpoint-last.safetensors', 'run.json', 'training', 'validation']); // prettier-ignore
    rmSync(folder, { recursive: true });
  },
);

test.serial('Ctrl-C in the middle of an epoch stops at once, and the run goes on from that step', async (t) => {
  const folder = temporaryFolder();
  const child = startTripletlab(['train', ...settings], { cwd: folder });
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  await underWay(folder, child);
  setTimeout(() => child.kill('SIGINT'), 200);
  t.is((await ended)[0], 130);
  t.regex(stderr, /interrupted in epoch \d+ of 150; run the same command again to go on/);
  t.is(record(folder).status, 'interrupted');
  t.is(tripletlab(['train', ...settings], { cwd: folder }).status, 0);
  t.deepEqual(result(folder), result(whole));
  rmSync(folder, { recursive: true });
});

test.serial('two processes never write one run', async (t) => {
  const folder = temporaryFolder();
  const first = startTripletlab(['train', ...settings], { cwd: folder });
  const ended = once(first, 'exit');
  await underWay(folder, first);
  const second = tripletlab(['train', ...settings], { cwd: folder });
  t.is(second.status, 1);
  t.regex(second.stderr, new RegExp(`run-1001 is being trained by process ${first.pid} on .*; wait for it`));
  await ended;
  t.deepEqual(result(folder), result(whole));
  rmSync(folder, { recursive: true });
});

test.serial('a finished run is left alone, and trained together or alone it is the same', (t) => {
  const before = statSync(join(whole, run, 'run.json')).mtimeMs;
  const again = tripletlab(['train', ...settings], { cwd: whole });
  t.is(again.status, 0);
  t.regex(again.stderr, /run-1001 is finished already/);
  t.is(statSync(join(whole, run, 'run.json')).mtimeMs, before);
  const folder = temporaryFolder();
  for (const id of [1001, 1002])
    t.is(tripletlab(['train', ...settings, 'num_repetitions=1', `run.id=${id}`], { cwd: folder }).status, 0);
  t.deepEqual(result(folder), result(whole));
  rmSync(folder, { recursive: true });
});
