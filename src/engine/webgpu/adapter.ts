import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { GpuAdapterInfo } from './dawn.js';

const RUNTIME = 'XDG_RUNTIME_DIR';

/** Drivers that compute on the processor: Chromium's, Mesa's, Windows's. */
const software = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

const words = ({ vendor, architecture, device, description }: GpuAdapterInfo): string[] =>
  [device, description, architecture, vendor].filter((word) => word !== '');

/** Tells whether an adapter is software. */
export const isSoftware = (info: GpuAdapterInfo): boolean =>
  info.isFallbackAdapter === true || software.test(words(info).join(' '));

/** Returns the driver's name of an adapter. */
export function adapterName(info: GpuAdapterInfo): string {
  if (isSoftware(info)) return info.description || (words(info).at(0) ?? 'software');
  return words(info).at(0) ?? 'GPU';
}

/** Variables by which a person names the Vulkan drivers to use. */
const variables = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'];

const nodes: readonly (readonly [folder: string, name: RegExp])[] = [
  ['/dev/dri', /^renderD\d+$/],
  ['/dev', /^(nvidia\d+|dxg|mali\d+|kgsl-3d\d+)$/],
];

/**
 * Tells whether this system can have a GPU: on Linux only if a GPU has a device file, or a variable names a driver.
 *
 * Without a GPU, loading Vulkan drivers takes time, and some write to stderr that they find nothing.
 */
export function mayHaveGpu(): boolean {
  if (process.platform !== 'linux' || variables.some((name) => Boolean(process.env[name]))) return true;
  return nodes.some(([folder, name]) => existsSync(folder) && readdirSync(folder).some((file) => name.test(file)));
}

/** Runs work with `XDG_RUNTIME_DIR` set: without this folder for sockets, Mesa's drivers complain on stderr. */
export async function withRuntimeFolder<T>(work: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux' || process.env[RUNTIME] !== undefined) return work();
  process.env[RUNTIME] = tmpdir();
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(process.env, RUNTIME);
  }
}
