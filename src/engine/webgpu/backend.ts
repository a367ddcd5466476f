import { util, type BackendValues, type DataId, type DataType, type KernelBackend } from '../../tf.js';
import type { GpuAdapterInfo, GpuBuffer, GpuDevice } from './dawn.js';
import type { Events } from './events.js';
import { Failures } from './failures.js';

const MAP_READ = 1; // GPUBufferUsage.MAP_READ, GPUMapMode.READ
const COPY_DST = 8;

interface Buffers {
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GpuBuffer;
  releaseBuffer(buffer: GpuBuffer, reuse?: boolean): void;
  readonly freeBuffers: Map<string, GpuBuffer[]>;
  numFreeBuffers: number;
  numUsedBuffers: number;
  numBytesAllocated: number;
}

interface Entry {
  readonly dtype: DataType;
  readonly values?: BackendValues | null;
  readonly resource?: GpuBuffer | null;
}

interface CommandEncoder {
  copyBufferToBuffer(from: GpuBuffer, at: number, to: GpuBuffer, toAt: number, size: number): void;
}

/** Declares what is used here of TensorFlow.js's WebGPU backend. */
interface StockBackend extends KernelBackend {
  readonly bufferManager: Buffers;
  readonly tensorMap: { get(dataId: DataId): Entry };
  readonly device: GpuDevice;
  commandEncoder: CommandEncoder | null;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  convertAndCacheOnCPU(dataId: DataId, values: BackendValues): BackendValues;
}

export type StockClass = new (device: GpuDevice, info: GpuAdapterInfo) => StockBackend;

export interface WebgpuBackend extends StockBackend {
  readonly failures: Failures;
  /** Makes the backend usable again after an error; returns false if its device is lost. */
  recover(): boolean;
}

/**
 * Makes TensorFlow.js's WebGPU backend on a device. It adds synchronous reads, which that backend has only in browsers,
 * and throws the device's errors where numbers are read.
 */
export function webgpuBackend(
  Stock: StockClass,
  device: GpuDevice,
  info: GpuAdapterInfo,
  name: string,
  events: Events,
): WebgpuBackend {
  const failures = new Failures(device, name);
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  class Backend extends Stock implements WebgpuBackend {
    readonly failures = failures;

    constructor() {
      super(device, info);
      guardBuffers(this.bufferManager, failures, Math.min(maxBufferSize, maxStorageBufferBindingSize));
    }

    override readSync(dataId: DataId): BackendValues {
      const { values, dtype, resource } = this.tensorMap.get(dataId);
      if (values || !resource || dtype === 'complex64') return super.readSync(dataId);
      const staging = this.copied(resource);
      events.during(() => staging.mapAsync(MAP_READ)).catch(() => undefined);
      events.wait(() => staging.mapState !== 'pending');
      const data = this.taken(staging);
      return this.convertAndCacheOnCPU(dataId, util.convertBackendValuesAndArrayBuffer(data, dtype));
    }

    /** Returns a buffer's bytes; `read` awaits it. */
    async getBufferData(buffer: GpuBuffer): Promise<ArrayBuffer> {
      const staging = this.copied(buffer);
      await events.during(() => staging.mapAsync(MAP_READ)).catch(() => undefined);
      return this.taken(staging);
    }

    recover(): boolean {
      if (failures.lost) return false;
      if (this.commandEncoder !== null) {
        this.endComputePassEncoder();
        this.submitQueue();
      }
      events.step();
      destroyFreeBuffers(this.bufferManager);
      failures.forgive();
      return true;
    }

    private copied(buffer: GpuBuffer): GpuBuffer {
      const staging = this.bufferManager.acquireBuffer(buffer.size, COPY_DST | MAP_READ);
      this.ensureCommandEncoderReady();
      this.endComputePassEncoder();
      this.commandEncoder!.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
      this.submitQueue();
      return staging;
    }

    private taken(staging: GpuBuffer): ArrayBuffer {
      failures.check();
      if (staging.mapState !== 'mapped') throw failures.error('its numbers cannot be read');
      const data = staging.getMappedRange().slice(0);
      staging.unmap();
      this.bufferManager.releaseBuffer(staging);
      return data;
    }
  }
  return withNavigator(() => new Backend());
}

/** Makes the buffer manager refuse buffers above `most` bytes and throw the device's errors. */
function guardBuffers(buffers: Buffers, failures: Failures, most: number): void {
  const acquire = buffers.acquireBuffer.bind(buffers);
  buffers.acquireBuffer = (size, ...more) => {
    failures.check();
    if (size > most)
      throw failures.error(`a tensor of ${mebibytes(size)} exceeds the max buffer size, ${mebibytes(most)}`);
    try {
      return acquire(size, ...more);
    } catch (error) {
      failures.check();
      throw failures.error((error as Error).message);
    }
  };
}

/** Destroys the buffers kept for later tensors: the allocation of some of them may have failed. */
function destroyFreeBuffers(buffers: Buffers): void {
  for (const buffer of [...buffers.freeBuffers.values()].flat()) {
    buffers.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }
  buffers.freeBuffers.clear();
  buffers.numFreeBuffers = 0;
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/** Runs work while `navigator.gpu` is defined: the backend's constructor asks for it. */
function withNavigator<T>(work: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: {} }, configurable: true });
  try {
    return work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
    else Object.defineProperty(globalThis, 'navigator', before);
  }
}
