// The structures in memory that the neighbour kernels (assembly/) and their callers share: offsets in bytes. Plain
// numbers, since TypeScript and AssemblyScript read this file.

// A job, behind the head that all jobs of thread pools have (src/engine/threads/job-layout.ts). Every field has four
// bytes: a pointer or an int32.
export const JOB_KIND = 256;
export const JOB_TABLE = 260; // pointer: float32 [rows, stride], zeros behind the columns
export const JOB_STRIDE = 264; // bytes of a row of the table
export const JOB_PAIRS = 268; // pairs of columns in a panel, a multiple of 2
export const JOB_PRODUCT = 272; // 1: the greatest dot product; 0: the least distance
export const JOB_K = 276;
export const JOB_QUERIES = 280; // pointer to a set
export const JOB_BASE = 284; // pointer to a set; that of the queries for all pairs of one set
export const JOB_LISTS = 288; // pointer: int64 [queries, length], for each a heap with the worst on top
export const JOB_LENGTH = 292;
export const JOB_THRESHOLDS = 296; // pointer: float32 [queries], the score of the worst in the list
export const JOB_LOCKS = 300; // pointer: int32 [blocks]
export const JOB_VALUES = 304; // pointer: float64 [queries, k], best first: squared distance or minus the product
export const JOB_NEIGHBORS = 308; // pointer: int32 [queries, k] rows of the table, -1 for none
export const JOB_CHECKED = 312; // pointer: int32 [queries], number computed exactly; negative: not proven
export const JOB_FRAME = 316; // pointer
export const JOB_LEADER = 320; // row of the table
export const JOB_MEASURES = 324; // pointer: float64 [queries], values of the rows with the leader
export const JOB_NARROW = 328; // 1: rows are quantised to int7 and int8; 0: to int16
export const JOB_SURE = 332; // 1: no neighbour is below the first thresholds
export const JOB_BYTES = 384;

export const KIND_PAIRS = 1; // scores of all pairs of rows of one set
export const KIND_SCORES = 2; // scores of queries with a base
export const KIND_CHECK = 3; // exact values of the listed candidates
export const KIND_SCAN = 4; // exact values of all rows
export const KIND_MEASURE = 5; // exact values of one row with all rows
export const KIND_QUANTIZE = 6; // quantises the queries

// The centre from which rows are measured, and the unit: float64.
export const FRAME_UNIT = 0; // the power of two that brings the longest row to a norm in [1/2, 1]
export const FRAME_LONGEST = 8; // the norm of the longest row, in the rows' own unit
export const FRAME_CENTER_SQUARED = 16; // |centre|^2
export const FRAME_CENTER = 32; // [columns], zeros behind them

// A set of rows, quantised: pointers. The first three are of rows as queries; those of rows as the base lie SET_BASE
// behind, and are the same for int16.
export const SET_PANELS = 0; // int16 [count / 8, pairs, 8, 2]; or [count / 8, pairs / 2, 8, 4], int7 + 64, and int8 for the base
export const SET_INVERSE = 4; // float32: the size of a quantised unit u
export const SET_ERROR = 8; // float32 |y - u q|, what quantising changed
export const SET_BASE = 12;
export const SET_COUNT = 24; // int32
export const SET_ROWS = 28; // int32 [count] rows of the table
export const SET_NORM = 32; // float32 |y|
export const SET_BIAS = 36; // float32: subtracted from the product to get a score
export const SET_OFFSET = 40; // float64: offset that turns an exact value into a score
export const SET_SLACK = 44; // float64: the largest error of the exact score
export const SET_BYTES = 64;

export const INT7_OFFSET = 64;
export const LEAST = 1e-30; // a score above the denormal numbers of float32
export const PANEL = 8; // rows of a panel
export const BLOCK = 256; // rows of a block, of which pairs are computed
export const QUERY_BLOCK = 32; // queries of a task
export const ROW_BLOCK = 64; // rows of a task of exact values
export const CHUNK = 64; // columns whose products of int7 and int8 are summed in int16
export const TILE_BYTES = 128; // of the products of a tile, int32 [4, 8]
