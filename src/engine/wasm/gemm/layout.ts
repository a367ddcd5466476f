// What the product kernels (../assembly/gemm) and their callers share: sizes in bytes, numbers of commands, offsets of
// fields. Plain numbers, since TypeScript and AssemblyScript read this file.

export const FLOAT = 4;

/** A tile of C is held in registers while the inner loop runs. */
export const TILE_ROWS = 4;
export const TILE_COLUMNS = 8;

// What a command does; its arguments follow as 32-bit integers, in the order of the kernel's parameters.
export const COMMAND_PACK_ROWS_4 = 0;
export const COMMAND_PACK_ROWS_8 = 1;
export const COMMAND_PACK_COLUMNS_4 = 2;
export const COMMAND_PACK_COLUMNS_8 = 3;
export const COMMAND_MULTIPLY = 4;
export const COMMAND_BYTES = 40;

/** The size of a task: the address of its first command, and the address behind its last. */
export const TASK_BYTES = 8;

/** Offsets behind the head that all jobs of thread pools have: of the address of a product's tasks, and of calls or 0. */
export const JOB_TASK_TABLE = 256;
export const JOB_CALLS = 260;
export const JOB_BYTES = 320;

/** Each thread's own memory holds a tile that reaches beyond C, or constants; then the packed block of A. */
export const SCRATCH_PACKED = 128;
