/** The largest depth of a block: this much of a panel of B stays in the first-level cache. */
export const BLOCK_DEPTH = 320;

/** Names a part of one segment: `depth` numbers from `from` on. In the stretch they begin at number `at`. */
export interface SegmentPart {
  readonly segment: number;
  readonly from: number;
  readonly depth: number;
  readonly at: number;
}

/** Holds the parts of segments that one command multiplies. */
export interface Block {
  readonly at: number;
  readonly depth: number;
  readonly parts: readonly SegmentPart[];
}

/** Cuts segments of the given depths into blocks, and groups these into stretches that end once they reach `limit`. */
export function blocksOf(depths: readonly number[], limit: number): Block[][] {
  const all: Block[][] = [];
  let blocks: Block[] = [];
  let parts: SegmentPart[] = [];
  let at = 0;
  let depth = 0;
  const endBlock = () => {
    if (depth > 0) blocks.push({ at: at - depth, depth, parts });
    [parts, depth] = [[], 0];
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
      parts.push({ segment, from, depth: size, at });
      [from, at, depth] = [from + size, at + size, depth + size];
    }
  });
  endStretch();
  return all;
}
