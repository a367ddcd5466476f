import test from 'ava';
import fc from 'fast-check';
import { expandRunRange, parseModelUri, runName } from '../../src/configuration/index.js';
import { UsageError } from '../../src/errors.js';

test("the original's URIs", (t) => {
  t.deepEqual(parseModelUri('Psycho,embedding_size:128,beta:0.0/modeling/runs/run-0111/checkpoint-best.pth'), {
    network: { name: 'Psycho', embedding_size: 128, beta: 0 },
    file: 'modeling/runs/run-0111/checkpoint-best.pth',
  });
  t.deepEqual(
    parseModelUri(
      'ResNet50,embedding_size:128,frozen_variables:bn,num_nonlinearity_layers:0/modeling/runs/run-0101/x.pth',
    ).network,
    { name: 'ResNet50', embedding_size: 128, frozen_variables: 'bn', num_nonlinearity_layers: 0 },
  );
  t.deepEqual(parseModelUri('ViT,embedding_size:8,frozen_variables:None//abs/x.pth'), {
    network: { name: 'ViT', embedding_size: 8, frozen_variables: null },
    file: '/abs/x.pth',
  });
  t.is(parseModelUri('Psycho,embedding_size:8,beta:1e-6/x').network.beta, 1e-6);
});

const uri = 'Psycho,embedding_size:128/x.pth';
const refused: readonly (readonly [string, string])[] = [
  ['', 'invalid model URI: ""; write Name,key:value,.../path of the checkpoint'],
  [
    'Psycho,embedding_size:128',
    'invalid model URI: Psycho,embedding_size:128; write Name,key:value,.../path of the checkpoint',
  ],
  [
    'Psycho,embedding_size:128/',
    'invalid model URI: Psycho,embedding_size:128/; write Name,key:value,.../path of the checkpoint',
  ],
  ['Psyco,embedding_size:128/x', 'unknown model: Psyco; did you mean Psycho?'],
  ['Psycho,embeding_size:128/x', 'unknown key of a model URI: embeding_size; did you mean embedding_size?'],
  ['Psycho/x', 'missing embedding_size in model URI Psycho/x; an integer of at least 1'],
  ['Psycho,embedding_size/x', 'invalid model URI: Psycho,embedding_size/x; write embedding_size as key:value'],
  [
    'Psycho,embedding_size:big/x',
    'invalid embedding_size: "big" in model URI Psycho,embedding_size:big/x; an integer of at least 1',
  ],
  [
    'Psycho,embedding_size:0/x',
    'invalid embedding_size: 0 in model URI Psycho,embedding_size:0/x; an integer of at least 1',
  ],
  [
    'Psycho,embedding_size:1,embedding_size:2/x',
    'invalid model URI: Psycho,embedding_size:1,embedding_size:2/x; embedding_size is given twice',
  ],
  [
    'ViT,embedding_size:8,frozen_variables:nb/x',
    'invalid frozen_variables: "nb" in model URI ViT,embedding_size:8,frozen_variables:nb/x; one of bn, all',
  ],
  [
    'Psycho,__proto__:1/x',
    'unknown key of a model URI: __proto__; one of: frozen_variables, weights, num_nonlinearity_layers, activation_fn, beta, embedding_size, use_normalization',
  ],
];

for (const [text, message] of refused)
  test(`refused: ${text || 'nothing'}`, (t) => {
    t.throws(() => parseModelUri(text), { instanceOf: UsageError, message });
  });

test('a range of runs stands for all of them, a single run for itself', (t) => {
  t.deepEqual(expandRunRange('Psycho,embedding_size:8/runs/run-0111..0115/x.pth'), [
    'Psycho,embedding_size:8/runs/run-0111/x.pth',
    'Psycho,embedding_size:8/runs/run-0112/x.pth',
    'Psycho,embedding_size:8/runs/run-0113/x.pth',
    'Psycho,embedding_size:8/runs/run-0114/x.pth',
    'Psycho,embedding_size:8/runs/run-0115/x.pth',
  ]);
  t.deepEqual(expandRunRange(uri), [uri]);
  t.deepEqual(expandRunRange('a/run-0007..0007/b'), ['a/run-0007/b']);
  t.deepEqual(expandRunRange('a/run-9999..10001/b'), ['a/run-9999/b', 'a/run-10000/b', 'a/run-10001/b']);
  t.deepEqual(expandRunRange('a/../run-0001/b'), ['a/../run-0001/b']);
});

test('ranges that cannot be meant', (t) => {
  for (const text of ['a/run-0115..0111/b', 'a/run-0000..99999/b', 'run-0001..0002/run-0003..0004/b'])
    t.throws(() => expandRunRange(text), { instanceOf: UsageError, message: /^invalid model URI: / });
});

test('ranges of any length', (t) => {
  fc.assert(
    fc.property(fc.nat(20000), fc.nat(50), (first, more) => {
      const range = `x/${runName(first)}..${runName(first + more).slice('run-'.length)}/y`;
      const found = expandRunRange(range);
      t.is(found.length, more + 1);
      t.is(found[more], `x/run-${String(first + more).padStart(4, '0')}/y`);
    }),
  );
});
