/** The deepest block: so much of a panel of B stays in the first-level cache. */
export const BLOCK_DEPTH = 320;

/** A part of one segment: `depth` numbers from `from` on; they are number `at` and on of the stretch. */
export interface Piece {
  readonly segment: number;
  readonly from: number;
  readonly depth: number;
  readonly at: number;
}

/** Pieces that are multiplied in one go. */
export interface Block {
  readonly at: number;
  readonly depth: number;
  readonly pieces: readonly Piece[];
}

/** Cuts segments of the given depths into blocks, and those into stretches that end with the block that reaches `limit`. */
export function blocksOf(depths: readonly number[], limit: number): Block[][] {
  const all: Block[][] = [];
  let blocks: Block[] = [];
  let pieces: Piece[] = [];
  let at = 0;
  let depth = 0;
  const endBlock = () => {
    if (depth > 0) blocks.push({ at: at - depth, depth, pieces });
    [pieces, depth] = [[], 0];
  };
  const endStretch = () => {
    endBlock();
    if (blocks.length > 0) all.push(blocks);
    [blocks, at] = [[], 0];
  };
  depths.forEach((whole, segment) => {
    for (let from = 0; from < whole;) {
      if (at >= limit) endStretch();
      else if (depth === BLOCK_DEPTH) endBlock();
      const size = Math.min(whole - from, BLOCK_DEPTH - depth);
      pieces.push({ segment, from, depth: size, at });
      [from, at, depth] = [from + size, at + size, depth + size];
    }
  });
  endStretch();
  return all;
}
