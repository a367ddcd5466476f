// The structures in memory that the fused kernels (../assembly, compiled from AssemblyScript) and their callers share:
// offsets in bytes. Plain numbers, since both languages read this file.

// A job, behind the head that all jobs of thread pools have (src/engine/threads/job-layout.ts).
export const JOB_KIND = 256;
export const JOB_TRIPLETS = 260; // pointer: int32 [count, 3] rows
export const JOB_COUNT = 264;
export const JOB_TEACHERS = 268; // pointer: the first teacher
export const JOB_LEARNING_RATE = 272; // f32, corrected for the bias of the first moment
export const JOB_SECOND_CORRECTION = 276; // f32, 1 / sqrt(1 - beta2^step)

export const KIND_TRAIN = 1;
export const KIND_VALIDATE = 2;
export const KIND_NORMALIZE = 3;

// The settings that all teachers share, also in the job.
export const SETTING_ROWS = 288;
export const SETTING_STRIDE = 292; // floats per row, a multiple of 8
export const SETTING_LOSS = 296;
export const SETTING_DIRECTED = 300;
export const SETTING_PARAMETERS = 304; // f32 x 4
export const SETTING_BETA1 = 320; // f32
export const SETTING_BETA2 = 324;
export const SETTING_EPSILON = 328;
export const SETTING_COUPLED_DECAY = 332; // added to the gradient (Adam)
export const SETTING_DECOUPLED_DECAY = 336; // learning rate x decay (AdamW)
export const SETTING_L1 = 340; // weight of the l1 penalty, if it has a gradient
export const SETTING_GRAM = 344; // 1: compute the similarities of all pairs of rows first
export const SETTING_FREE = 348; // 1: the rows of weights are the embeddings (Ordinal)
export const JOB_BYTES = 384;

// One teacher: pointers to float32 [rows, stride] tables, then results.
export const TEACHER_WEIGHT = 0;
export const TEACHER_EMBEDDING = 4; // rows of relu(weight), L2-normalised; if free, of weight
export const TEACHER_GRADIENT = 8; // of the loss with respect to the embedding
export const TEACHER_FIRST = 12; // Adam's first moment
export const TEACHER_SECOND = 16;
export const TEACHER_INVERSE = 20; // [rows] 1 / norm, as used for the embedding
export const TEACHER_SQUARED = 24; // [rows] squared norm of the embedding
export const TEACHER_SIMILARITY = 28; // [rows, rows] in gram mode
export const TEACHER_COEFFICIENT = 32; // [rows, rows] in gram mode
export const TEACHER_PULL = 36; // [rows] sum of the coefficients of the row's pairs, if free
export const TEACHER_LOSS = 40; // f64, sum over the triplets
export const TEACHER_CORRECT = 48; // f64, correct triplets
export const TEACHER_L1 = 56; // f64, sum of |weight| after the last update
export const TEACHER_BYTES = 64;
