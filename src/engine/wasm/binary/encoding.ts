// The binary format of WebAssembly, as far as it is written here: https://webassembly.github.io/spec/core/binary/.

export type Bytes = readonly number[];

/** Encodes an unsigned integer below 2^32 as LEB128. */
export function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  do {
    const rest = Math.floor(value / 128);
    bytes.push((value % 128) | (rest > 0 ? 128 : 0));
    value = rest;
  } while (value > 0);
  return bytes;
}

function name(text: string): Bytes {
  const bytes = [...new TextEncoder().encode(text)];
  return [...unsigned(bytes.length), ...bytes];
}

export const SECTION = { import: 2, memory: 5 } as const;

export function section(id: number, content: Bytes): Bytes {
  return [id, ...unsigned(content.length), ...content];
}

export const HEADER: Bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const KIND_MEMORY = 2;
const MAXIMUM_PAGES = 65536; // 4 GiB

/** Encodes the import `env.NAME` of a memory of at least `pages` pages of 64 KiB. */
export function memoryImport(memory: string, pages: number, shared: boolean): Bytes {
  const limits = shared ? [3, ...unsigned(pages), ...unsigned(MAXIMUM_PAGES)] : [0, ...unsigned(pages)];
  return [...name('env'), ...name(memory), KIND_MEMORY, ...limits];
}
