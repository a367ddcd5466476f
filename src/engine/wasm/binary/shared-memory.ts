import { HEADER, memoryImport, section, SECTION, unsigned } from './encoding.js';

/** The name under which the changed module imports its memory from `env`. */
export const MEMORY = 'shared_memory';

interface Part {
  readonly id: number;
  readonly content: Uint8Array;
}

/** Reads the unsigned LEB128 integer at `at`: [value, position behind it]. */
function readUnsigned(bytes: Uint8Array, at: number): [number, number] {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at];
  }
}

function parts(binary: Uint8Array): Part[] {
  const found: Part[] = [];
  for (let at = HEADER.length; at < binary.length;) {
    const id = binary[at];
    const [size, start] = readUnsigned(binary, at + 1);
    found.push({ id, content: binary.subarray(start, start + size) });
    at = start + size;
  }
  return found;
}

/**
 * Changes a WebAssembly binary that owns its memory into one that imports a memory shared between threads.
 *
 * TensorFlow.js's build for several threads starts eight workers of its own and keeps 80 MB for them. With this change,
 * its build for one thread can share its heap with the threads of ../gemm. Only the declaration of the memory changes.
 *
 * Returns the binary and the memory's initial size in pages, or undefined where it does not have exactly one memory.
 */
export function withSharedMemory(binary: Uint8Array): { binary: Uint8Array; pages: number } | undefined {
  const all = parts(binary);
  const memory = all.find((part) => part.id === SECTION.memory)?.content;
  const imports = all.find((part) => part.id === SECTION.import)?.content;
  if (memory?.[0] !== 1 || imports === undefined) return undefined;
  const [pages] = readUnsigned(memory, 2);
  const [count, start] = readUnsigned(imports, 0);
  const changed = (part: Part): Uint8Array => {
    if (part.content !== imports)
      return concatenate([section(part.id, []).slice(0, 1), unsigned(part.content.length), part.content]);
    const content = concatenate([unsigned(count + 1), imports.subarray(start), memoryImport(MEMORY, pages, true)]);
    return concatenate([[part.id], unsigned(content.length), content]);
  };
  const kept = all.filter((part) => part.content !== memory);
  return { binary: concatenate([HEADER, ...kept.map(changed)]), pages };
}

function concatenate(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
