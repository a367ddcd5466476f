// What the product kernels and their callers know in common: sizes in bytes, numbers of commands, offsets of records.

export const FLOAT = 4;
export const VECTOR = 16;

/** A tile of C is held in registers while the inner loop runs. */
export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;

/** What a command does; its arguments follow as 32-bit integers, in the order of the kernel's parameters. */
export const COMMAND = { packRows4: 0, packRows8: 1, packColumns4: 2, packColumns8: 3, multiply: 4 } as const;
export const COMMAND_BYTES = 40;

/** A task of a team: the address of its first command, and the address behind its last. */
export const TASK_BYTES = 8;

/**
 * The record of a team of threads. What one thread writes while others look elsewhere has a cache line of its own.
 *
 * `arrived` counts helpers that have started, `helpers` those that the caller has admitted, at job number `admission`.
 */
export const TEAM = {
  sequence: 0,
  finished: 64,
  next: 128,
  arrived: 192,
  helpers: 256,
  admission: 260,
  tasks: 264,
  count: 268,
  bytes: 320,
} as const;

/** Each thread's own memory: a tile that sticks out of C, then the packed block of A. */
export const SCRATCH = { edge: 0, packed: TILE_ROWS * TILE_COLUMNS * FLOAT } as const;
