import test from 'ava';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { MEMORY, withSharedMemory } from '../../../src/engine/wasm/binary/shared-memory.js';

const file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');

test("TensorFlow.js's binary with its memory imported", (t) => {
  const changed = withSharedMemory(readFileSync(file))!;
  const before = new WebAssembly.Module(readFileSync(file));
  const after = new WebAssembly.Module(changed.binary as BufferSource);
  const added = { module: 'env', name: MEMORY, kind: 'memory' };
  t.deepEqual(WebAssembly.Module.imports(after), [
    ...WebAssembly.Module.imports(before),
    added,
  ] as WebAssembly.ModuleImportDescriptor[]);
  t.deepEqual(WebAssembly.Module.exports(after), WebAssembly.Module.exports(before));
  t.true(changed.pages > 0);
});

test('a binary without a memory of its own stays as it is', (t) => {
  t.is(withSharedMemory(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])), undefined);
});
