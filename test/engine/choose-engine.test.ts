import * as tf from '@tensorflow/tfjs';
import test from 'ava';
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { UsageError } from '../../src/errors.js';
import { chooseEngine, describeEngines } from '../../src/engine/index.js';
import { threadCount } from '../../src/engine/machine.js';
import { CPU, CUDA, dawn, fails, install, loads, uninstall, WEBGPU, webgpuBackend, works } from './fake-packages.js';

delete process.env['TRIPLETLAB_ENGINE']; // auto is what is tested

const UNBUILT = 'its addon is not built; npm run build:torch';

test.after.always(uninstall);

/** What the engine that computes makes of 1 2 3 . 4 5 6. */
const product = () => tf.tidy(() => tf.dot(tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 5, 6])).dataSync()[0]);

const chosen = async (useGpu: boolean, packages: ReturnType<typeof install>, engine?: string) => {
  const result = await chooseEngine({ useGpu, engine }, packages);
  return {
    name: result.name,
    backend: tf.getBackend(),
    gpu: result.gpu,
    skipped: result.skipped.map(({ name, reason }) => `${name}: ${reason}`),
  };
};

test.serial('without TensorFlow, WASM computes', async (t) => {
  const engine = await chooseEngine({ useGpu: true }, install());
  t.is(engine.name, 'wasm');
  t.is(tf.getBackend(), 'wasm');
  t.false(engine.gpu);
  t.is(engine.version, '4.22.0, kernels 2');
  t.true(engine.device.length > 0 && engine.threads >= 1);
  t.deepEqual(engine.skipped, [
    { name: 'tensorflow-cuda', reason: `${CUDA} is not installed; npm install ${CUDA}@4.22.0 adds it` },
    { name: 'torch-cuda', reason: UNBUILT },
    { name: 'webgpu', reason: `${WEBGPU} is not installed` },
    { name: 'torch-cpu', reason: UNBUILT },
    { name: 'tensorflow-cpu', reason: `${CPU} is not installed; npm install ${CPU}@4.22.0 adds it` },
  ]);
  t.is(product(), 32);
});

test.serial('a package that fails is passed over with its first line, and loaded once', async (t) => {
  const message = '\n  libcudart.so.11.0: cannot open shared object file\n  a paragraph of advice';
  const packages = install({ name: CUDA, label: 'broken', code: fails(message) });
  for (let round = 0; round < 2; round++) {
    const { name, skipped } = await chosen(true, packages);
    t.is(name, 'wasm');
    t.is(skipped[0], 'tensorflow-cuda: libcudart.so.11.0: cannot open shared object file');
  }
  t.is(loads['broken'], 1);
  t.is(product(), 32);
});

test.serial('a package whose native library was not downloaded is not loaded', async (t) => {
  const packages = install({ name: CUDA, label: 'no library', code: works(true), library: false });
  const { name, skipped } = await chosen(true, packages);
  t.is(name, 'wasm');
  t.regex(skipped[0], /no native library/);
  t.false('no library' in loads);
});

test.serial('a package without a GPU is passed over for TensorFlow on the processor', async (t) => {
  const packages = install(
    { name: CUDA, label: 'no gpu', code: works(false) },
    { name: CPU, label: 'processor', code: works(false) },
  );
  const warnings: unknown[] = [];
  const { warn } = console;
  console.warn = (...values: unknown[]) => warnings.push(values);
  try {
    for (let round = 0; round < 2; round++) {
      const { name, backend, gpu, skipped } = await chosen(true, packages);
      t.deepEqual([name, backend, gpu, skipped.length], ['tensorflow-cpu', 'tensorflow', false, 4]);
      t.regex(skipped[0], /^tensorflow-cuda: .* finds no GPU/);
      t.is(product(), 32);
    }
  } finally {
    console.warn = warn;
  }
  t.deepEqual([loads['no gpu'], loads['processor']], [1, 1]);
  t.deepEqual(warnings, []);
});

test.serial('a GPU is used when asked for, and its package not even loaded when not', async (t) => {
  const packages = install(
    { name: CUDA, label: 'gpu', code: works(true) },
    { name: CPU, label: 'processor too', code: works(false) },
  );
  const without = await chosen(false, packages);
  t.deepEqual([without.name, without.gpu], ['tensorflow-cpu', false]);
  t.deepEqual(without.skipped, [
    'tensorflow-cuda: use_gpu is false',
    'torch-cuda: use_gpu is false',
    'webgpu: use_gpu is false',
    `torch-cpu: ${UNBUILT}`,
  ]);
  t.false('gpu' in loads);
  t.is(product(), 32);
  const withGpu = await chosen(true, packages);
  t.deepEqual([withGpu.name, withGpu.gpu, withGpu.skipped], ['tensorflow-cuda', true, []]);
  t.is(product(), 32);
  for (const engine of ['wasm', 'tensorflow-cpu', 'javascript', 'tensorflow-cuda', 'wasm']) {
    const named = await chosen(false, packages, engine);
    t.is(named.name, engine);
    t.is(product(), 32);
  }
  t.deepEqual([loads['gpu'], loads['processor too']], [1, 1]);
});

const nvidia = { vendor: 'nvidia', architecture: 'hopper', device: 'NVIDIA X', description: 'NVIDIA: 535' };
const softwareAdapters = [
  { vendor: 'google', architecture: 'swiftshader', device: 'subzero', description: 'SwiftShader driver 5.0.0' },
  { vendor: 'mesa', architecture: '', device: 'llvmpipe (LLVM 15.0.6, 256 bits)', description: '' },
  { vendor: 'microsoft', architecture: '', device: 'Microsoft Basic Render Driver', description: '' },
  { vendor: 'unheard of', architecture: '', device: '', description: '', isFallbackAdapter: true },
];

/** Runs work as on a system that has a GPU's driver. */
async function withDriver(work: () => Promise<void>): Promise<void> {
  const before = process.env['VK_DRIVER_FILES'];
  process.env['VK_DRIVER_FILES'] = '/a/driver.json';
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env['VK_DRIVER_FILES'];
    else process.env['VK_DRIVER_FILES'] = before;
  }
}

test.serial('WebGPU on a hardware GPU comes after CUDA and before the processor', async (t) => {
  await withDriver(async () => {
    const cuda = { name: CUDA, label: 'cuda first', code: works(true) };
    const cpu = { name: CPU, label: 'cpu last', code: works(false) };
    const packages = install(dawn('gpu binary', nvidia), webgpuBackend('gpu backend'), cpu);
    const engine = await chooseEngine({ useGpu: true }, packages);
    t.deepEqual([engine.name, engine.backend, engine.gpu, engine.device], ['webgpu', 'webgpu', true, 'NVIDIA X']);
    t.deepEqual(
      engine.skipped.map(({ name }) => name),
      ['tensorflow-cuda', 'torch-cuda'],
    );
    t.is(product(), 32);
    const all = install(cuda, dawn('unused binary', nvidia), webgpuBackend('unused backend'));
    t.is((await chooseEngine({ useGpu: true }, all)).name, 'tensorflow-cuda');
    t.is((await chooseEngine({ useGpu: false }, all)).name, 'wasm');
    t.false('unused binary' in loads || 'unused backend' in loads);
  });
});

test.serial('adapters that compute on the processor are passed over, and taken when asked for', async (t) => {
  await withDriver(async () => {
    for (const info of softwareAdapters) {
      const packages = install(dawn('software', info), webgpuBackend('software backend'));
      const { name, skipped } = await chooseEngine({ useGpu: true }, packages);
      t.is(name, 'wasm');
      t.is(skipped[2].name, 'webgpu');
      t.regex(skipped[2].reason, /^\S.* computes on the processor; set engine=webgpu to use it all the same$/);
      const [, , report] = await describeEngines(packages);
      t.deepEqual([report.works, report.chosenWithGpu, report.reason], [false, false, skipped[2].reason]);
      t.is((await chooseEngine({ useGpu: true, engine: 'webgpu' }, packages)).name, 'webgpu');
      t.is(product(), 32);
    }
  });
});

test.serial('what WebGPU lacks is said', async (t) => {
  await withDriver(async () => {
    const reason = async (...fakes: Parameters<typeof install>) =>
      (await chooseEngine({ useGpu: true }, install(...fakes))).skipped[2].reason;
    t.is(await reason(dawn('alone', nvidia)), `${WEBGPU} is not installed`);
    t.is(await reason(webgpuBackend('alone too')), 'webgpu is not installed');
    t.regex(
      await reason(webgpuBackend('no place'), { name: 'webgpu', label: 'no binary', code: '' }),
      /^webgpu has no binary for /,
    );
    t.regex(await reason(webgpuBackend('no driver'), dawn('no adapter')), /^no driver offers a GPU; install /);
    const broken = { ...dawn('broken binary'), code: fails('libX: cannot open\n  advice') };
    t.is(await reason(webgpuBackend('not loaded'), broken), 'libX: cannot open');
    t.false('not loaded' in loads);
  });
});

test.serial('tensors move over to an engine that is chosen later', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' }, install());
  const x = tf.tensor1d([1, 2, 3]);
  await chooseEngine({ useGpu: false, engine: 'javascript' }, install());
  const y = tf.tidy(() => tf.mul(x, 2));
  await chooseEngine({ useGpu: false, engine: 'auto' }, install());
  t.is(tf.getBackend(), 'wasm');
  t.deepEqual([...tf.tidy(() => tf.add(x, y)).dataSync()], [3, 6, 9]);
});

test.serial('another package in the place of one is as good as none', async (t) => {
  const packages = install({ name: CPU, label: 'stand-in', code: works(false), real: '@tensorflow/tfjs' });
  const { name, skipped } = await chosen(false, packages);
  t.is(name, 'wasm');
  t.is(skipped[4], `tensorflow-cpu: ${CPU} is not installed; npm install ${CPU}@4.22.0 adds it`);
  t.false('stand-in' in loads);
});

test.serial('a package that registers nothing does not work', async (t) => {
  const packages = install({ name: CPU, label: 'empty', code: '' });
  const { skipped } = await chosen(false, packages);
  t.is(skipped[4], `tensorflow-cpu: ${CPU} registers no backend`);
});

test.serial('engines that do not exist or do not work are refused in one line', async (t) => {
  const refuse = async (engine: string, message: string) =>
    t.throwsAsync(chooseEngine({ useGpu: true, engine }, install()), { instanceOf: UsageError, message });
  await refuse('wsam', 'unknown engine: wsam; did you mean wasm?');
  await refuse(
    'tensorflow-cuda',
    `engine tensorflow-cuda does not work here: ${CUDA} is not installed; npm install ${CUDA}@4.22.0 adds it; use engine: auto`,
  );
  t.is(tf.getBackend(), 'wasm');
});

test.serial('all engines are described, and the one that computed computes again', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'javascript' }, install());
  const packages = install({ name: CUDA, label: 'described', code: works(true) });
  const reports = await describeEngines(packages);
  t.deepEqual(
    reports.map(({ name, works: fine, chosenWithGpu, chosenWithoutGpu }) => [
      name,
      fine,
      chosenWithGpu,
      chosenWithoutGpu,
    ]),
    [
      ['tensorflow-cuda', true, true, false],
      ['torch-cuda', false, false, false],
      ['webgpu', false, false, false],
      ['torch-cpu', false, false, false],
      ['tensorflow-cpu', false, false, false],
      ['wasm', true, false, true],
      ['javascript', true, false, false],
    ],
  );
  t.is(reports[1].reason, UNBUILT);
  t.is(reports[4].reason, `${CPU} is not installed; npm install ${CPU}@4.22.0 adds it`);
  t.is(reports[5].version, '4.22.0, kernels 2');
  t.is(tf.getBackend(), 'cpu');
  t.is(product(), 32);
});

test.serial('the number of threads', (t) => {
  const before = process.env['TRIPLETLAB_THREADS'];
  try {
    delete process.env['TRIPLETLAB_THREADS'];
    t.is(threadCount(), availableParallelism());
    process.env['TRIPLETLAB_THREADS'] = '3';
    t.is(threadCount(), 3);
    for (const wrong of ['0', '-1', '1.5', 'many']) {
      process.env['TRIPLETLAB_THREADS'] = wrong;
      t.throws(threadCount, {
        instanceOf: UsageError,
        message: `invalid TRIPLETLAB_THREADS: ${wrong}; a number of threads from 1 on`,
      });
    }
  } finally {
    if (before === undefined) delete process.env['TRIPLETLAB_THREADS'];
    else process.env['TRIPLETLAB_THREADS'] = before;
  }
});

/** Runs a module in a process of its own. */
const run = (code: string) =>
  spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    timeout: 120_000,
  });

test('the module loads without TensorFlow.js', (t) => {
  const { stdout, stderr } = run(`
    import { createRequire } from 'node:module';
    const { cache } = createRequire(process.cwd() + '/package.json');
    const loaded = () => Object.keys(cache).filter((file) => file.includes('tfjs')).length > 0;
    await import('./dist/engine/index.js');
    console.log(loaded());
    await import('@tensorflow/tfjs');
    console.log(loaded());`);
  t.deepEqual([stdout, stderr], ['false\ntrue\n', '']);
});

test('engines print nothing, and the process ends by itself', (t) => {
  const { stdout, stderr, status } = run(`
    const { chooseEngine } = await import('./dist/engine/index.js');
    const tf = await import('@tensorflow/tfjs');
    for (const engine of ['javascript', 'auto']) {
      await chooseEngine({ useGpu: true, engine });
      for (let i = 0; i < 20; i++) tf.matMul(tf.ones([300, 300]), tf.ones([300, 300])).dataSync();
    }`);
  t.deepEqual([stdout, stderr, status], ['', '', 0]);
});

test("an uncaught error is printed as Node.js prints it, without Emscripten's bundle", (t) => {
  const { stderr, status } = run(`
    const { chooseEngine } = await import('./dist/engine/index.js');
    await chooseEngine({ useGpu: true });
    setTimeout(() => { throw new Error('the error itself'); }, 1);`);
  t.is(status, 1);
  t.regex(stderr, /the error itself/);
  t.true(stderr.length < 2000);
});
