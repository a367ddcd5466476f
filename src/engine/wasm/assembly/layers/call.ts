import * as layout from '../../layers/layout';
import { adam } from './adam';
import { affine, combine, maskedSums, scaledGradient, squares } from './columns';
import { gelu, geluGradient } from './functions';
import { averagePoolGradient, maxPoolGradient } from './pooling';
import { layerNorm, layerNormGradient, softmax, softmaxGradient } from './rows';

// @ts-ignore: decorator
@inline
function parameter(call: usize, i: i32): f64 {
  return load<f64>(call + <usize>(8 + 8 * i));
}

// @ts-ignore: decorator
@inline
function p(call: usize, i: i32): usize {
  return <usize>parameter(call, i);
}

// @ts-ignore: decorator
@inline
function n(call: usize, i: i32): i32 {
  return <i32>parameter(call, i);
}

// @ts-ignore: decorator
@inline
function f(call: usize, i: i32): f32 {
  return <f32>parameter(call, i);
}

/** Makes the call that lies at `c`: p reads an address among its parameters, n an integer, f a float32. `scratch` is the thread's own memory. */
// prettier-ignore
export function call(c: usize, scratch: usize): void {
  switch (<i32>load<f64>(c)) {
    case layout.ADAM: adam(p(c, 0), p(c, 1), p(c, 2), p(c, 3), p(c, 4), p(c, 5), p(c, 6), p(c, 7), f(c, 8), f(c, 9), f(c, 10), f(c, 11), f(c, 12), f(c, 13), f(c, 14)); break;
    case layout.AFFINE: affine(p(c, 0), p(c, 1), p(c, 2), p(c, 3), p(c, 4), n(c, 5), n(c, 6), n(c, 7)); break;
    case layout.AVERAGE_POOL_GRADIENT: averagePoolGradient(p(c, 0), p(c, 1), n(c, 2), n(c, 3), n(c, 4), n(c, 5), n(c, 6), n(c, 7), n(c, 8), n(c, 9), n(c, 10), n(c, 11), n(c, 12)); break;
    case layout.COMBINE: combine(p(c, 0), p(c, 1), p(c, 2), p(c, 3), p(c, 4), p(c, 5), n(c, 6), n(c, 7)); break;
    case layout.GELU: gelu(p(c, 0), p(c, 1), n(c, 2), scratch); break;
    case layout.GELU_GRADIENT: geluGradient(p(c, 0), p(c, 1), p(c, 2), n(c, 3), scratch); break;
    case layout.LAYER_NORM: layerNorm(p(c, 0), p(c, 1), p(c, 2), p(c, 3), p(c, 4), p(c, 5), n(c, 6), n(c, 7), f(c, 8)); break;
    case layout.LAYER_NORM_GRADIENT: layerNormGradient(p(c, 0), p(c, 1), p(c, 2), p(c, 3), p(c, 4), p(c, 5), p(c, 6), p(c, 7), n(c, 8), n(c, 9)); break;
    case layout.MASKED_SUMS: maskedSums(p(c, 0), p(c, 1), p(c, 2), p(c, 3), p(c, 4), p(c, 5), p(c, 6), n(c, 7), n(c, 8), n(c, 9)); break;
    case layout.MAX_POOL_GRADIENT: maxPoolGradient(p(c, 0), p(c, 1), p(c, 2), n(c, 3), n(c, 4), n(c, 5), n(c, 6), n(c, 7), n(c, 8), n(c, 9), n(c, 10), n(c, 11), n(c, 12), n(c, 13)); break;
    case layout.SCALED_GRADIENT: scaledGradient(p(c, 0), p(c, 1), p(c, 2), p(c, 3), p(c, 4), n(c, 5), n(c, 6), n(c, 7)); break;
    case layout.SOFTMAX: softmax(p(c, 0), p(c, 1), n(c, 2), n(c, 3), f(c, 4), scratch); break;
    case layout.SOFTMAX_GRADIENT: softmaxGradient(p(c, 0), p(c, 1), p(c, 2), n(c, 3), n(c, 4), f(c, 5)); break;
    case layout.SQUARES: squares(p(c, 0), p(c, 1), p(c, 2), n(c, 3), n(c, 4), n(c, 5)); break;
  }
}
