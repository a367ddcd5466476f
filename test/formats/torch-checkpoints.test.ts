import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { zipSync } from 'fflate';
import { UsageError } from '../../src/errors.js';
import { readNpz } from '../../src/formats/npz.js';
import { decodeTorch, isTorchName, readTorch } from '../../src/formats/torch/torch-file.js';
import { refusal } from '../refusal.js';
import { plain } from './arrays.js';
import { dict, pickled, tensorOf } from './pickles.js';

const place = (name: string): string => join('test/formats/checkpoints', name);

for (const name of ['neg', 'wrapped-tensor-epoch'])
  test(`${name}.pth: the values that PyTorch has for it`, (t) => {
    const expected = readNpz(place(`${name}.npz`));
    const read = readTorch(place(`${name}.pth`));
    t.deepEqual([...read.keys()].sort(), [...expected.keys()].sort());
    for (const [key, array] of expected) {
      const { shape, values } = plain(read.get(key)!);
      t.deepEqual({ shape, values }, { shape: plain(array).shape, values: plain(array).values }, key);
    }
  });

for (const [name, foreign] of [
  ['namespace', /argparse\.Namespace/],
  ['defaultdict', /collections\.defaultdict/],
] as const)
  test(`${name}.pth is refused with the remedy`, (t) => {
    const { message } = t.throws(() => readTorch(place(`${name}.pth`)), { instanceOf: UsageError });
    t.regex(message, foreign);
    t.regex(message, /nothing of it was run; save the tensors alone: torch\.save\(model\.state_dict\(\), FILE\)$/);
    t.notRegex(message, /\n/);
  });

const namesOf = (value: string): string[] => [...decodeTorch(pickled(value), 'a.pth').keys()];
const refusalOf = (value: string): string => refusal(() => decodeTorch(pickled(value), 'a.pth'));

test('the state dict of a checkpoint is found among other things', (t) => {
  const inner = dict({ w: tensorOf() });
  const averaged = dict({ v: tensorOf() });
  t.deepEqual(namesOf(inner), ['w']);
  for (const name of ['state_dict', 'model_state_dict', 'model', 'net', 'ema', 'model_ema'])
    t.deepEqual(namesOf(dict({ epoch: tensorOf(), [name]: inner, optimizer: dict({ state: dict({}) }) })), ['w'], name);
  t.deepEqual(namesOf(dict({ ema: averaged, state_dict: inner })), ['w']);
  t.deepEqual(namesOf(dict({ model: dict({ epoch: tensorOf(), state_dict: inner }) })), ['w']);
  t.deepEqual(namesOf(dict({ model: dict({}), state_dict: inner })), ['w']);
  t.regex(refusalOf(dict({ student: inner, teacher: averaged })), /no state dict .*\(student, teacher might be\)/);
  t.regex(refusalOf(dict({ model: tensorOf().slice(0, 0) + 'N' })), /it holds no state dict/);
});

test('which names are those of torch.save', (t) => {
  for (const name of ['a.pth', 'a.PT', 'pytorch_model.bin', 'last.ckpt', 'model_best.pth.tar'])
    t.true(isTorchName(name));
  for (const name of ['a.tar', 'a.npz', 'ckpt', 'a.pth.gz']) t.false(isTorchName(name));
});

test('metadata of a tensor are heeded or refused', (t) => {
  const valuesOf = (value: string): number[] =>
    Array.from(decodeTorch(pickled(dict({ w: value })), 'a.pth').get('w')!.data as Float32Array, Number);
  t.deepEqual(valuesOf(tensorOf({ metadata: 'N' })), [1, -2, 0.5, 4]);
  t.deepEqual(valuesOf(tensorOf({ metadata: dict({ neg: '\x88' }) })), [-1, 2, -0.5, -4]);
  t.deepEqual(valuesOf(tensorOf({ metadata: dict({ neg: '\x89', conj: '\x88' }) })), [1, -2, 0.5, 4]);
  const typed = (dtype: string, metadata: string): string =>
    tensorOf({ rebuild: '_rebuild_tensor_v3', beforeMetadata: dtype, metadata });
  t.deepEqual(valuesOf(typed('ctorch\nfloat32\n', dict({ neg: '\x88' }))), [-1, 2, -0.5, -4]);
  t.deepEqual(valuesOf(typed('ctorch\nint32\n', 'N')), [...new Int32Array(Float32Array.of(1, -2, 0.5, 4).buffer)]);
  const halves = new Uint16Array(Float32Array.of(1, -2, 0.5, 4).buffer).slice(0, 4);
  t.deepEqual(
    valuesOf(typed('ctorch\nfloat16\n', dict({ neg: '\x88' }))),
    [...halves].map((bits) => bits ^ 0x8000),
  );
  const refused = (value: string): string => refusalOf(dict({ w: value }));
  t.regex(refused(tensorOf({ metadata: dict({ backend: '\x88' }) })), /metadata backend; save it as/);
  t.regex(refused(tensorOf({ metadata: dict({ neg: 'K\x01' }) })), /metadata neg; save it as/);
  t.regex(refused(tensorOf({ metadata: ']' })), /metadata that is no dict/);
  t.regex(refused(typed('N', 'N')), /no type of elements/);
  t.regex(refused(typed('ctorch\nbool\n', dict({ neg: '\x88' }))), /tensor w is a negated bool/);
});

test('tensors of a class are its values; those without values are refused by name', (t) => {
  const parameters = tensorOf({ parametersOnly: true });
  const ofClass = (name: string): string =>
    dict({ w: `ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\n${name}${parameters}}tR` });
  t.deepEqual(namesOf(ofClass('ctorch.nn.parameter\nBuffer\n')), ['w']);
  t.regex(refusalOf(ofClass('ctorch\nFloatStorage\n')), /of a class is rebuilt in an unknown way/);
  t.regex(refusalOf(ofClass('cmypackage\nMyTensor\n')), /it names mypackage\.MyTensor,/);
  for (const name of [
    '_rebuild_wrapper_subclass',
    '_rebuild_meta_tensor_no_storage',
    '_rebuild_sparse_tensor',
    '_rebuild_qtensor',
  ])
    t.regex(refusalOf(dict({ w: `ctorch._utils\n${name}\n)R` })), new RegExp(`it names torch\\._utils\\.${name},`));
});

test('big-endian files are refused', (t) => {
  const members = { 's/data.pkl': readFileSync(place('neg.pth')), 's/byteorder': Buffer.from('big') };
  t.regex(
    refusal(() => decodeTorch(zipSync(members), 'a.pth')),
    /big-endian machine; save it on another/,
  );
});
