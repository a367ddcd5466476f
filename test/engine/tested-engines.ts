import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installedPackages } from '../../src/engine/packages.js';
import { mayHaveGpu } from '../../src/engine/webgpu/adapter.js';
import { loadDawn, requestAdapter } from '../../src/engine/webgpu/dawn.js';
import { packageRoot } from '../../src/paths.js';
import { useSoftwareVulkan } from './software-vulkan.js';

const built = existsSync(join(packageRoot(), 'build', 'torch', 'torch.node'));

/** Whether WebGPU finds an adapter, be it SwiftShader. */
async function hasWebgpu(): Promise<boolean> {
  useSoftwareVulkan();
  if (!mayHaveGpu()) return false;
  try {
    await requestAdapter(loadDawn(installedPackages()));
    return true;
  } catch {
    return false;
  }
}

const present = { 'torch-cpu': built, webgpu: await hasWebgpu() };

/** The engines on which the suites of kernels, losses, backbones and optimizers run: those that this machine has. */
export const testedEngines: readonly string[] = [
  'wasm',
  ...Object.entries(present).flatMap(([name, there]) => (there ? [name] : [])),
];

/** Engines that compute networks of full size in seconds: SwiftShader takes hours. */
export const fastEngines = testedEngines.filter((name) => name !== 'webgpu');
