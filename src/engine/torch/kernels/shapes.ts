import { backend_util, slice_util, util, type TensorInfo } from '../../../tf.js';
import { UsageError } from '../../../errors.js';
import { listed, positive, type Call, type Kernels } from './kernel.js';

/** Returns paddings in libtorch's order: the last axis first. */
const fromLast = (paddings: readonly (readonly number[])[]): number[] => [...paddings].reverse().flat();

function gather({ inputs, attrs, backend, at }: Call): TensorInfo {
  const batchDims = (attrs['batchDims'] as number | undefined) ?? 0;
  if (batchDims !== 0) throw new UsageError(`unsupported batchDims: ${batchDims}; torch gathers with 0`);
  return backend.one('gather', at('x'), at('indices'), positive(attrs.axis as number, inputs['x'].shape.length));
}

function split({ inputs, attrs, backend, at }: Call): TensorInfo[] {
  const { shape } = inputs['x'];
  const axis = positive(attrs.axis as number, shape.length);
  const sizes = backend_util.prepareSplitSize(inputs['x'], attrs['numOrSizeSplits'] as number[], axis);
  return backend.run('split', at('x'), sizes, axis);
}

function stridedSlice({ inputs, attrs, backend, at }: Call): TensorInfo {
  const list = (name: string) => attrs[name] as number[];
  const mask = (name: string) => (attrs[name] as number | undefined) ?? 0;
  const info = slice_util.sliceInfo(
    inputs['x'].shape,
    list('begin'),
    list('end'),
    list('strides'),
    mask('beginMask'),
    mask('endMask'),
    mask('ellipsisMask'),
    mask('newAxisMask'),
    mask('shrinkAxisMask'),
  );
  const sliced = backend.one('strided_slice', at('x'), info.begin, info.end, info.strides);
  const result = backend.one('reshape', backend.handle(sliced), info.finalShape);
  backend.disposeData(sliced.dataId);
  return result;
}

function range({ attrs, backend }: Call): TensorInfo {
  const [start, stop, given] = ['start', 'stop', 'step'].map((name) => attrs[name] as number);
  const step = stop < start && given === 1 ? -1 : given;
  const values = util.makeZerosTypedArray(Math.max(0, Math.ceil((stop - start) / step)), attrs.dtype as 'float32');
  for (let i = 0; i < values.length; i++) values[i] = start + i * step;
  return backend.from(values, [values.length], attrs.dtype!);
}

/** The kernels that move numbers without computing. */
export const shapes: Kernels = {
  Concat: (call) => call.backend.one('cat', listed(call), positive(call.attrs.axis as number, call.inputs['0'].shape.length)), // prettier-ignore
  ExpandDims({ inputs, attrs, backend, at }) {
    const shape = [...inputs['input'].shape];
    shape.splice(positive(attrs['dim'] as number, shape.length + 1), 0, 1);
    return backend.one('reshape', at('input'), shape);
  },
  Fill: ({ attrs, backend }) =>
    backend.one(
      'full',
      attrs.shape,
      attrs['value'] as number,
      attrs.dtype ?? util.inferDtype(attrs['value'] as number),
      backend.device,
    ),
  GatherV2: gather,
  Identity: ({ backend, at }) => backend.one('alias', at('x')),
  OneHot: ({ attrs, backend, at }) => {
    const [depth, on, off] = ['depth', 'onValue', 'offValue'].map((name) => attrs[name] as number);
    return backend.one('one_hot', at('indices'), depth, on, off, attrs.dtype);
  },
  OnesLike: ({ backend, at }) => backend.one('ones_like', at('x')),
  Pack: (call) => call.backend.one('stack', listed(call), call.attrs.axis as number),
  PadV2: ({ attrs, backend, at }) =>
    backend.one('pad', at('x'), fromLast(attrs['paddings'] as [number, number][]), attrs['constantValue'] as number),
  Range: range,
  Reshape({ inputs, attrs, backend, at }) {
    const { shape } = inputs['x'];
    return backend.one('reshape', at('x'), util.inferFromImplicitShape([...attrs.shape!], util.sizeFromShape(shape)));
  },
  Reverse: ({ inputs, attrs, backend, at }) =>
    backend.one('flip', at('x'), util.parseAxisParam(attrs['dims'] as number[], inputs['x'].shape)),
  Slice({ inputs, attrs, backend, at }) {
    const [begin, size] = slice_util.parseSliceParams(inputs['x'], attrs['begin'] as number[], attrs['size'] as number[]); // prettier-ignore
    slice_util.assertParamsValid(inputs['x'], begin, size);
    return backend.one('slice', at('x'), begin, size);
  },
  SplitV: split,
  StridedSlice: stridedSlice,
  Tile: ({ attrs, backend, at }) => backend.one('repeat', at('x'), attrs['reps'] as number[]),
  Transpose: ({ attrs, backend, at }) => backend.one('permute', at('x'), attrs['perm'] as number[]),
  Unpack: ({ inputs, attrs, backend, at }) =>
    backend.run('unbind', at('value'), positive(attrs.axis as number, inputs['value'].shape.length)),
  UnsortedSegmentSum: ({ attrs, backend, at }) =>
    backend.one('segment_sum', at('x'), at('segmentIds'), attrs['numSegments'] as number),
  ZerosLike: ({ backend, at }) => backend.one('zeros_like', at('x')),
};
