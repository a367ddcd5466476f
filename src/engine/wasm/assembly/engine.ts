// asc: -O3 --noAssert --runtime stub --enable simd,threads --importMemory --initialMemory 1
// Matrix products, convolutions, and what image networks compute besides, in the heap of TensorFlow.js's WASM backend.
// The module keeps no data.
//
// A product C = A B is computed in tiles of 4 x 8 numbers held in registers. Its operands are packed first: A in panels
// of 4 rows, [panel][k][4], B in panels of 8 columns, [panel][k][8], so that the inner loop reads two streams. Tables
// of addresses say what is packed: the rows of a matrix, its columns, or the pixels under one tap of a filter with any
// stride and padding. Only these tables differ between a convolution and a matrix product.
import { takeTask } from '../../threads/assembly/take-task';
import { JOB_CALLS, JOB_TASK_TABLE, TASK_BYTES } from '../gemm/layout';
import { CALL_BYTES } from '../layers/layout';
import { perform } from './gemm/perform';
import { call } from './layers/call';

/** Does a thread's part of the job, which is calls of functions or commands of products: takes tasks until none is left. */
export function share(job: usize, scratch: usize): void {
  const calls = load<usize>(job, JOB_CALLS), table = load<usize>(job, JOB_TASK_TABLE);
  for (let task = takeTask(job); task >= 0; task = takeTask(job)) {
    const at = table + <usize>task * TASK_BYTES;
    if (calls) call(calls + <usize>task * CALL_BYTES, scratch);
    else perform(load<usize>(at), load<usize>(at, TASK_BYTES / 2), scratch);
  }
}
