import { installedPackages } from '../../src/engine/packages.js';
import { isSoftware, mayHaveGpu } from '../../src/engine/webgpu/adapter.js';
import { loadDawn, requestAdapter, type GpuAdapter } from '../../src/engine/webgpu/dawn.js';
import { useSoftwareVulkan } from './software-vulkan.js';
import { torchIsBuilt } from './torch-is-built.js';

/** The adapter that WebGPU finds, be it SwiftShader. */
async function findAdapter(): Promise<GpuAdapter | undefined> {
  useSoftwareVulkan();
  if (!mayHaveGpu()) return undefined;
  try {
    return await requestAdapter(loadDawn(installedPackages()));
  } catch {
    return undefined;
  }
}

const adapter = await findAdapter();
const present = { 'torch-cpu': torchIsBuilt, webgpu: adapter !== undefined };

/** The engines on which the suites of kernels, losses, backbones and optimizers run: those that this machine has. */
export const testedEngines: readonly string[] = [
  'wasm',
  ...Object.entries(present).flatMap(([name, there]) => (there ? [name] : [])),
];

/** Engines that compute networks of full size in seconds; SwiftShader would take hours. */
export const fastEngines = testedEngines.filter(
  (name) => name !== 'webgpu' || (adapter !== undefined && !isSoftware(adapter.info)),
);

/** The engines for a case of a long table: SwiftShader compiles each case's shaders for a second and gets each third. */
export const enginesOfCase = (at: number): readonly string[] => (at % 3 === 0 ? testedEngines : fastEngines);
