// Ends its process after so much processor time. A thread also sees endless work, and processor time is the same on a
// busy machine.
import { workerData } from 'node:worker_threads';

const seconds = workerData as number;

setInterval(() => {
  if (process.cpuUsage().user > seconds * 1e6) process.kill(process.pid, 'SIGKILL');
}, 200);
