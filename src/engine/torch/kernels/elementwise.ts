import { broadcast_util, type TensorInfo } from '../../../tf.js';
import { listed, type Call, type Kernel, type Kernels } from './kernel.js';

/** Makes a kernel of one tensor from the name of the addon's kernel. */
const unary =
  (name: string): Kernel =>
  ({ backend, at }) =>
    backend.one(name, at('x'));

const binary =
  (name: string): Kernel =>
  ({ backend, at }) =>
    backend.one(name, at('a'), at('b'));

const byName = (make: (name: string) => Kernel, names: Readonly<Record<string, string>>): Kernels =>
  Object.fromEntries(Object.entries(names).map(([kernel, name]) => [kernel, make(name)]));

/** Chooses by a condition. A condition of one axis applies to the first axis, as in TensorFlow.js. */
function select({ inputs, backend, at }: Call): TensorInfo {
  const rank = inputs['t'].shape.length;
  const { shape } = inputs['condition'];
  if (shape.length === rank || shape.length !== 1) return backend.one('where', at('condition'), at('t'), at('e'));
  const spread = backend.one('reshape', at('condition'), [...shape, ...new Array<number>(rank - 1).fill(1)]);
  const chosen = backend.one('where', backend.handle(spread), at('t'), at('e'));
  backend.disposeData(spread.dataId);
  return chosen;
}

/** The elementwise kernels, with broadcasting. */
export const elementwise: Kernels = {
  ...byName(unary, {
    Abs: 'abs',
    Acos: 'acos',
    Asin: 'asin',
    Atan: 'atan',
    Ceil: 'ceil',
    Cos: 'cos',
    Elu: 'elu',
    Erf: 'erf',
    Exp: 'exp',
    Expm1: 'expm1',
    Floor: 'floor',
    IsFinite: 'isfinite',
    IsNan: 'isnan',
    Log: 'log',
    Log1p: 'log1p',
    LogicalNot: 'logical_not',
    Neg: 'neg',
    Reciprocal: 'reciprocal',
    Relu: 'relu',
    Relu6: 'relu6',
    Round: 'round',
    Rsqrt: 'rsqrt',
    Sigmoid: 'sigmoid',
    Sign: 'sign',
    Sin: 'sin',
    Softplus: 'softplus',
    Sqrt: 'sqrt',
    Square: 'square',
    Tan: 'tan',
    Tanh: 'tanh',
  }),
  ...byName(binary, {
    Add: 'add',
    Atan2: 'atan2',
    Equal: 'eq',
    FloorDiv: 'floor_divide',
    Greater: 'gt',
    GreaterEqual: 'ge',
    Less: 'lt',
    LessEqual: 'le',
    LogicalAnd: 'logical_and',
    LogicalOr: 'logical_or',
    Maximum: 'maximum',
    Minimum: 'minimum',
    Mod: 'remainder',
    Multiply: 'mul',
    NotEqual: 'ne',
    Pow: 'pow',
    RealDiv: 'div',
    SquaredDifference: 'squared_difference',
    Sub: 'sub',
  }),
  AddN: (call) => call.backend.one('sum_of', listed(call)),
  BroadcastTo: ({ inputs, attrs, backend, at }) => {
    const shape = attrs.shape as number[];
    broadcast_util.assertAndGetBroadcastShape(inputs['x'].shape, shape);
    return backend.one('expand', at('x'), shape);
  },
  Cast: ({ attrs, backend, at }) => backend.one('cast', at('x'), attrs.dtype),
  ClipByValue: ({ attrs, backend, at }) =>
    backend.one('clamp', at('x'), attrs['clipValueMin'] as number, attrs['clipValueMax'] as number),
  EluGrad: ({ backend, at }) => backend.one('elu_gradient', at('dy'), at('y')),
  LeakyRelu: ({ attrs, backend, at }) => backend.one('leaky_relu', at('x'), attrs['alpha'] as number),
  Prelu: ({ backend, at }) => backend.one('prelu', at('x'), at('alpha')),
  Select: select,
  Step: ({ attrs, backend, at }) => backend.one('step', at('x'), (attrs['alpha'] as number | undefined) ?? 0),
};
