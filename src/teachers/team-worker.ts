// A helper thread of `Team`: job after job until told to stop.
import { parentPort, workerData } from 'node:worker_threads';
import * as layout from './memory-layout.js';
import { SPINS, type TeamWorkerData } from './team-data.js';

const { module, memory, team } = workerData as TeamWorkerData;
const { share } = new WebAssembly.Instance(module, { env: { memory } }).exports as {
  share: (team: number, kind: number) => void;
};
const job = new Int32Array(memory.buffer, team, 4);
const [sequence, finished, kind] = [layout.JOB_SEQUENCE / 4, layout.JOB_FINISHED / 4, layout.JOB_KIND / 4];

parentPort!.postMessage('ready');
for (let seen = 0; ;) {
  for (let spin = 0; Atomics.load(job, sequence) === seen;) if (++spin > SPINS) Atomics.wait(job, sequence, seen);
  seen = Atomics.load(job, sequence);
  if (job[kind] === layout.KIND_STOP) break;
  share(team, job[kind]);
  Atomics.add(job, finished, 1);
  Atomics.notify(job, finished);
}
