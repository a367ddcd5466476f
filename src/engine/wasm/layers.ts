import { kernelModule } from '../../assets.js';
import type { WasmBackend } from './heap.js';

/** Holds the module's functions, which take pointers and sizes; see src/engine/wasm/assembly/layers. 0: not given. */
export type LayerFunctions = Readonly<
  Record<
    | 'adam'
    | 'affine'
    | 'averagePoolGradient'
    | 'combine'
    | 'gelu'
    | 'geluGradient'
    | 'layerNorm'
    | 'layerNormGradient'
    | 'maskedSums'
    | 'maxPoolGradient'
    | 'scaledGradient'
    | 'softmax'
    | 'softmaxGradient'
    | 'squares',
    (...parameters: number[]) => void
  >
>;

const instances = new WeakMap<WasmBackend, LayerFunctions | null>();

/** Returns the layers' functions for a backend's heap; undefined where the set-up has not built them. */
export function layerFunctions(backend: WasmBackend): LayerFunctions | undefined {
  let functions = instances.get(backend);
  if (functions === undefined) instances.set(backend, (functions = instantiate(backend)));
  return functions ?? undefined;
}

function instantiate(backend: WasmBackend): LayerFunctions | null {
  const { memory } = backend.wasm.asm;
  const name = memory.buffer instanceof SharedArrayBuffer ? 'layers-shared' : 'layers';
  try {
    return new WebAssembly.Instance(kernelModule(name), { env: { memory } }).exports as unknown as LayerFunctions;
  } catch {
    return null;
  }
}
