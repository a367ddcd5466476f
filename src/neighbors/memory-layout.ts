// The structures in memory that the neighbour kernels (assembly/) and their callers share: offsets in
// bytes. Plain numbers, since both languages read this file.

// A job, behind the head that every thread pool's has (src/engine/threads/job-layout.ts): every field four bytes, a pointer
// or an int32.
export const JOB_KIND = 256;
export const JOB_TABLE = 260; // pointer: float32 [rows, stride], zeros behind the columns
export const JOB_STRIDE = 264; // bytes of a row of the table
export const JOB_PAIRS = 268; // pairs of columns in a panel, a multiple of 2
export const JOB_PRODUCT = 272; // 1: the greatest dot product; 0: the least distance
export const JOB_K = 276;
export const JOB_QUERIES = 280; // pointer to a set
export const JOB_BASE = 284; // pointer to a set; the queries' own where all pairs of one set are meant
export const JOB_LISTS = 288; // pointer: int64 [queries, length], a heap each, the worst on top
export const JOB_LENGTH = 292;
export const JOB_THRESHOLDS = 296; // pointer: float32 [queries], the score of the worst in the list
export const JOB_LOCKS = 300; // pointer: int32 [blocks]
export const JOB_VALUES = 304; // pointer: float64 [queries, k], best first: squared distance or minus the product
export const JOB_NEIGHBORS = 308; // pointer: int32 [queries, k] rows of the table, -1 for none
export const JOB_CHECKED = 312; // pointer: int32 [queries], how many were computed exactly; negative: not proven
export const JOB_SCALE = 316; // pointer: one float64: units of the scores by units of the exact values
export const JOB_LEADER = 320; // row of the table
export const JOB_MEASURES = 324; // pointer: float64 [queries], of the rows to the leader
export const JOB_BYTES = 384;

export const KIND_PAIRS = 1; // scores of all pairs of rows of one set
export const KIND_SCORES = 2; // scores of queries with a base
export const KIND_CHECK = 3; // exact values of the listed
export const KIND_SCAN = 4; // exact values of all
export const KIND_MEASURE = 5; // exact values of one row with all

// A set of rows, quantised: pointers.
export const SET_COUNT = 0; // int32
export const SET_PANELS = 4; // int16 [count / 8, pairs, 8, 2]
export const SET_ROWS = 8; // int32 [count] rows of the table
export const SET_INVERSE = 12; // float32: what a quantised unit is worth
export const SET_NORM = 16; // float32 |y|
export const SET_ERROR = 20; // float32: how far the score with a row of norm 1 may be off
export const SET_BIAS = 24; // float32: what to take off the product to get a score
export const SET_OFFSET = 28; // float64: what makes a score of an exact value
export const SET_SLACK = 32; // float64: how far the exact score may be off
export const SET_BYTES = 64;

export const PANEL = 8; // rows of a panel
export const BLOCK = 256; // rows of a block of pairs
export const QUERY_BLOCK = 32; // queries of a task
export const ROW_BLOCK = 64; // rows of a task of exact values
export const SCRATCH_BYTES = 128; // of each thread
