import test from 'ava';
import type { NdArray } from '../../src/formats/nd-array.js';
import { decodeTorch } from '../../src/formats/torch/torch-file.js';
import { encodeTorch } from '../../src/formats/torch/write-torch.js';
import { python, pythonHas } from '../random/python.js';
import { withFile } from './temporary.js';

const shared: NdArray = { dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, -2.5, 3e30, 0, 1e-40, 7) };
const tensors: Record<string, NdArray> = {
  'model.conv1.weight': shared,
  'layer_blocks.0.weight': { ...shared },
  'name with é and "quotes"': { dtype: 'float64', shape: [1], data: Float64Array.of(Math.PI) },
  'bn.num_batches_tracked': { dtype: 'int64', shape: [], data: BigInt64Array.of(2n ** 40n) },
  whole: { dtype: 'int32', shape: [1, 2, 1], data: Int32Array.of(-5, 6) },
  bytes: { dtype: 'uint8', shape: [3], data: Uint8Array.of(0, 128, 255) },
  part: { dtype: 'float32', shape: [2], data: new Float32Array([9, 8, 7, 6]).subarray(1, 3) },
  nothing: { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) },
};

const described = (arrays: Iterable<[string, NdArray]>) =>
  Object.fromEntries(
    [...arrays].map(([name, { shape, data }]) => [name, [[...shape], Array.from(data as Float32Array, Number)]]),
  );

test('what is written is read again, and the same tensors give the same bytes', (t) => {
  const bytes = Buffer.concat(encodeTorch(tensors));
  const read = decodeTorch(bytes, 'a.pth');
  t.deepEqual(described(read), described(Object.entries(tensors)));
  for (const [name, { dtype }] of read) t.is(dtype, tensors[name].dtype, name);
  t.deepEqual(Buffer.concat(encodeTorch(tensors)), bytes);
});

test('a type that PyTorch has not is refused', (t) => {
  const odd = { dtype: 'uint32' as const, shape: [1], data: Uint32Array.of(1) };
  t.throws(() => encodeTorch({ odd }), { message: 'invalid type: uint32 of odd; PyTorch has no such type' });
});

(pythonHas('torch') ? test : test.skip)(
  'PyTorch reads it with weights_only, and shares what is shared (with torch)',
  (t) => {
    const program = `import torch
tensors = torch.load(given, weights_only=True)
values = {name: [list(t.shape), [float(v) for v in t.flatten()]] for name, t in tensors.items()}
same = tensors['model.conv1.weight'].data_ptr() == tensors['layer_blocks.0.weight'].data_ptr()
answer = [values, same, [str(t.dtype) for t in tensors.values()], all(t.is_contiguous() for t in tensors.values())]`;
    t.deepEqual(
      withFile('a.pth', Buffer.concat(encodeTorch(tensors)), (file) => python(program, file)),
      [described(Object.entries(tensors)), true, Object.values(tensors).map(({ dtype }) => `torch.${dtype}`), true],
    );
  },
);
