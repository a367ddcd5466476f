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
export const JOB_SCALE = 316; // pointer: one float64 that turns exact values into units of the scores
export const JOB_LEADER = 320; // row of the table
export const JOB_MEASURES = 324; // pointer: float64 [queries], values of the rows with the leader
export const JOB_BYTES = 384;

export const KIND_PAIRS = 1; // scores of all pairs of rows of one set
export const KIND_SCORES = 2; // scores of queries with a base
export const KIND_CHECK = 3; // exact values of the listed candidates
export const KIND_SCAN = 4; // exact values of all rows
export const KIND_MEASURE = 5; // exact values of one row with all rows

// A set of rows, quantised: pointers.
export const SET_COUNT = 0; // int32
export const SET_PANELS = 4; // int16 [count / 8, pairs, 8, 2]
export const SET_ROWS = 8; // int32 [count] rows of the table
export const SET_INVERSE = 12; // float32: the size of a quantised unit
export const SET_NORM = 16; // float32 |y|
export const SET_ERROR = 20; // float32: the largest error of the score with a row of norm 1
export const SET_BIAS = 24; // float32: subtracted from the product to get a score
export const SET_OFFSET = 28; // float64: offset that turns an exact value into a score
export const SET_SLACK = 32; // float64: the largest error of the exact score
export const SET_BYTES = 64;

export const PANEL = 8; // rows of a panel
export const BLOCK = 256; // rows of a block, of which pairs are computed
export const QUERY_BLOCK = 32; // queries of a task
export const ROW_BLOCK = 64; // rows of a task of exact values
export const SCRATCH_BYTES = 128; // of each thread
