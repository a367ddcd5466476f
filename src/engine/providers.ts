import { javascript } from './javascript.js';
import { tensorflowCpu } from './tensorflow/tensorflow-cpu.js';
import { tensorflowCuda } from './tensorflow/tensorflow-cuda.js';
import { torchCpu, torchCuda } from './torch/index.js';
import { wasm } from './wasm/index.js';
import { webgpu } from './webgpu/index.js';
import type { EngineProvider } from './types.js';

/** All engines, in the order in which `engine: auto` tries them. */
export const engines = {
  'tensorflow-cuda': tensorflowCuda,
  'torch-cuda': torchCuda,
  webgpu,
  'torch-cpu': torchCpu,
  'tensorflow-cpu': tensorflowCpu,
  wasm,
  javascript,
} as const satisfies Record<string, EngineProvider>;
