import { UsageError } from '../../errors.js';
import { byteChunks, type NdArray } from '../nd-array.js';
import { storedZip } from '../zip/zip-writer.js';

const storages = {
  float64: 'DoubleStorage',
  float32: 'FloatStorage',
  int64: 'LongStorage',
  int32: 'IntStorage',
  int16: 'ShortStorage',
  int8: 'CharStorage',
  uint8: 'ByteStorage',
} as const;

const isStored = (dtype: string): dtype is keyof typeof storages => Object.hasOwn(storages, dtype);

/** Instructions of a pickle of protocol 2. */
const op = {
  protocol: '\x80\x02',
  mark: '(',
  tuple: 't',
  dictionary: '}',
  setItems: 'u',
  reduce: 'R',
  persistent: 'Q',
  no: '\x89',
  stop: '.',
} as const;

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
const global = (module: string, name: string): Buffer => bytesOf(`c${module}\n${name}\n`);

function whole(value: number): Buffer {
  const bytes = Buffer.from('J\0\0\0\0', 'latin1');
  bytes.writeInt32LE(value, 1);
  return bytes;
}

function text(value: string): Buffer {
  const utf8 = Buffer.from(value);
  const head = Buffer.from('X\0\0\0\0', 'latin1');
  head.writeUInt32LE(utf8.length, 1);
  return Buffer.concat([head, utf8]);
}

const tuple = (...items: readonly Buffer[]): Buffer => Buffer.concat([bytesOf(op.mark), ...items, bytesOf(op.tuple)]);

/** Returns the steps from an element to the next along each axis. */
const strides = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));

/** Writes `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)`. */
function tensor(key: string, { shape, data }: NdArray, storage: string): Buffer {
  const place = tuple(text('storage'), global('torch', storage), text(key), text('cpu'), whole(data.length));
  const noHooks = Buffer.concat([global('collections', 'OrderedDict'), tuple(), bytesOf(op.reduce)]);
  return Buffer.concat([
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple(
      Buffer.concat([place, bytesOf(op.persistent)]),
      whole(0),
      tuple(...shape.map(whole)),
      tuple(...strides(shape).map(whole)),
      bytesOf(op.no),
      noHooks,
    ),
    bytesOf(op.reduce),
  ]);
}

/**
 * Returns the parts of a `.pth` file: a zip archive as `torch.save(state_dict)` writes it since PyTorch 1.6, which
 * `torch.load(file, weights_only=True)` reads. It holds a dictionary of tensors by name, and nothing else. Names of the
 * same array share it in the file.
 *
 * @throws UsageError where PyTorch has no such type
 */
export function encodeTorch(tensors: Readonly<Record<string, NdArray>>): Uint8Array[] {
  const keys = new Map<NdArray['data'], string>();
  const contents: Uint8Array[][] = [];
  const items = Object.entries(tensors).flatMap(([name, array]) => {
    const { dtype, data } = array;
    if (!isStored(dtype)) throw new UsageError(`invalid type: ${dtype} of ${name}; PyTorch has no such type`);
    if (!keys.has(data)) {
      keys.set(data, String(keys.size));
      contents.push([...byteChunks(array)]);
    }
    return [text(name), tensor(keys.get(data)!, array, storages[dtype])];
  });
  const pickle = [bytesOf(op.protocol + op.dictionary + op.mark), ...items, bytesOf(op.setItems + op.stop)];
  return storedZip([
    { name: 'archive/data.pkl', parts: [Buffer.concat(pickle)] },
    ...contents.map((parts, key) => ({ name: `archive/data/${key}`, parts })),
    { name: 'archive/version', parts: [bytesOf('3\n')] },
  ]);
}
