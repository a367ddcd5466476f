import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import type { RunRecord } from '../../src/training/index.js';
import { startTripletlab, temporaryFolder, tripletlab } from '../command-line.js';
import { fastEngines } from '../engine/tested-engines.js';

// A plan whose students have parts of one's own, of a module that `--import` names: on each engine it is killed and
// resumed, and ends as one that was left alone. Several processes do the same jobs.

const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

const module = join(folder, 'mine.ts');
writeFileSync(
  module,
  `import { backbones, losses, metrics, optimizers, tf } from 'tripletlab';
losses.register({
  name: 'my_rkd',
  supervision: 'teachers',
  loss: (embeddings, { teachers }) => losses.distillationLosses.rkd({}, undefined)(embeddings, teachers),
});
backbones.register({
  name: 'TinyNet',
  featureSize: 8,
  body: ({ variable }) => {
    const filters = variable<tf.Rank.R4>('conv1.weight', [3, 3, 3, 8]);
    return (images) => tf.mean(tf.relu(tf.conv2d(images, filters, 2, 'same')), [1, 2]);
  },
});
metrics.register({
  name: 'negative_spread',
  supervision: 'teachers',
  metric: (rows, size) => -rows.reduce((sum, value, i) => sum + Math.abs(value - rows[i % size]!), 0),
});
optimizers.register({
  name: 'sgd',
  make: (parameters, { learningRate }) => ({
    learningRate,
    steps: 0,
    step(gradients) {
      this.steps++;
      for (const [i, { variable }] of parameters.entries())
        tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(gradients[i]!, this.learningRate))));
    },
    tensors: () => ({}),
    dispose: () => undefined,
  }),
});
`,
);
const plan = join(folder, 'plan.yaml');
writeFileSync(
  plan,
  `name: own-parts
teachers:
  configuration: configurations/synthetic/synthetic_p_ste.yaml
  overrides: [dataset.num_items=60, dataset.num_triplets=3000, dataset.batch_size=240, num_repetitions=2, optimization.num_training_epochs=3]
source_embeddings_id: t
students:
  - configuration: configurations/synthetic/synthetic_se_rkd.yaml
    overrides:
      - preprocessing.image_size=16
      - dataset.batch_size=18
      - optimization.num_training_epochs=150
      - model.name=TinyNet
      - model.loss_type=my_rkd
      - model.metric_mode=negative_spread/max
      - optimization.optimizer_type=sgd
      - dataset.num_items=60
      - dataset.num_triplets=3000
evaluation:
  configuration: configurations/synthetic/synthetic_img_e.yaml
  overrides: [preprocessing.image_size=16, dataset.num_items=60, dataset.num_triplets=3000]
`,
);

/** Returns the folder and the record of the student's run, once it is there. */
function studentOf(out: string): { place: string; record: RunRecord } | undefined {
  const runs = existsSync(join(out, 'runs'))
    ? readdirSync(join(out, 'runs'), { recursive: true, encoding: 'utf8' })
    : [];
  return runs
    .filter((path) => path.endsWith('run.json'))
    .map((path) => ({ place: join(out, 'runs', path, '..'), path: join(out, 'runs', path) }))
    .map(({ place, path }) => ({ place, record: JSON.parse(readFileSync(path, 'utf8')) as RunRecord }))
    .find(({ record }) => record.configuration.model.name === ('TinyNet' as string));
}

function weights(place: string): Map<string, number[]> {
  const file = join(place, 'checkpoint-last.safetensors');
  return new Map(
    [...decodeSafetensors(readFileSync(file), file).tensors].map(([name, { data }]) => [
      name,
      Array.from(data as Float32Array),
    ]),
  );
}

for (const engine of fastEngines)
  test.serial(`killed and resumed on ${engine}`, async (t) => {
    const [left, killed] = ['left', 'killed'].map((name) => join(folder, `${name}-${engine}`));
    const args = (out: string): string[] => ['reproduce', plan, '--out', out, '--import', module];
    const env = { TRIPLETLAB_ENGINE: engine };
    const { status, stderr } = tripletlab(args(left!), { env });
    t.is(status, 0, stderr);
    mkdirSync(killed!);
    const child = startTripletlab(args(killed!), { env });
    const begun = (): boolean => {
      const student = studentOf(killed!);
      return student !== undefined && existsSync(join(student.place, 'checkpoint-last.safetensors'));
    };
    while (!begun() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await once(child, 'close');
    t.is(studentOf(killed!)!.record.status, 'running');
    const resumed = tripletlab(args(killed!), { env });
    t.is(resumed.status, 0, resumed.stderr);
    const [one, other] = [studentOf(left!)!, studentOf(killed!)!];
    t.is(other.record.status, 'finished');
    t.true(other.record.notes.some((note) => note.startsWith('resumed after epoch ')));
    t.deepEqual(weights(other.place), weights(one.place));
    t.deepEqual(
      one.record.parts!.map(({ kind, name, module: place }) => [kind, name, place]),
      [
        ['loss', 'my_rkd', module],
        ['backbone', 'TinyNet', module],
        ['metric', 'negative_spread', module],
        ['optimizer', 'sgd', module],
      ],
    );
  });

test.serial('several processes know the parts of a module', (t) => {
  const cwd = temporaryFolder();
  const settings = ['--draws', '2', '--processes', '2', '--out', 'experiments', 'optimization.num_training_epochs=1'];
  const values = 'model.loss_type=rkd,my_rkd';
  const { status, stdout, stderr } = tripletlab(['compare', values, ...settings, '--import', module], { cwd });
  t.is(status, 0, stderr);
  t.regex(stdout, /my_rkd/);
  rmSync(cwd, { recursive: true, force: true });
});
