import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagesOf, type Packages } from '../../src/engine/packages.js';

export const CUDA = '@tensorflow/tfjs-node-gpu';
export const WEBGPU = '@tensorflow/tfjs-backend-webgpu';
export const CPU = '@tensorflow/tfjs-node';

const tensors = createRequire(import.meta.url).resolve('@tensorflow/tfjs');

/** How often each fake was loaded, by its label. */
export const loads = ((globalThis as Record<string, unknown>)['fakeLoads'] ??= {}) as Record<string, number>;

/** What a fake does as it loads: like the real packages, it registers the backend `tensorflow`, here of plain JavaScript. */
export const works = (gpu: boolean): string => `
  const tf = require(${JSON.stringify(tensors)});
  tf.copyRegisteredKernels('cpu', 'tensorflow');
  tf.registerBackend('tensorflow', () => {
    const backend = new (tf.findBackend('cpu').constructor)();
    return Object.assign(backend, { firstUse: false, isUsingGpuDevice: ${gpu} });
  }, 3);
  tf.setBackend('tensorflow');`;

export const fails = (message: string): string => `throw new Error(${JSON.stringify(message)});`;

const system = `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`;

/** A binary of WebGPU that finds an adapter, or none; a folder can stand for a file that is loaded. */
export const dawn = (label: string, info?: object): Fake => ({
  name: 'webgpu',
  label,
  place: `dist/${system}/dawn.node`,
  code: `
    const device = { limits: {}, lost: new Promise(() => {}), addEventListener() {}, destroy() {} };
    const adapter = { info: ${JSON.stringify(info)}, limits: {}, requestDevice: async () => device };
    module.exports = {
      globals: {},
      create: () => ({ requestAdapter: async () => ${info === undefined ? 'null' : 'adapter'} }),
    };`,
});

/** What stands for TensorFlow.js's backend on WebGPU: plain JavaScript. */
export const webgpuBackend = (label: string): Fake => ({
  name: WEBGPU,
  label,
  code: `
    const tf = require(${JSON.stringify(tensors)});
    if (tf.getKernelsForBackend('webgpu').length === 0) tf.copyRegisteredKernels('cpu', 'webgpu');
    exports.WebGPUBackend = class extends tf.findBackend('cpu').constructor {
      firstUse = false;
      bufferManager = { acquireBuffer() {}, freeBuffers: new Map() };
      tensorMap = { get: () => ({}) };
      commandEncoder = null;
    };`,
});

export interface Fake {
  readonly name: string;
  readonly label: string;
  readonly code: string;
  readonly library?: boolean;
  /** The folder in the package that its code is in; its own by default. */
  readonly place?: string;
  /** The name in its package.json, where it differs. */
  readonly real?: string;
}

const roots: string[] = [];

/** Packages of a new folder in which only the fakes are installed. */
export function install(...fakes: Fake[]): Packages {
  const root = mkdtempSync(join(tmpdir(), 'engine-'));
  roots.push(root);
  for (const { name, label, code, library = true, real = name, place = '' } of fakes) {
    const folder = join(root, 'node_modules', name);
    mkdirSync(join(folder, library ? 'lib' : 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: real, version: '4.22.0', main: 'index.js' }));
    const count = `const loads = globalThis.fakeLoads; loads[${JSON.stringify(label)}] = (loads[${JSON.stringify(label)}] ?? 0) + 1;`;
    mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, place, 'index.js'), `${count}\n${code}\n`);
  }
  return packagesOf(root);
}

/** Removes what was installed. */
export function uninstall(): void {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
}
