import { gpuNumbers } from '../../src/engine/machine.js';
import { installedPackages } from '../../src/engine/packages.js';
import { loadAddon } from '../../src/engine/torch/addon.js';
import { isSoftware, mayHaveGpu } from '../../src/engine/webgpu/adapter.js';
import { loadDawn, requestAdapter, type GpuAdapter } from '../../src/engine/webgpu/dawn.js';
import { useSoftwareVulkan } from './software-vulkan.js';
import { torchIsBuilt } from './torch-is-built.js';

async function findAdapter(): Promise<GpuAdapter | undefined> {
  useSoftwareVulkan();
  if (!mayHaveGpu()) return undefined;
  try {
    return await requestAdapter(loadDawn(installedPackages()));
  } catch {
    return undefined;
  }
}

/** What WebGPU computes with, be it SwiftShader. */
export const adapter = await findAdapter();
const hasGpu = adapter !== undefined && !isSoftware(adapter.info);

// SwiftShader takes longer than all other engines together: software-webgpu.full.test.ts sets this
const withSoftware = adapter !== undefined && process.env['TRIPLETLAB_TEST_SOFTWARE_WEBGPU'] === '1';
const present = {
  'torch-cpu': torchIsBuilt,
  'torch-cuda': torchIsBuilt && gpuNumbers().length > 0 && loadAddon().gpus > 0,
  webgpu: hasGpu || withSoftware,
};
const names = ['wasm', ...Object.entries(present).flatMap(([name, there]) => (there ? [name] : []))];
const asked = (process.env['TRIPLETLAB_TEST_ENGINES'] || undefined)?.split(',');
// without an engine the suites would pass, and show nothing
for (const name of asked ?? [])
  if (!names.includes(name))
    throw new Error(`TRIPLETLAB_TEST_ENGINES: ${name} is not here; there are ${names.join(', ')}`);

/**
 * The engines on which the suites of kernels, losses, backbones and optimizers run: those that this machine has, and of
 * them those that `TRIPLETLAB_TEST_ENGINES` names, where it is set.
 */
export const testedEngines: readonly string[] = names.filter((name) => asked === undefined || asked.includes(name));

/** Engines that compute networks of full size in seconds; SwiftShader would take hours. */
export const fastEngines = testedEngines.filter((name) => name !== 'webgpu' || hasGpu);

/** The engines for a case of a long table: SwiftShader compiles each case's shaders for a second and gets each third. */
export const enginesOfCase = (at: number): readonly string[] => (at % 3 === 0 ? testedEngines : fastEngines);
