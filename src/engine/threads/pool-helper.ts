// A helper thread of `ThreadPool`: it takes part in each job that it finds open and sleeps between jobs. After it has
// counted itself as active it checks once more that the job is open: the thread that closes a job then either waits for
// it or has kept it out.
import { workerData } from 'node:worker_threads';
import * as layout from './job-layout.js';
import { headOf, poolKernels, waitWhile, type HelperData } from './pool-kernels.js';

const { module, memory, job, scratch } = workerData as HelperData;
const kernels = poolKernels(module, memory);
const head = headOf(memory, job);
const [sequence, active, closed] = [layout.JOB_SEQUENCE / 4, layout.JOB_ACTIVE / 4, layout.JOB_CLOSED / 4];

Atomics.add(head, layout.JOB_HELPERS / 4, 1);
for (let seen = 0; ;) {
  waitWhile(head, layout.JOB_SEQUENCE, seen);
  if (Atomics.load(head, closed) === 1) break;
  seen = Atomics.load(head, sequence);
  if ((seen & 1) === 0) continue;
  Atomics.add(head, active, 1);
  if (Atomics.load(head, sequence) === seen) kernels.share(job, scratch);
  if (Atomics.sub(head, active, 1) === 1) Atomics.notify(head, active);
}
