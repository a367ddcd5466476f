import * as layout from '../../gemm/layout';
import { multiply } from './multiply';
import { packColumns4, packColumns8, packRows4, packRows8 } from './packing';

// @ts-ignore: decorator
@inline
function argument(command: usize, i: i32): i32 {
  return load<i32>(command + <usize>(4 + 4 * i));
}

/** Carries out the commands from `first` up to `behind`; A is packed into the thread's own scratch memory. */
export function perform(first: usize, behind: usize, scratch: usize): void {
  const packed = scratch + layout.SCRATCH_PACKED;
  for (let c = first; c < behind; c += layout.COMMAND_BYTES) {
    const table = <usize>argument(c, 0), offset = <usize>argument(c, 1), count = argument(c, 2), size = argument(c, 3);
    const target = <usize>argument(c, 4), panel = <usize>argument(c, 5);
    const kind = load<i32>(c);
    if (kind == layout.COMMAND_PACK_ROWS_4) packRows4(table, offset, count, size, target + packed, panel);
    else if (kind == layout.COMMAND_PACK_ROWS_8) packRows8(table, offset, count, size, target, panel);
    else if (kind == layout.COMMAND_PACK_COLUMNS_4) packColumns4(table, offset, count, size, target + packed, panel);
    else if (kind == layout.COMMAND_PACK_COLUMNS_8) packColumns8(table, offset, count, size, target, panel);
    else multiply(packed, table, offset, count, size, argument(c, 4), <usize>argument(c, 5), <usize>argument(c, 6), argument(c, 7), argument(c, 8), scratch); // prettier-ignore
  }
}
