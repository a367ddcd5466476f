/** The address of the caller's draws; pictures begin behind them. */
export const UNIFORMS: usize = 65536;
const FIRST: usize = UNIFORMS + 512;

let top: usize = FIRST;

/** Frees everything that was taken. */
export function reset(): void {
  top = FIRST;
}

/** Takes bytes for a picture or a table, and 64 spare ones behind, since whole vectors are read and written. */
export function take(bytes: usize): usize {
  const at = top;
  top += (bytes + 79) & ~15;
  const pages = <i32>((top + 65535) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
  return at;
}
