import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../../assets.js';
import { MEMORY, withSharedMemory } from './binary/shared-memory.js';
import { guardAllocator, type WasmBackend, type WasmModule } from './heap.js';

const PACKAGE = '@tensorflow/tfjs-backend-wasm';
const MAXIMUM_PAGES = 65536; // of 64 KiB: 4 GiB

type Instantiate = (imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) => object;
type Factory = (settings: { instantiateWasm: Instantiate }) => Promise<WasmModule>;

/** Adds to a module what BackendWasm expects it to have. */
function addInterface(module: WasmModule): void {
  Object.assign(module, {
    tfjs: {
      init: module.cwrap('init', null, []),
      initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
      getThreadsCount: module.cwrap('get_threads_count', 'number', []),
      registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
      disposeData: module.cwrap('dispose_data', null, ['number']),
      dispose: module.cwrap('dispose', null, []),
    },
  });
}

/** Runs work, then removes the error handlers that it added: Emscripten's print the whole bundle at each error. */
function withoutHandlers<T>(work: () => T): T {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  const result = work();
  events.forEach((event, i) => {
    for (const listener of process.rawListeners(event))
      if (!before[i].includes(listener)) process.removeListener(event, listener as () => void);
  });
  return result;
}

/** Instantiates TensorFlow.js's binary, if possible on memory that threads share. */
async function instantiate(
  original: Uint8Array,
  imports: WebAssembly.Imports,
  share: boolean,
): Promise<WebAssembly.Instance> {
  const shared = share ? withSharedMemory(original) : undefined;
  if (shared !== undefined)
    try {
      const memory = new WebAssembly.Memory({ initial: shared.pages, maximum: MAXIMUM_PAGES, shared: true });
      const env = { ...imports['env'], [MEMORY]: memory };
      return (await WebAssembly.instantiate(shared.binary as BufferSource, { ...imports, env })).instance;
    } catch {
      // for instance no address space for 4 GiB: then with one thread
    }
  return (await WebAssembly.instantiate(original as BufferSource, imports)).instance;
}

/** Makes TensorFlow.js's WASM backend without registering it; its memory is shared if `share` is set and it can be. */
export async function createBackend(share: boolean): Promise<WasmBackend> {
  const require = createRequire(join(packageRoot(), 'package.json'));
  const original = readFileSync(require.resolve(`${PACKAGE}/dist/tfjs-backend-wasm-simd.wasm`));
  const { BackendWasm } = await import('@tensorflow/tfjs-backend-wasm');
  const factory = require(`${PACKAGE}/wasm-out/tfjs-backend-wasm.js`) as Factory;
  const module = await new Promise<WasmModule>((resolve, reject) => {
    const instantiateWasm: Instantiate = (imports, receive) => {
      instantiate(original, imports, share).then(receive, reject);
      return {};
    };
    withoutHandlers(() => factory({ instantiateWasm })).then(resolve, reject);
  });
  addInterface(module);
  guardAllocator(module);
  return new BackendWasm(module as unknown as ConstructorParameters<typeof BackendWasm>[0]) as unknown as WasmBackend;
}
