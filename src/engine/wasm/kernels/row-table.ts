import type { Workspace } from '../gemm/workspace.js';

/** Makes a table of the offsets of `count` rows of `length` numbers, up to the next multiple of 8 rows. */
export function rowTable(workspace: Workspace, count: number, length: number): number {
  const padded = Math.ceil(count / 8) * 8;
  return workspace.table(padded, (integers, at) => {
    for (let i = 0; i < padded; i++) integers[at + i] = Math.min(i, count - 1) * length * 4;
  });
}
