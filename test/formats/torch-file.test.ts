import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { zipSync } from 'fflate';
import { UsageError } from '../../src/errors.js';
import { toFloat32, type NdArray } from '../../src/formats/nd-array.js';
import { decodeTorch, readTorch } from '../../src/formats/torch/torch-file.js';
import { python, pythonHas } from '../random/python.js';
import { plain } from './arrays.js';
import { fuzzBytes, fuzzNoise, fuzzTruncation } from './fuzz.js';
import { withFile } from './temporary.js';

const golden = (name: string): Buffer => readFileSync(join('test/golden/formats', name));
const decode = (bytes: Uint8Array): Map<string, NdArray> => decodeTorch(bytes, 'a.pth');

interface Expected {
  dtype: string;
  shape: number[];
  values: number[];
}

function values(tensors: ReadonlyMap<string, NdArray>): Record<string, Expected> {
  const described = [...tensors].map(([name, array]): [string, Expected] => {
    const numbers = array.dtype === 'float16' ? toFloat32(array) : array.data;
    return [name, { dtype: array.dtype, shape: [...array.shape], values: Array.from(numbers as Float32Array, Number) }];
  });
  return Object.fromEntries(described);
}

function refusal(bytes: Uint8Array): string {
  try {
    decode(bytes);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'not refused';
}

for (const name of ['state_zip.pth', 'state_legacy.pth'])
  test(`${name}: strides, offsets, shared storages and every dtype as PyTorch has them`, (t) => {
    const expected = JSON.parse(golden('state.json').toString()) as Record<string, Expected>;
    t.deepEqual(values(decode(golden(name))), expected);
    t.deepEqual(values(readTorch(join('test/golden/formats', name))), expected);
  });

test('bytes given stay as they are', (t) => {
  const bytes = golden('state_legacy.pth');
  decode(bytes);
  t.deepEqual(bytes, golden('state_legacy.pth'));
});

for (const name of ['evil_zip.pth', 'evil_legacy.pth'])
  test(`${name} is refused by the name of what it would call, and nothing runs`, (t) => {
    const message = refusal(golden(name));
    t.regex(message, /^cannot read a\.pth: it names posix\.system, .*nothing of it was run[^\n]*$/);
    t.false(existsSync('evil-was-run'));
  });

test('a truncated archive is refused', (t) => {
  t.regex(refusal(golden('truncated.pth')), /^invalid a\.pth: .*cut short/);
});

for (const name of ['state_zip.pth', 'state_legacy.pth']) {
  test(`${name}: every beginning of it is refused`, (t) => fuzzTruncation(t, decode, golden(name)));
  test(`${name}: with changed bytes it is read or refused`, (t) =>
    fuzzBytes(t, decode, golden(name), { checksums: name === 'state_zip.pth' }));
  test(`${name}: noise behind its beginning is read or refused`, (t) => fuzzNoise(t, decode, golden(name)));
}

test('the pickle inside an archive, changed byte by byte under a right checksum, is read or refused', (t) => {
  const pickle = golden('state_zip.pth').subarray(64, 64 + 882);
  t.is(pickle[0], 0x80, 'the pickle is where it was');
  const storages = Object.fromEntries(
    [192, 16, 12, 8, 40, 60, 40, 2, 16, 24].map((size, key) => [`s/data/${key}`, new Uint8Array(size)]),
  );
  const archive = (bytes: Uint8Array) => decode(zipSync({ 's/data.pkl': bytes, ...storages }, { level: 0 }));
  t.is(archive(pickle).size, 11);
  fuzzBytes(t, archive, pickle, { checksums: false });
  fuzzTruncation(t, archive, pickle);
});

/** An archive whose pickle is put together of pieces of text and bytes. */
function archive(...pieces: (string | number[])[]): Uint8Array {
  const pickle = Buffer.concat([Buffer.of(0x80, 2), ...pieces.map((piece) => Buffer.from(piece as string, 'latin1'))]);
  return zipSync({ 's/data.pkl': pickle, 's/data/0': new Uint8Array(16) }, { level: 0 });
}

const short = (text: string): string => `\x8c${String.fromCharCode(text.length)}${text}`;
const storage = `(${short('storage')}ctorch\nFloatStorage\n${short('0')}${short('cpu')}K\x04tQ`;
/** A state dict of one tensor `w` whose offset, shape and strides are the given operations. */
const tensor = (offset: string, shape: string, strides: string, base = storage): Uint8Array =>
  archive(`}${short('w')}ctorch._utils\n_rebuild_tensor_v2\n(${base}${offset}${shape}${strides}\x89)tRs.`);
/** A whole number as LONG1 of 8 bytes. */
const long = (value: bigint): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return `\x8a\x08${bytes.toString('latin1')}`;
};

test('a tensor outside its storage, or larger than the file could mean, is refused', (t) => {
  t.deepEqual([...decode(tensor('K\x01', 'K\x03\x85', 'K\x01\x85')).get('w')!.data], [0, 0, 0]);
  t.regex(refusal(tensor('K\x02', 'K\x03\x85', 'K\x01\x85')), /tensor w reaches beyond its storage of 4 elements/);
  t.regex(refusal(tensor('K\x00', 'K\x02\x85', 'K\x04\x85')), /tensor w reaches beyond/);
  t.regex(
    refusal(tensor('K\x00', long(2n ** 40n) + '\x85', 'K\x00\x85')),
    /tensor w takes far more than the file itself/,
  );
  t.regex(refusal(tensor('K\x00', long(2n ** 40n) + long(2n ** 40n) + '\x86', 'K\x00K\x00\x86')), /more elements than/);
  t.regex(refusal(tensor('K\x00', long(-1n) + '\x85', 'K\x01\x85')), /no valid shape/);
  t.regex(refusal(tensor('K\x00', 'K\x03\x85', 'K\x01K\x01\x86')), /no valid shape/);
  t.regex(refusal(tensor('K\x00', 'K\x03\x85', 'K\x01\x85', 'K\x01')), /a tensor has no storage/);
  // stride 0 is how PyTorch stores what expand() made
  t.deepEqual(decode(tensor('K\x00', 'K\x03K\x02\x86', 'K\x00K\x01\x86')).get('w')!.shape, [3, 2]);
});

test('other things than a state dict are refused in one line', (t) => {
  t.regex(refusal(archive('].')), /it holds no state dict/);
  t.regex(refusal(archive('}.')), /it holds no state dict/);
  t.regex(
    refusal(archive('cnumpy.core.multiarray\n_reconstruct\n.')),
    /it names numpy\.core\.multiarray\._reconstruct,/,
  );
  t.regex(refusal(archive('cbuiltins\neval\n.')), /it names builtins\.eval,/);
  t.regex(refusal(archive(`${short('os')}${short('system')}\x93.`)), /it names os\.system,/);
  t.regex(refusal(archive(`ctorch\n${'x'.repeat(2000)}\n.`)), /a name in its pickle is too long/);
  t.regex(refusal(archive(`c__builtin__\n__proto__\n.`)), /it names __builtin__\.__proto__,/);
  t.regex(refusal(archive('(ios\nsystem\n.')), /pickle operation 0x69 is not one of weights/);
  t.regex(refusal(archive('K\x01K\x01R.')), /calls something that is no function/);
  t.regex(refusal(archive('ctorch\nFloatStorage\n)R.')), /calls something that is no function/);
  t.regex(refusal(zipSync({ 'a.txt': new Uint8Array(3) })), /a zip archive, but not of torch\.save/);
  t.regex(refusal(Buffer.from('ustar')), /not a file of torch\.save/);
  t.regex(refusal(new Uint8Array(0)), /not a file of torch\.save/);
});

test('a file that is not there is said to be missing', (t) => {
  t.regex(t.throws(() => readTorch('/no/such.pth'), { instanceOf: UsageError }).message, /^missing file: /);
});

// What Debian's PyTorch writes: [name, how it is made] of every kind of element and view.
const program = `
import base64, collections, io, torch
torch.manual_seed(0)
base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5) / 7
tensors = collections.OrderedDict()
for name in ['float64', 'float32', 'float16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool']:
    tensors[name] = (torch.randn(3, 5) * 50).to(getattr(torch, name))
tensors['permuted'] = base.permute(2, 0, 1)
tensors['strided'] = base[1:, ::2, 1::3]
tensors['expanded'] = base[0, 0, :3].expand(4, 3)
tensors['scalar'] = torch.tensor(3.25)
tensors['empty'] = torch.zeros(0, 3)
tensors['flat'] = base.view(-1)[7:11]
tensors['parameter'] = torch.nn.Parameter(torch.randn(2, 2))
tensors['half_view'] = tensors['float16'].t()
tensors['same'] = tensors['float32']
bfloat = torch.randn(4, 3).to(torch.bfloat16)
tensors['bfloat16'] = bfloat
tensors['bfloat16_t'] = bfloat.t()
tensors._metadata = {'': {'version': 1}}
expected = {}
for name, value in tensors.items():
    dtype = str(value.dtype)[6:].replace('bfloat16', 'float32')
    expected[name] = {'dtype': dtype, 'shape': list(value.shape), 'values': value.detach().contiguous().to(torch.float64).flatten().tolist()}
checkpoint = {'epoch': 3, 'state_dict': tensors, 'optimizer': {'state': {}, 'lr': 0.1, 'betas': (0.9, 0.999), 'set': {1, 2}}}
files = {}
for name, value, protocol, zipped in [
    ('zip', tensors, 2, True), ('legacy', tensors, 2, False), ('zip, protocol 4', tensors, 4, True),
    ('legacy, protocol 5', tensors, 5, False), ('checkpoint', checkpoint, 2, True)]:
    file = io.BytesIO()
    torch.save(value, file, pickle_protocol=protocol, _use_new_zipfile_serialization=zipped)
    files[name] = base64.b64encode(file.getvalue()).decode()
refused = {}
for name, value in [('complex64', {'w': torch.zeros(2, dtype=torch.complex64)}), ('module', torch.nn.Linear(2, 2)),
                    ('quantized', {'w': torch.quantize_per_tensor(torch.zeros(2), 1, 0, torch.qint8)})]:
    file = io.BytesIO()
    torch.save(value, file)
    refused[name] = base64.b64encode(file.getvalue()).decode()
answer = {'expected': expected, 'files': files, 'refused': refused}
`;

const torchHere = pythonHas('torch');
(torchHere ? test : test.skip)('files that PyTorch itself writes now (skipped without python3-torch)', (t) => {
  const { expected, files, refused } = python(program, null) as {
    expected: Record<string, Expected>;
    files: Record<string, string>;
    refused: Record<string, string>;
  };
  for (const [name, base64] of Object.entries(files))
    t.deepEqual(values(decode(Buffer.from(base64, 'base64'))), expected, name);
  const said = (name: string): string => refusal(Buffer.from(refused[name], 'base64'));
  t.regex(said('complex64'), /^cannot read a\.pth: tensor w has complex64 elements; save it as float32$/);
  t.regex(said('module'), /it names torch\.nn\.modules\.linear\.Linear,/);
  t.regex(said('quantized'), /it names torch\.(_utils\._rebuild_qtensor|QInt8Storage|per_tensor_affine),/);
});

test('tensors in one storage share its memory; nothing is copied that need not be', (t) => {
  for (const name of ['state_zip.pth', 'state_legacy.pth']) {
    const tensors = withFile(name, golden(name), readTorch);
    t.is(tensors.get('shared_a')!.data.buffer, tensors.get('shared_b')!.data.buffer);
    t.is(tensors.get('conv.weight')!.data.buffer, tensors.get('conv.bias')!.data.buffer, 'the file itself');
    t.deepEqual(plain(tensors.get('flags')!).values, ['1', '0']);
  }
});
