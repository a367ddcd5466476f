import test from 'ava';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import {
  applyOverrides,
  configurationArguments,
  loadConfiguration,
  loadConfigurationArguments,
  parseOverride,
} from '../../src/configuration/index.js';
import { UsageError } from '../../src/errors.js';

const teacher = 'configurations/things/things_p_ste.yaml';

/** How OmegaConf 2.3 (PyYAML with its own float pattern) reads these: written down by hand. */
const values: readonly (readonly [string, unknown])[] = [
  ['1', 1],
  ['-3', -3],
  ['1_000', 1000],
  ['0x1F', 31],
  ['1e-3', 0.001],
  ['1E5', 100000],
  ['1.e-7', 1e-7],
  ['.5', 0.5],
  ['5.', 5],
  ['-1.5e+2', -150],
  ['.inf', Infinity],
  ['-.inf', -Infinity],
  ['.nan', NaN],
  ['true', true],
  ['False', false],
  ['yes', true],
  ['off', false],
  ['null', null],
  ['~', null],
  ['', null],
  ['direct~0', 'direct~0'],
  ['mP@1/max', 'mP@1/max'],
  ["'5'", '5'],
  ['"a b"', 'a b'],
  ['a=b', 'a=b'],
  ['2020-01-01', '2020-01-01'],
  [
    'Psycho,embedding_size:128,beta:0.0/modeling/runs/run-0111..0115/checkpoint-best.pth',
    'Psycho,embedding_size:128,beta:0.0/modeling/runs/run-0111..0115/checkpoint-best.pth',
  ],
  ['[1, b]', [1, 'b']],
  ['{a: 1}', { a: 1 }],
];

for (const [text, expected] of values)
  test(`key=${text} is ${JSON.stringify(expected) || String(expected)}`, (t) => {
    t.deepEqual(parseOverride(`a.b=${text}`), { key: 'a.b', value: expected });
  });

test('a number with leading zeros, octal to some, stays a text', (t) => {
  t.is(parseOverride('a=0111').value, '0111');
  t.is(parseOverride('a=-007').value, '-007');
  t.is(parseOverride('a=0.5').value, 0.5);
  t.is(parseOverride('a=0').value, 0);
});

test('tags of other languages are not known, aliases are not followed', (t) => {
  for (const text of ['!!python/object:os.system x', '!!js/function "x"', '[&a [1], *a]', '!custom 1'])
    t.throws(() => parseOverride(`a=${text}`), { instanceOf: UsageError, message: /^invalid YAML in override a/ });
});

test('overrides reach the configuration', (t) => {
  const configuration = loadConfiguration(teacher, [
    'run.id=261',
    'model.embedding_size=512',
    'optimization.initial_learning_rate=1e-3',
    'num_repetitions=5',
    'use_gpu=no',
    'dataset.data_directory_name=somewhere',
  ]);
  t.like(configuration, {
    run: { output_directory_name: 'modeling/runs', id: 261 },
    model: { embedding_size: 512, tau: 0.5 },
    optimization: { initial_learning_rate: 0.001 },
    dataset: { data_directory_name: 'somewhere', version: 'psycho' },
    num_repetitions: 5,
    use_gpu: false,
  });
});

test('null takes a value away', (t) => {
  const file = 'configurations/things/things_se_rkd.yaml';
  t.like(loadConfiguration(file, ['model.frozen_variables=null']), { model: { frozen_variables: null } });
  t.like(loadConfiguration(file, ['model.frozen_variables=']), { model: { frozen_variables: null } });
});

test('of a key given twice the last wins', (t) => {
  const { run } = loadConfiguration(teacher, ['run.id=5', 'run.id=6']);
  t.is(run?.id, 6);
});

const name = fc.stringMatching(/^[a-z_]{1,6}$/);
const scalar = fc.oneof(
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
  fc.string(),
);

test('what YAML writes an override reads', (t) => {
  fc.assert(
    fc.property(scalar, (value) => {
      const text = dump(value, { lineWidth: -1 }).replace(/\n$/, '');
      t.deepEqual(parseOverride(`key=${text}`).value, value);
    }),
  );
});

test('overrides are put in one after another, at their paths, and change nothing else', (t) => {
  const override = fc.record({ path: fc.array(name, { minLength: 1, maxLength: 3 }), value: fc.integer() });
  fc.assert(
    fc.property(fc.array(override, { maxLength: 8 }), (list) => {
      // Paths through a value are refused: keep those that go through sections only.
      const flat = new Map<string, number>();
      const kept = list.filter(({ path, value }) => {
        const key = path.join('.');
        const clash = [...flat.keys()].some((other) => other.startsWith(`${key}.`) || key.startsWith(`${other}.`));
        if (!clash) flat.set(key, value);
        return !clash;
      });
      const base = { zzzzzzz: { a: 1 } };
      const result = applyOverrides(
        base,
        kept.map(({ path, value }) => ({ key: path.join('.'), value })),
      );
      t.deepEqual(base, { zzzzzzz: { a: 1 } });
      for (const [key, value] of flat) {
        const found = key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], result);
        t.is(found, value);
      }
      const leaves = (value: unknown): number =>
        typeof value === 'object' && value !== null ? Object.values(value).reduce((n, at) => n + leaves(at), 0) : 1;
      t.is(leaves(result), flat.size + 1);
    }),
  );
});

test('no key reaches the prototype of objects', (t) => {
  const result = applyOverrides({}, [parseOverride('__proto__.polluted=1'), parseOverride('constructor.x=1')]);
  t.is(({} as Record<string, unknown>)['polluted'], undefined);
  t.deepEqual(Object.keys(result), ['__proto__', 'constructor']);
});

test('the file is the argument without =, or configuration_file_name=', (t) => {
  t.deepEqual(configurationArguments(['a.yaml', 'x=1']), { file: 'a.yaml', overrides: ['x=1'] });
  t.deepEqual(configurationArguments(['x=1', 'configuration_file_name=a.yaml']), {
    file: 'a.yaml',
    overrides: ['x=1'],
  });
  t.deepEqual(configurationArguments(['a.yaml', 'configuration_file_name=a.yaml']).file, 'a.yaml');
  t.throws(() => configurationArguments(['a.yaml', 'configuration_file_name=b.yaml']), {
    instanceOf: UsageError,
    message: 'two configurations: a.yaml and b.yaml; give one, and changes as key=value',
  });
  t.throws(() => configurationArguments(['x=1']), { instanceOf: UsageError, message: /^missing configuration; / });
  t.throws(() => configurationArguments(['a.yaml', 'use_gpu']), {
    message: /^two configurations: a.yaml and use_gpu; /,
  });
});

test("the original's command lines are understood", (t) => {
  const configuration = loadConfigurationArguments([
    'configuration_file_name=tdml/configurations/yummly/yummly_p_ste.yaml',
    'run.id=921',
    'dataset.version=direct~0',
    'model.embedding_size=512',
    'num_repetitions=5',
  ]);
  t.like(configuration, { run: { id: 921 }, dataset: { name: 'YummlyTInd', version: 'direct~0' }, num_repetitions: 5 });
});
