// The structures in memory that the fused kernels (../assembly, compiled from AssemblyScript) and their callers share:
// offsets in bytes. Plain numbers, since both languages read this file.

// A team of threads computing one job at a time.
export const JOB_SEQUENCE = 0; // counts jobs; waiting threads sleep on it
export const JOB_FINISHED = 4; // helper threads that are through with the job
export const JOB_NEXT = 8; // next teacher nobody has taken
export const JOB_KIND = 12;
export const JOB_TRIPLETS = 16; // pointer: int32 [count, 3] rows
export const JOB_COUNT = 20;
export const JOB_TEACHERS = 24; // pointer: the first teacher
export const JOB_NUM_TEACHERS = 28;
export const JOB_LEARNING_RATE = 36; // f32, bias corrected
export const JOB_SECOND_CORRECTION = 40; // f32, 1 / sqrt(1 - beta2^step)

export const KIND_TRAIN = 1;
export const KIND_VALIDATE = 2;
export const KIND_NORMALIZE = 3;
export const KIND_STOP = 4;

// What all teachers of a team share.
export const SETTING_ROWS = 48;
export const SETTING_STRIDE = 52; // floats per row, a multiple of 8
export const SETTING_LOSS = 56;
export const SETTING_DIRECTED = 60;
export const SETTING_PARAMETERS = 64; // f32 x 4
export const SETTING_BETA1 = 80; // f32
export const SETTING_BETA2 = 84;
export const SETTING_EPSILON = 88;
export const SETTING_COUPLED_DECAY = 92; // added to the gradient (Adam)
export const SETTING_DECOUPLED_DECAY = 96; // learning rate x decay (AdamW)
export const SETTING_L1 = 100; // weight of the trained l1 penalty
export const SETTING_GRAM = 104; // 1: similarities of all pairs of rows first
export const SETTING_FREE = 108; // 1: rows of weights are the embeddings (Ordinal)
export const TEAM_BYTES = 128;

// One teacher: pointers to float32 [rows, stride] tables, then results.
export const TEACHER_WEIGHT = 0;
export const TEACHER_EMBEDDING = 4; // rows of relu(weight), L2-normalised; of weight where free
export const TEACHER_GRADIENT = 8; // of the loss by embedding
export const TEACHER_FIRST = 12; // Adam's first moment
export const TEACHER_SECOND = 16;
export const TEACHER_INVERSE = 20; // [rows] 1 / norm, as applied
export const TEACHER_SQUARED = 24; // [rows] squared norm of the embedding
export const TEACHER_SIMILARITY = 28; // [rows, rows] in gram mode
export const TEACHER_COEFFICIENT = 32; // [rows, rows] in gram mode
export const TEACHER_PULL = 36; // [rows] sum of the coefficients of the row's pairs, where free
export const TEACHER_LOSS = 40; // f64, sum over the triplets
export const TEACHER_CORRECT = 48; // f64, correct triplets
export const TEACHER_L1 = 56; // f64, sum of |weight| after the last update
export const TEACHER_BYTES = 64;
