import { findTable } from './src/experiments/tables/index.js';
import { findProfile } from './src/experiments/profiles/index.js';
import { resolveTable } from './src/experiments/jobs/resolve-table.js';
import { runTable } from './src/experiments/run-table.js';
const r = resolveTable(findTable(process.argv[2]), findProfile(process.argv[3]), process.argv[4]);
const t0=performance.now();
const rep = await runTable(r, { log: (l) => console.error(l), onEnd: (j, f) => console.error(Math.round(performance.now()-t0), j.key, j.label, f ?? 'ok'), processes: Number(process.argv[5] ?? 1) });
console.log(rep.done, rep.all, [...rep.failed.values()].slice(0,5), rep.missing.size);
