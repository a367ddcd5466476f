// A helper thread of `NeighborTeam`: takes part in each job that it finds open, sleeps between jobs. It looks again
// whether the job is open after it has said that it is inside: who closes a job then either sees it inside or keeps it out.
import { workerData } from 'node:worker_threads';
import * as layout from './memory-layout.js';

const { module, memory, job, scratch } = workerData as {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  job: number;
  scratch: number;
};
const { share } = new WebAssembly.Instance(module, { env: { memory } }).exports as {
  share: (job: number, scratch: number) => void;
};
const record = new Int32Array(memory.buffer, job, layout.JOB_BYTES / 4);
const [open, active, kind] = [layout.JOB_OPEN / 4, layout.JOB_ACTIVE / 4, layout.JOB_KIND / 4];

for (;;) {
  Atomics.wait(record, open, 0);
  Atomics.add(record, active, 1);
  const inside = Atomics.load(record, open) === 1;
  const stop = inside && record[kind] === layout.KIND_STOP;
  if (inside && !stop) share(job, scratch);
  Atomics.sub(record, active, 1);
  Atomics.notify(record, active);
  if (stop) break;
}
