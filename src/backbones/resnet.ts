import * as tf from '../tf.js';
import { kaimingNormal } from './initial-values.js';
import { globalAverage, maxPool } from './layers/pooling.js';
import { convNormAct, type NetworkBuilder, type Unit, type UnitOptions } from './layers/units.js';

/** Says how a residual network is made. */
export interface ResNetShape {
  /** The first convolution's filter side, stride and outputs, and whether a pooling follows. */
  readonly stem: { readonly size: number; readonly stride: number; readonly width: number; readonly pool: boolean };
  /** The number of blocks in each stage, and the width inside them. */
  readonly stages: readonly { readonly blocks: number; readonly width: number }[];
  /** A bottleneck has 4 times its width as outputs, a basic block (two 3 x 3 convolutions) its width. */
  readonly block: 'bottleneck' | 'basic';
  /** Which convolution of a bottleneck has the stride: the 3 x 3 (torchvision) or the first (first published form). */
  readonly strideIn?: 'first' | 'second';
  readonly bias?: boolean;
  readonly epsilon?: number;
}

const EXPANSION = 4;

/** Returns the number of channels of the features. */
export const resNetFeatures = ({ stages, block }: ResNetShape): number =>
  stages[stages.length - 1].width * (block === 'bottleneck' ? EXPANSION : 1);

/** Makes relu(residual(x) + shortcut(x)). */
function residual(units: readonly Unit[], shortcut: Unit | undefined): Unit {
  return (x, training) =>
    tf.tidy(() => {
      const beside = shortcut === undefined ? x : shortcut(x, training);
      return units.reduce((y, next, i) => (i === units.length - 1 ? next(y, training, beside) : next(y, training)), x);
    });
}

/**
 * Makes a residual network without its classifier: pictures `[b, height, width, 3]` -> features `[b, channels]`.
 *
 * After `prefix`, names are those of torchvision: conv1, bn1, layer1.0.conv1, layer1.0.downsample.0.
 */
export function resNet(
  builder: NetworkBuilder,
  prefix: string,
  shape: ResNetShape,
): (x: tf.Tensor4D, training: boolean) => tf.Tensor2D {
  const { stem, stages, block, bias, epsilon } = shape;
  const make = (
    names: readonly [string, string],
    [inputs, outputs, size, stride]: readonly number[],
    rest: Partial<UnitOptions>,
  ) => {
    const fill = kaimingNormal(outputs * size * size);
    const given = { inputs, outputs, size, stride, padding: (size - 1) / 2, relu: true, fill };
    return convNormAct(builder, { names, ...given, bias, epsilon, ...rest });
  };
  const first = make([`${prefix}conv1`, `${prefix}bn1`], [3, stem.width, stem.size, stem.stride], { first: true });
  const blocks: Unit[] = [];
  let inputs = stem.width;
  stages.forEach(({ blocks: count, width }, stage) => {
    for (let number = 0; number < count; number++) {
      const name = `${prefix}layer${stage + 1}.${number}`;
      const stride = number === 0 && stage > 0 ? 2 : 1;
      const outputs = block === 'bottleneck' ? width * EXPANSION : width;
      const strides = shape.strideIn === 'first' ? [stride, 1] : [1, stride];
      const sizes =
        block === 'bottleneck'
          ? [
              [inputs, width, 1, strides[0]],
              [width, width, 3, strides[1]],
              [width, outputs, 1, 1],
            ]
          : [
              [inputs, width, 3, stride],
              [width, width, 3, 1],
            ];
      const units = sizes.map((size, i) => make([`${name}.conv${i + 1}`, `${name}.bn${i + 1}`], size, {}));
      const changes = inputs !== outputs || stride > 1;
      const names = [`${name}.downsample.0`, `${name}.downsample.1`] as const;
      const shortcut = changes ? make(names, [inputs, outputs, 1, stride], { relu: false }) : undefined;
      blocks.push(residual(units, shortcut));
      inputs = outputs;
    }
  });
  return (x, training) => {
    const start = tf.tidy(() => {
      const y = first(x, training);
      return stem.pool ? maxPool(y, { size: 3, stride: 2, padding: 1 }) : y;
    });
    return globalAverage(chain(blocks, start, training));
  };
}

/** Applies units one after the other; disposes tensors in between (gradients keep what they need themselves). */
export function chain(units: readonly Unit[], x: tf.Tensor4D, training: boolean): tf.Tensor4D {
  return units.reduce((y, next) => {
    const z = next(y, training);
    y.dispose();
    return z;
  }, x);
}
