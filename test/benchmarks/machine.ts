import { cpus, release, totalmem, type } from 'node:os';

/** What the numbers were measured on. */
export const machine = (): string =>
  `${cpus().length} cores ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.versions.node}`;
