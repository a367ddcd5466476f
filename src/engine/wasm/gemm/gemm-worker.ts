// A helper thread of `Team`: carries out tasks as they come, for ever.
import { workerData } from 'node:worker_threads';
import type { ProductKernels } from './gemm-tasks.js';

const { module, memory, team, scratch } = workerData as {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  team: number;
  scratch: number;
};
(new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ProductKernels).help(team, scratch);
