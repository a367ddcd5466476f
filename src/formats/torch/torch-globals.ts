import { UsageError } from '../../errors.js';
import { invalidFile, printable } from '../file-bytes.js';
import type { PickleGlobal } from './torch-pickle.js';
import { TorchTensor, type TorchStorage, type TorchType } from './torch-tensor.js';

/** A storage class or dtype that a pickle names. */
export interface TypeGlobal extends PickleGlobal {
  readonly type: TorchType;
}

/** The types of elements in `torch.FloatStorage` and so on. */
const storageTypes: Readonly<Record<string, TorchType>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  UntypedStorage: 'uint8',
  ComplexFloatStorage: 'complex64',
  ComplexDoubleStorage: 'complex128',
};

/** The types `torch.float32` and so on, which newer files name beside untyped storages. */
const dtypeNames: Readonly<Record<string, TorchType>> = {
  float64: 'float64',
  float32: 'float32',
  float16: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  int32: 'int32',
  int16: 'int16',
  int8: 'int8',
  uint64: 'uint64',
  uint32: 'uint32',
  uint16: 'uint16',
  uint8: 'uint8',
  bool: 'bool',
  complex32: 'complex32',
  complex64: 'complex64',
  complex128: 'complex128',
  float8_e4m3fn: 'float8',
  float8_e5m2: 'float8',
};

/** Classes of tensors that do not affect their values. */
const tensorClasses = ['torch.Tensor', 'torch.nn.parameter.Parameter', 'torch.nn.parameter.Buffer'];

function isClass(value: unknown): boolean {
  return tensorClasses.includes((value as PickleGlobal | null | undefined)?.name ?? '');
}

/** Makes a tensor from the arguments of a rebuilding function. */
function tensorOf(
  file: string,
  storage: unknown,
  offset: unknown,
  shape: unknown,
  strides: unknown,
  type?: TorchType,
): TorchTensor {
  if (!isStorage(storage)) throw invalidFile(file, 'a tensor has no storage');
  if (!isSize(offset) || !isSizes(shape) || !isSizes(strides) || shape.length !== strides.length)
    throw invalidFile(file, 'a tensor has no valid shape');
  return new TorchTensor(storage, type ?? storage.type, offset, [...shape], [...strides]);
}

/** Applies metadata to a tensor. */
function described(file: string, value: TorchTensor, metadata: unknown): TorchTensor {
  if (metadata === undefined || metadata === null) return value;
  if (!(metadata instanceof Map)) throw invalidFile(file, 'a tensor has metadata that is no dict');
  for (const [name, set] of metadata as Map<unknown, unknown>) {
    if (set === false || set === null) continue;
    // The conjugate of a real number is the number itself; complex tensors are refused when they are read.
    if (name === 'neg' && set === true) value.negated = true;
    else if (name !== 'conj' || set !== true) {
      const what = printable(typeof name === 'string' ? name : typeof name);
      throw new UsageError(
        `cannot read ${file}: a tensor has the metadata ${what}; save it as tensor.clone().contiguous()`,
      );
    }
  }
  return value;
}

/** The functions that a file of tensors may name, each rebuilt here; a hostile file can give them any arguments. */
function functions(file: string): Record<string, (...parameters: unknown[]) => unknown> {
  const invalid = (what: string): Error => invalidFile(file, what);
  const parameter = (data: unknown): TorchTensor => {
    if (!(data instanceof TorchTensor)) throw invalid('a parameter has no tensor');
    return data;
  };
  const dict = (pairs: unknown = []): Map<unknown, unknown> => {
    if (pairs instanceof Map) return new Map(pairs);
    if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2))
      throw invalid('a dict is not made of pairs');
    return new Map(pairs as [unknown, unknown][]);
  };
  const list = (values: unknown = []): unknown[] => {
    if (!Array.isArray(values)) throw invalid('a list is not made of values');
    return values as unknown[];
  };
  return {
    'torch._utils._rebuild_tensor': (storage, offset, shape, strides) =>
      tensorOf(file, storage, offset, shape, strides),
    'torch._utils._rebuild_tensor_v2': (storage, offset, shape, strides, _grad, _hooks, metadata) =>
      described(file, tensorOf(file, storage, offset, shape, strides), metadata),
    'torch._utils._rebuild_tensor_v3': (storage, offset, shape, strides, _grad, _hooks, dtype, metadata) => {
      const type = (dtype as TypeGlobal | null | undefined)?.type;
      if (type === undefined) throw invalid('a tensor has no type of elements');
      return described(file, tensorOf(file, storage, offset, shape, strides, type), metadata);
    },
    'torch._tensor._rebuild_from_type_v2': (rebuild, type, parameters) => {
      const { call } = (rebuild ?? {}) as PickleGlobal;
      if (call === undefined || !isClass(type) || !Array.isArray(parameters))
        throw invalid('a tensor of a class is rebuilt in an unknown way');
      return parameter(call(...(parameters as unknown[])));
    },
    'torch._utils._rebuild_parameter': parameter,
    'torch._utils._rebuild_parameter_with_state': parameter,
    'torch.nn.parameter.Parameter': parameter,
    'torch.Size': list,
    'collections.OrderedDict': dict,
    'builtins.set': (values) => new Set(list(values)),
    '__builtin__.set': (values) => new Set(list(values)),
  };
}

/** All names that a file of weights may use; nothing else is ever looked up. */
export function torchGlobals(file: string): ReadonlyMap<string, PickleGlobal> {
  const globals = new Map<string, PickleGlobal>();
  for (const [name, type] of Object.entries(storageTypes))
    for (const path of [`torch.${name}`, `torch.cuda.${name}`, `torch.storage.${name}`])
      globals.set(path, { name: path, type } as TypeGlobal);
  for (const [name, type] of Object.entries(dtypeNames))
    globals.set(`torch.${name}`, { name: `torch.${name}`, type } as TypeGlobal);
  for (const name of tensorClasses) globals.set(name, { name });
  for (const [name, call] of Object.entries(functions(file))) globals.set(name, { name, call });
  return globals;
}

/** Is this a whole number of elements, 0 or more? */
export function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isSize);
}

function isStorage(value: unknown): value is TorchStorage {
  return typeof value === 'object' && value !== null && typeof (value as TorchStorage).bytes === 'function';
}
