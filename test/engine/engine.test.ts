import * as tf from '../../src/tf.js';
import test from 'ava';
import { engineNames } from '../../src/catalogue/engines.js';
import { engines } from '../../src/engine/providers.js';
import { chooseEngine, describeEngines } from '../../src/engine/index.js';
import type { Packages } from '../../src/engine/packages.js';
import { UsageError } from '../../src/errors.js';

delete process.env['TRIPLETLAB_ENGINE']; // auto is what is tested

/** Packages of which none is installed, or all fail as they load. */
function packages(load?: (name: string) => unknown): Packages & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    version: (name) => (asked.push(name), load === undefined ? undefined : '4.22.0'),
    contains: () => true,
    built: () => undefined,
    load: (name) => load!(name),
  };
}

const absent = packages();

test('configurations name exactly the engines there are', (t) => {
  t.deepEqual([...engineNames], ['auto', ...Object.keys(engines)]);
});

test.serial(
  'auto takes the embedded engine where no TensorFlow is installed, and says what it passed over',
  async (t) => {
    const engine = await chooseEngine({ useGpu: true }, absent);
    t.is(engine.name, 'wasm');
    t.false(engine.gpu);
    t.is(tf.getBackend(), 'wasm');
    t.deepEqual(
      engine.skipped.map(({ name }) => name),
      ['tensorflow-cuda', 'torch-cuda', 'webgpu', 'torch-cpu', 'tensorflow-cpu'],
    );
    for (const { reason } of engine.skipped) t.regex(reason, /\S/);
  },
);

test.serial('use_gpu: false does not even load a GPU engine', async (t) => {
  const spy = packages();
  const engine = await chooseEngine({ useGpu: false }, spy);
  t.is(engine.name, 'wasm');
  t.false(spy.asked.includes('@tensorflow/tfjs-node-gpu'));
  t.is(engine.skipped[0].reason, 'use_gpu is false');
});

test.serial('a broken package is passed over with its reason; asked for by name, it is an error', async (t) => {
  const broken = packages(() => {
    throw new Error('libcudart.so.11.0: cannot open shared object file\n  and a paragraph more');
  });
  const { skipped } = await chooseEngine({ useGpu: true }, broken);
  t.regex(skipped[0].reason, /libcudart/);
  const error = await t.throwsAsync(chooseEngine({ useGpu: true, engine: 'tensorflow-cuda' }, broken), {
    instanceOf: UsageError,
  });
  t.regex(error.message, /^engine tensorflow-cuda does not work here: .*libcudart.*; use engine: auto$/);
});

test.serial('a TensorFlow for GPUs that finds none is passed over', async (t) => {
  const withoutGpu = packages(() => {
    tf.registerBackend('tensorflow', () =>
      Object.assign(Object.create(tf.backend()) as tf.KernelBackend, { isUsingGpuDevice: false }),
    );
  });
  const { skipped, name } = await chooseEngine({ useGpu: true }, withoutGpu);
  t.is(name, 'tensorflow-cpu');
  t.regex(skipped[0].reason, /finds no GPU/);
  t.is((await chooseEngine({ useGpu: true }, absent)).name, 'wasm');
});

test.serial('an engine chosen by name computes, and an unknown one is named with the nearest', async (t) => {
  t.is((await chooseEngine({ useGpu: true, engine: 'javascript' })).backend, 'cpu');
  t.is(tf.getBackend(), 'cpu');
  const error = await t.throwsAsync(chooseEngine({ useGpu: true, engine: 'wsam' }), { instanceOf: UsageError });
  t.is(error.message, 'unknown engine: wsam; did you mean wasm?');
});

test.serial('the description names every engine and the one that auto takes', async (t) => {
  const reports = await describeEngines(absent);
  t.deepEqual(
    reports.map(({ name }) => name),
    Object.keys(engines),
  );
  t.deepEqual(
    reports.filter(({ chosenWithGpu }) => chosenWithGpu).map(({ name }) => name),
    ['wasm'],
  );
});
