// The head of a thread pool's job in shared memory, as offsets in bytes. The job's own fields follow behind it. Plain
// numbers, since TypeScript and AssemblyScript read this file. Fields that change while a job runs have cache lines of
// their own.

export const JOB_SEQUENCE = 0; // odd while a job is open; helpers sleep on it
export const JOB_ACTIVE = 64; // helpers inside the job; the caller sleeps on it
export const JOB_NEXT = 128; // the next task that no thread has taken
export const JOB_TASKS = 192; // how many tasks there are
export const JOB_HELPERS = 196; // helpers that have started
export const JOB_CLOSED = 200; // 1 if helpers are to end
export const JOB_HEAD_BYTES = 256;
