import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { encodeNpz } from '../../src/formats/npz.js';
import { decodeSafetensors } from '../../src/formats/safetensors.js';
import { temporaryFolder, tripletlab } from '../command-line.js';

const config = 'configurations/synthetic/synthetic_p_ste.yaml';
const quick = [config, 'optimization.num_training_epochs=2'];
const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

/** A folder's files, all the way down. */
const files = (root: string): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();

/** A small Yummly of ten dishes in the published layout, then changed. */
function yummly(change: (root: string) => void): string {
  const root = join(temporaryFolder(), 'yummly');
  mkdirSync(join(root, 'images'), { recursive: true });
  const names = Array.from({ length: 10 }, (_, i) => `dish${i}`);
  for (const name of names) writeFileSync(join(root, 'images', `${name}.jpg`), '');
  const row = (t: number): string => [t, t * 3 + 1, t * 7 + 2].map((i) => `images/dish${i % 10}.jpg`).join('; ');
  writeFileSync(join(root, 'all-triplets.csv'), `${Array.from({ length: 300 }, (_, t) => row(t)).join('\n')}\n`);
  writeFileSync(
    join(root, 'ingredients.json'),
    JSON.stringify(Object.fromEntries(names.map((n) => [`${n}.jpg`, null]))),
  );
  change(root);
  return root;
}

function yamlWith(text: string): string {
  const file = join(folder, `configuration-${readdirSync(folder).length}.yaml`);
  writeFileSync(file, text);
  return file;
}

const onYummly = (root: string, ...more: string[]): string[] => [
  'configurations/yummly/yummly_p_ste.yaml',
  `dataset.raw_data_directory_name=${root}`,
  'dataset.batch_size=30',
  ...more,
];

const checkpointCut = join(folder, 'cut.safetensors');
writeFileSync(checkpointCut, Buffer.from([200, 0, 0, 0, 0, 0, 0, 0, 123, 34]));

const cases: Record<string, { args: () => string[]; command?: string; line: RegExp }> = {
  'a key given twice': {
    args: () => [yamlWith(readFileSync(config, 'utf8').replace('use_gpu: true', 'use_gpu: true\nuse_gpu: false'))],
    line: /use_gpu.*line \d+|line \d+.*use_gpu|duplicat/,
  },
  'an unknown key': {
    args: () => [config, 'optimization.initial_learning_rat=1'],
    line: /unknown key: optimization\.initial_learning_rat; did you mean .*initial_learning_rate\?/,
  },
  'a wrong type': { args: () => [config, 'dataset.batch_size=big'], line: /invalid dataset\.batch_size: .*big/ },
  'no multiple of 3': { args: () => [config, 'dataset.batch_size=250'], line: /250; triplets need a multiple of 3/ },
  'a loss without its margin': {
    args: () => [config, 'model.loss_type=triplet'],
    line: /margin.*triplet|triplet.*margin/,
  },
  'an unknown loss': { args: () => [config, 'model.loss_type=tripel'], line: /tripel.*did you mean triplet\?/ },
  'an unknown engine': { args: () => [config, 'engine=wsam'], line: /wsam.*did you mean wasm\?/ },
  'an engine that is not installed': {
    args: () => [config, 'engine=tensorflow-cpu'],
    line: /engine tensorflow-cpu does not work here: @tensorflow\/tfjs-node is not installed; npm install @tensorflow\/tfjs-node@4.22.0 adds it; use engine: auto/,
  },
  'an unknown file': {
    args: () => ['configurations/things/things_p_stee.yaml'],
    line: /did you mean .*things_p_ste\.yaml\?/,
  },
  'a batch larger than the data': {
    args: () => [config, 'dataset.num_triplets=2000', 'dataset.batch_size=9999'],
    line: /invalid dataset\.batch_size: 9999; the training subset has \d+ triplets, so at most \d+/,
  },
  'an empty subset': {
    args: () => [config, 'dataset.num_items=4', 'dataset.num_triplets=30'],
    line: /empty test subset of SyntheticTInd: none of 30 triplets/,
  },
  'a student without the embeddings of teachers': {
    args: () => ['configurations/synthetic/synthetic_se_rkd.yaml'],
    line: /missing file: .*synthetic_se\/embeddings_pt_ste5\.npz; make it with tripletlab save-embeddings/,
  },
  'embeddings of teachers with another number of rows': {
    args: () => {
      const embeddings = { dtype: 'float32' as const, shape: [7, 1, 4], data: new Float32Array(28) };
      writeFileSync(join(folder, 'embeddings_pt_ste5.npz'), encodeNpz({ embeddings }));
      const data = [`dataset.data_directory_name=${folder}`, 'dataset.num_items=120'];
      return ['configurations/synthetic/synthetic_se_rkd.yaml', ...data];
    },
    line: /invalid .*embeddings_pt_ste5\.npz: 7 rows, and SyntheticSE has 120 items; save the embeddings of this very data/,
  },
  "a picture of one's own data that is not there": {
    args: () => {
      const own = join(temporaryFolder(), 'own');
      mkdirSync(join(own, 'images'), { recursive: true });
      for (const name of ['a', 'b', 'c']) writeFileSync(join(own, 'images', `${name}.jpg`), '');
      writeFileSync(join(own, 'triplets.csv'), 'anchor,near,far\na,b,c\na,b,soup\n');
      return onYummly(own, 'dataset.name=CustomTripletsTInd');
    },
    line: /triplets\.csv line 3: soup/,
  },
  'weights of another network': {
    args: () => [
      'configurations/synthetic/synthetic_d_ste.yaml',
      'model.name=ResNet50',
      'model.weights=vit-b16-augreg',
      'preprocessing.name=ResNetImagePreprocessing',
    ],
    line: /weights that do not fit: vit-b16-augreg are of ViT, not ResNet50; ResNet50 starts from resnet50-torchvision/,
  },
  'weights that are not known': {
    args: () => [
      'configurations/synthetic/synthetic_d_ste.yaml',
      'model.name=ViTS',
      'model.weights=vit-s16-augrek',
      'preprocessing.name=ViTImagePreprocessing',
      'preprocessing.image_size=224',
    ],
    line: /unknown weights: vit-s16-augrek; did you mean vit-s16-augreg\?/,
  },
  'no data root': {
    args: () => ['configurations/things/things_p_ste.yaml'],
    line: /missing data: .*things.*see data-manifests\/things\.yaml/,
  },
  'a data root without files': {
    args: () => onYummly(yummly((root) => rmSync(join(root, 'all-triplets.csv')))),
    line: /missing file: .*all-triplets\.csv; see data-manifests\/yummly\.yaml/,
  },
  'a csv of noise': {
    args: () =>
      onYummly(yummly((root) => writeFileSync(join(root, 'all-triplets.csv'), Buffer.from([0, 255, 10, 7, 7, 59])))),
    line: /all-triplets\.csv.*line 1/,
  },
  'a row of two': {
    args: () =>
      onYummly(yummly((root) => writeFileSync(join(root, 'all-triplets.csv'), 'images/dish0.jpg; images/dish1.jpg\n'))),
    line: /all-triplets\.csv.*line 1/,
  },
  'an unknown picture': {
    args: () =>
      onYummly(
        yummly((root) =>
          writeFileSync(join(root, 'all-triplets.csv'), 'images/dish0.jpg; images/dish1.jpg; images/soup.jpg\n'),
        ),
      ),
    line: /all-triplets\.csv.*line 1.*soup|soup.*line 1/,
  },
  'a checkpoint cut short': {
    command: 'evaluate',
    args: () => [...quick, `model_uri=Psycho,embedding_size:32/${checkpointCut}`],
    line: /cut\.safetensors/,
  },
  'a checkpoint that is not there': {
    command: 'evaluate',
    args: () => [...quick, 'model_uri=Psycho,embedding_size:32/modeling/runs/run-9999/checkpoint-best.pth'],
    line: /missing file: .*run-9999.*train the run first/,
  },
  'no model to embed by': {
    command: 'save-embeddings',
    args: () => quick,
    line: /missing model_uris; give model_uris=/,
  },
};

for (const [name, { args, command = 'train', line }] of Object.entries(cases))
  test(`${name}: one line, and nothing written`, (t) => {
    const cwd = temporaryFolder();
    const { status, stdout, stderr } = tripletlab([command, ...args()], { cwd, env: { TRIPLETLAB_DATA: '' } });
    t.is(status, 1, stderr);
    t.is(stdout, '');
    const errors = stderr
      .trim()
      .split('\n')
      .filter((text) => text.startsWith('tripletlab: '));
    t.is(errors.length, 1, stderr);
    t.regex(errors[0], line);
    t.notRegex(stderr, /\n\s+at /, 'no stack');
    t.deepEqual(files(cwd), []);
    rmSync(cwd, { recursive: true });
  });

test('a truncated sortind.mat is named', (t) => {
  const root = join(temporaryFolder(), 'things');
  for (const part of ['Main', 'Revealing/variables', 'Revealing/triplets'])
    mkdirSync(join(root, part), { recursive: true });
  writeFileSync(
    join(root, 'Main/things_concepts.tsv'),
    'Word\tuniqueID\naardvark\taardvark\nabacus\tabacus\nanchor\tanchor\n',
  );
  writeFileSync(join(root, 'Revealing/triplets/data1854_baseline_test10.txt'), '0 1 2\n');
  writeFileSync(
    join(root, 'Revealing/variables/sortind.mat'),
    readFileSync('test/golden/formats/sortind.mat').subarray(0, 150),
  );
  const cwd = temporaryFolder();
  const args = ['configurations/things/things_p_ste.yaml', `dataset.raw_data_directory_name=${root}`];
  const { status, stderr } = tripletlab(['train', ...args], { cwd });
  t.is(status, 1);
  t.regex(stderr, /^tripletlab: .*sortind\.mat/m);
  t.deepEqual(files(cwd), []);
});

test('a folder with a run of another configuration, or with something else, is left alone', (t) => {
  const cwd = temporaryFolder();
  t.is(tripletlab(['train', ...quick], { cwd }).status, 0);
  const before = readFileSync(join(cwd, 'modeling/runs/run-1001/run.json'), 'utf8');
  const other = tripletlab(['train', ...quick, 'model.tau=0.5'], { cwd });
  t.is(other.status, 1);
  t.regex(other.stderr, /holds another run \(model\.tau: 0\.25 there, 0\.5 here\); choose another run\.id or remove/);
  t.is(readFileSync(join(cwd, 'modeling/runs/run-1001/run.json'), 'utf8'), before);
  mkdirSync(join(cwd, 'modeling/runs/run-0007'));
  writeFileSync(join(cwd, 'modeling/runs/run-0007/thesis.txt'), 'precious');
  const foreign = tripletlab(['train', ...quick, 'run.id=7'], { cwd });
  t.is(foreign.status, 1);
  t.regex(foreign.stderr, /holds thesis\.txt but no run\.json/);
  t.deepEqual(files(join(cwd, 'modeling/runs/run-0007')), ['thesis.txt']);
});

test('a loss that is NaN stops its run with epoch, step and batch, and the record says so', (t) => {
  const cwd = temporaryFolder();
  const args = [...quick, 'optimization.initial_learning_rate=1e38', 'optimization.num_training_epochs=3'];
  const { status, stderr } = tripletlab(['train', ...args], { cwd });
  t.is(status, 1);
  t.regex(stderr, /training loss is (NaN|Infinity) in run-1001 at epoch \d+, step \d+, batch \d+ of \d+ \(.*\); lower/);
  const record = JSON.parse(readFileSync(join(cwd, 'modeling/runs/run-1001/run.json'), 'utf8')) as {
    status: string;
    reason: string;
  };
  t.is(record.status, 'failed');
  t.regex(record.reason, /training loss is/);
});

const root = process.getuid?.() === 0;
const mountable = root && spawnSync('mount', ['--version']).status === 0;
(mountable ? test : test.skip)(
  'a full disk is one line, and what was there stays readable (needs root to mount a small disk)',
  (t) => {
    const disk = temporaryFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      t.log('skipped: no disk can be mounted here');
      t.pass();
      return;
    }
    try {
      t.is(tripletlab(['train', ...quick], { cwd: disk }).status, 0);
      const saved = join(disk, 'modeling/runs/run-1001/checkpoint-last.safetensors');
      const large = ['run.id=1002', 'model.embedding_size=256'];
      const { status, stderr } = tripletlab(['train', ...quick, ...large], { cwd: disk });
      t.is(status, 1);
      t.regex(stderr, /tripletlab: cannot write .*: no space left on device; free some space and run again/);
      t.deepEqual(
        files(disk).filter((file) => file.endsWith('.tmp')),
        [],
      );
      t.notThrows(() => decodeSafetensors(readFileSync(saved), saved));
      const elsewhere = temporaryFolder();
      cpSync(join(disk, 'modeling'), join(elsewhere, 'modeling'), { recursive: true });
      t.is(tripletlab(['train', ...quick, ...large], { cwd: elsewhere }).status, 0, 'with space it goes on');
      t.false(existsSync(join(elsewhere, 'modeling/runs/run-1002/lock')));
    } finally {
      execFileSync('umount', [disk]);
    }
  },
);
