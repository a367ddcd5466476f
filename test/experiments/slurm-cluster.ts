import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const programs = { munged: '/usr/sbin/munged', slurmctld: '/usr/sbin/slurmctld', slurmd: '/usr/sbin/slurmd' };

const ASKED = 'TRIPLETLAB_TEST_SLURM';

/** Why there is no cluster here; undefined where there can be one. It takes six minutes, and so is made where asked for. */
export function whyNoCluster(): string | undefined {
  if (process.env[ASKED] === undefined) return `${ASKED} is not set`;
  if (process.getuid?.() !== 0) return 'starting Slurm takes root';
  const missing = Object.values(programs).find((program) => !existsSync(program));
  return missing && `${missing} is not installed; apt-get install slurm-wlm munge`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until something is so. @throws Error after so many seconds, with what `more` then says */
export async function until(what: string, isSo: () => boolean, seconds = 120, more?: () => string): Promise<void> {
  for (const start = Date.now(); !isSo(); await sleep(50))
    if (Date.now() - start > 1000 * seconds)
      throw new Error(`it did not come to ${what} in ${seconds} s${more === undefined ? '' : `:\n${more()}`}`);
}

/** A Slurm of one node, in a folder: munge, controller and node daemon, without systemd. */
export class SlurmCluster {
  /** What programs need in their environment to talk to it. */
  readonly env: NodeJS.ProcessEnv;
  readonly node = hostname().split('.')[0];

  private constructor(private readonly folder: string) {
    this.env = { SLURM_CONF: join(folder, 'slurm.conf') };
  }

  static async start(folder: string): Promise<SlurmCluster> {
    const cluster = new SlurmCluster(folder);
    for (const name of ['munge', 'state', 'spool']) mkdirSync(join(folder, name), { mode: 0o700, recursive: true });
    const munge = (name: string): string => join(folder, 'munge', name);
    writeFileSync(munge('key'), randomBytes(1024), { mode: 0o400 });
    writeFileSync(cluster.env['SLURM_CONF']!, await cluster.configuration());
    cluster.program(programs.munged, [
      '--force',
      `--key-file=${munge('key')}`,
      `--socket=${munge('socket')}`,
      `--pid-file=${munge('pid')}`,
      `--log-file=${munge('log')}`,
      `--seed-file=${munge('seed')}`,
    ]);
    await until('a socket of munge', () => existsSync(munge('socket')));
    cluster.startController();
    await until('an answer of the controller', () => cluster.answers());
    cluster.program(programs.slurmd, ['-f', cluster.env['SLURM_CONF']!]);
    await until('an idle node', () => cluster.nodeState() === 'idle');
    return cluster;
  }

  /** `cred_expire`: a requeued job waits for that of its old credential, else two minutes. */
  private async configuration(): Promise<string> {
    const at = (name: string): string => join(this.folder, name);
    return `ClusterName=test
SlurmctldHost=${this.node}(127.0.0.1)
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${at('munge/socket')},cred_expire=5
CredType=cred/munge
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0
ReturnToService=2
SlurmdTimeout=15
KillWait=5
MessageTimeout=10
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=${this.node} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
  }

  /** Runs one of Slurm's programs to its end. */
  program(name: string, args: readonly string[]): { status: number | null; stdout: string } {
    const { status, stdout } = spawnSync(name, args, { env: { ...process.env, ...this.env }, encoding: 'utf8' });
    return { status, stdout };
  }

  startController(): void {
    spawn(programs.slurmctld, ['-f', this.env['SLURM_CONF']!], {
      env: { ...process.env, ...this.env },
      stdio: 'ignore',
    });
  }

  killController(): void {
    process.kill(this.pid('slurmctld.pid')!, 'SIGKILL');
  }

  answers(): boolean {
    return this.program('scontrol', ['ping']).stdout.includes('UP');
  }

  nodeState(): string {
    return this.program('sinfo', ['--noheader', '--format=%T']).stdout.trim();
  }

  /** Tasks in the queue, or those of a state: `RUNNING`, `PENDING`. */
  tasks(state?: string): number {
    const states = state === undefined ? [] : [`--states=${state}`];
    const { stdout } = this.program('squeue', ['--noheader', '--array', '--format=%i', ...states]);
    return stdout.split('\n').filter(Boolean).length;
  }

  /** The queue, and the last that the controller said. */
  report(): string {
    const { stdout } = this.program('squeue', ['--array']);
    const log = readFileSync(join(this.folder, 'slurmctld.log'), 'utf8');
    return `${stdout}\n${log.split('\n').slice(-60).join('\n')}`;
  }

  private pid(file: string): number | undefined {
    const path = join(this.folder, file);
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined;
  }

  /** Ends all of it, its jobs first. */
  async stop(): Promise<void> {
    this.program('scancel', ['--me']);
    await until('an empty queue', () => this.tasks() === 0, 30).catch(() => undefined);
    for (const file of ['slurmd.pid', 'slurmctld.pid', 'munge/pid']) {
      const pid = this.pid(file);
      if (pid === undefined) continue;
      try {
        process.kill(pid, 'SIGTERM');
        await until('its end', () => !existsSync(`/proc/${pid}`), 15);
      } catch {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // it has ended
        }
      }
    }
  }
}
