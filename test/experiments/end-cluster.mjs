/**
 * `node end-cluster.mjs FOLDER`: when its input ends, and so too when the process at the other end was killed, it kills
 * all that belong to the folder: whose SLURM_CONF lies there, who work there or have a file open there.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = `${process.argv[2]}/`;

/** What a read finds, unless the process has just ended. */
function found(read, otherwise) {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function belongs(pid) {
  const at = `/proc/${pid}`;
  const variables = found(() => readFileSync(`${at}/environ`, 'utf8'), '').split('\0');
  const links = [`${at}/cwd`, ...found(() => readdirSync(`${at}/fd`), []).map((fd) => `${at}/fd/${fd}`)];
  return (
    variables.some((variable) => variable.startsWith(`SLURM_CONF=${folder}`)) ||
    links.some((link) => `${found(() => readlinkSync(link), '')}/`.startsWith(folder))
  );
}

/** A zombie has neither environment nor files, and so is none. */
const members = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && belongs(name));

await process.stdin.resume().toArray();
for (let all = members(); all.length > 0; all = members()) {
  for (const pid of all) found(() => process.kill(Number(pid), 'SIGKILL'));
  await sleep(50);
}
