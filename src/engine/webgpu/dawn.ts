import type { Packages } from '../packages.js';
import { withRuntimeFolder } from './adapter.js';
import { Events } from './events.js';

const PACKAGE = 'webgpu';

/** Declares what is used here of WebGPU's buffers, and below of its devices and adapters. */
export interface GpuBuffer {
  readonly size: number;
  readonly mapState: 'unmapped' | 'pending' | 'mapped';
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuDevice {
  readonly limits: Readonly<Record<string, number>>;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: GpuErrorEvent) => void): void;
  destroy(): void;
}

export interface GpuErrorEvent {
  readonly error: { readonly message: string };
  preventDefault(): void;
}

export interface GpuAdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

export interface GpuAdapter {
  readonly info: GpuAdapterInfo;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: { requiredLimits: Record<string, number> }): Promise<GpuDevice>;
}

export interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

/** Declares what the package's binary exports: WebGPU, and the classes and constants that a browser has as globals. */
interface Binary {
  create(flags: string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

/** Holds WebGPU in this process. */
export interface Dawn {
  readonly gpu: Gpu;
  readonly events: Events;
}

const loaded = new WeakMap<Packages, Dawn>();

/** Returns the binary's path. It is loaded without the package's entry, which keeps a list of all buffers ever made. */
export const binaryPath = (): string => {
  const architecture = process.platform === 'darwin' ? 'universal' : process.arch;
  return `dist/${process.platform}-${architecture}/dawn.node`;
};

/**
 * Loads Dawn, once in a process.
 *
 * @throws Error where the package is not installed, has no binary for this system or does not load
 */
export function loadDawn(packages: Packages): Dawn {
  const before = loaded.get(packages);
  if (before !== undefined) return before;
  if (packages.version(PACKAGE) === undefined) throw new Error(`${PACKAGE} is not installed`);
  if (!packages.contains(PACKAGE, binaryPath()))
    throw new Error(`${PACKAGE} has no binary for ${process.platform} on ${process.arch}`);
  let binary: Binary;
  try {
    binary = packages.load(`${PACKAGE}/${binaryPath()}`) as Binary;
  } catch (error) {
    throw new Error((error as Error).message.split('\n')[0], { cause: error });
  }
  Object.assign(globalThis, binary.globals);
  const dawn = { gpu: binary.create([]), events: new Events() };
  loaded.set(packages, dawn);
  return dawn;
}

/**
 * Returns the best adapter; of an integrated and a discrete GPU, the discrete one.
 *
 * @throws Error where no driver offers an adapter
 */
export async function requestAdapter({ gpu, events }: Dawn): Promise<GpuAdapter> {
  const adapter = await withRuntimeFolder(() =>
    events.during(() => gpu.requestAdapter({ powerPreference: 'high-performance' })),
  );
  if (adapter !== null) return adapter;
  const driver = { linux: 'Vulkan driver (with libvulkan1)', darwin: 'driver for Metal', win32: 'driver for D3D12' };
  const wanted = driver[process.platform as 'linux'] ?? 'Vulkan driver';
  throw new Error(`no driver offers a GPU; install the GPU's ${wanted}`);
}
