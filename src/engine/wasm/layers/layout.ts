// What the functions of layers (../assembly/layers) and their callers share: their numbers, and the form of a call. Plain
// numbers, since TypeScript and AssemblyScript read this file.

export const ADAM = 0;
export const AFFINE = 1;
export const AVERAGE_POOL_GRADIENT = 2;
export const COMBINE = 3;
export const GELU = 4;
export const GELU_GRADIENT = 5;
export const LAYER_NORM = 6;
export const LAYER_NORM_GRADIENT = 7;
export const MASKED_SUMS = 8;
export const MAX_POOL_GRADIENT = 9;
export const SCALED_GRADIENT = 10;
export const SOFTMAX = 11;
export const SOFTMAX_GRADIENT = 12;
export const SQUARES = 13;

/** A call is the function's number and its parameters in their order, each as a float64, which holds them exactly. */
export const CALL_BYTES = 128;
