import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from './holds.js';
import { addressHere, HERE, Machine } from './machine.js';

const programs = { munged: '/usr/sbin/munged', slurmctld: '/usr/sbin/slurmctld', slurmd: '/usr/sbin/slurmd' };

/** Why there is no cluster here; undefined where there can be one. */
export function whyNoCluster(): string | undefined {
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

/** A variable of a process's environment. */
function variable(pid: number, name: string): string | undefined {
  const all = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return all.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
}

interface ClusterOptions {
  /** Names of machines to be made for its nodes (default: its only node is this machine). */
  readonly machines?: readonly string[];
}

/** A Slurm in a folder: munge, controller and node daemons, without systemd. */
export class SlurmCluster {
  /** What programs need in their environment to talk to it. */
  readonly env: NodeJS.ProcessEnv;
  /** This machine: the controller, and the only node where no machines were made for several. */
  readonly node = hostname().split('.')[0];
  private machines: readonly Machine[] = [];
  /** Ends all of it when this process does, however it does. */
  private readonly end: ChildProcess;

  private constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.env = { SLURM_CONF: this.at('slurm.conf') };
    this.end = spawn(process.execPath, [resolve('test/experiments/end-cluster.mjs'), folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  }

  private readonly at = (name: string): string => join(this.folder, name);

  static async start(folder: string, { machines = [] }: ClusterOptions = {}): Promise<SlurmCluster> {
    const cluster = new SlurmCluster(folder);
    try {
      cluster.machines = await Promise.all(machines.map((name, i) => Machine.start(name, i + 1, folder)));
      if (machines.length > 0) addressHere(true);
      await cluster.begin();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  private async begin(): Promise<void> {
    for (const name of ['munge', 'state', 'spool']) mkdirSync(this.at(name), { mode: 0o700, recursive: true });
    writeFileSync(this.at('munge/key'), randomBytes(1024), { mode: 0o400 });
    writeFileSync(this.at('slurm.conf'), await this.configuration());
    this.program(programs.munged, [
      '--force',
      `--key-file=${this.at('munge/key')}`,
      `--socket=${this.at('munge/socket')}`,
      `--pid-file=${this.at('munge/pid')}`,
      `--log-file=${this.at('munge/log')}`,
      `--seed-file=${this.at('munge/seed')}`,
    ]);
    await until('a socket of munge', () => existsSync(this.at('munge/socket')));
    await this.startController();
    if (this.machines.length === 0) this.startNode();
    for (const machine of this.machines) machine.run(programs.slurmd, ['-f', this.env['SLURM_CONF']!]);
    await until(
      'idle nodes',
      () => this.nodeState() === 'idle',
      () => this.report(),
    );
  }

  private nodes(): string {
    const here = { name: this.node, address: '127.0.0.1', cpus: 2 };
    const all = this.machines.length === 0 ? [here] : this.machines.map((machine) => ({ ...machine, cpus: 1 }));
    return all
      .map(({ name, address, cpus }) => `NodeName=${name} NodeAddr=${address} CPUs=${cpus} RealMemory=1000\n`)
      .join('');
  }

  /**
   * `cred_expire`: a requeued job waits for that of its old credential; one that expires before it is used, on a loaded
   * machine, is refused. `SlurmdTimeout`, `KillWait`: nothing here is to be given up for slowness; a
   * lost machine among several is, after a minute.
   */
  private async configuration(): Promise<string> {
    const several = this.machines.length > 0 ? '.%n' : '';
    return `ClusterName=test
SlurmctldHost=${this.node}(${several ? HERE : '127.0.0.1'})
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${this.at('munge/socket')},cred_expire=30
CredType=cred/munge
StateSaveLocation=${this.at('state')}
SlurmdSpoolDir=${this.at('spool')}${several}
SlurmctldPidFile=${this.at('slurmctld.pid')}
SlurmdPidFile=${this.at('slurmd.pid')}${several}
SlurmctldLogFile=${this.at('slurmctld.log')}
SlurmdLogFile=${this.at('slurmd.log')}${several}
SlurmctldDebug=verbose
SlurmdDebug=verbose
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0
ReturnToService=2
SlurmdTimeout=${several ? 60 : 600}
KillWait=600
MessageTimeout=15
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
${this.nodes()}PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
  }

  /** Runs one of Slurm's programs to its end. */
  program(name: string, args: readonly string[]): { status: number | null; stdout: string } {
    const { status, stdout } = spawnSync(name, args, { env: { ...process.env, ...this.env }, encoding: 'utf8' });
    return { status, stdout };
  }

  /** Tells the controller to change something: `update('NodeName=n1', 'State=DRAIN')`. @throws Error where it will not */
  update(...what: string[]): void {
    const { status } = this.program('scontrol', ['update', ...what]);
    if (status !== 0) throw new Error(`scontrol update ${what.join(' ')} failed`);
  }

  async startController(): Promise<void> {
    this.program(programs.slurmctld, ['-f', this.env['SLURM_CONF']!]);
    await until(
      'an answer of the controller',
      () => this.program('scontrol', ['ping']).stdout.includes('UP'),
      () => this.report(),
    );
  }

  /** Kills it once it has written all that happened so far: what it knew for less than five seconds, it forgets. */
  async killController(task: string): Promise<void> {
    const now = Date.now();
    this.update(`JobId=${task}`, 'Comment=seen'); // a change, so that it writes
    await until(
      'a state that is written',
      () => (statSync(this.at('state/job_state'), { throwIfNoEntry: false })?.mtimeMs ?? 0) > now,
    );
    process.kill(this.pid('slurmctld.pid'), 'SIGKILL');
  }

  /** @param rebooted says that the node was, not the daemon alone */
  startNode({ rebooted = false } = {}): void {
    this.program(programs.slurmd, ['-f', this.env['SLURM_CONF']!, ...(rebooted ? ['-b'] : [])]);
  }

  /** Kills its daemon alone. */
  killNode(): void {
    process.kill(this.pid('slurmd.pid'), 'SIGKILL');
  }

  /** Kills its daemon and tasks with what watches them, and starts it as one that was rebooted. */
  async crashNode(tasks: readonly number[]): Promise<void> {
    // a younger task that is missing may not have arrived there yet, thinks the controller
    await until('tasks of half a minute', () => tasks.every((pid) => this.age(this.taskOf(pid)) > 30));
    const watchers = tasks.map((pid) => Number(this.program('ps', ['-o', 'ppid=', String(pid)]).stdout));
    this.killNode();
    for (const pid of [...watchers, ...tasks]) process.kill(pid, 'SIGKILL');
    this.startNode({ rebooted: true });
  }

  /** The machine on which Slurm runs a process. */
  machineOf(pid: number): Machine {
    return this.machines.find(({ name }) => name === variable(pid, 'SLURMD_NODENAME'))!;
  }

  /** The task whose process it is: `4_1`. */
  taskOf(pid: number): string {
    return `${variable(pid, 'SLURM_ARRAY_JOB_ID')}_${variable(pid, 'SLURM_ARRAY_TASK_ID')}`;
  }

  /** Has the task whose process it is got a signal from Slurm? */
  sent(signal: number, pid: number): boolean {
    const line = new RegExp(`\\[${variable(pid, 'SLURM_JOB_ID')}\\.batch\\].*signal ${signal} to`, 'i');
    return line.test(readFileSync(this.at('slurmd.log'), 'utf8'));
  }

  /** Seconds that a task has run. */
  private age(task: string): number {
    const { stdout } = this.program('squeue', ['--noheader', '--format=%M', `--jobs=${task}`]);
    return stdout
      .trim()
      .split(/[-:]/)
      .reduce((sum, part) => 60 * sum + Number(part), 0);
  }

  /** Gives a task a time limit, four to five minutes from now. */
  limit(task: string): void {
    this.update(`JobId=${task}`, `TimeLimit=${Math.floor(this.age(task) / 60) + 5}`);
  }

  nodeState(): string {
    return this.program('sinfo', ['--noheader', '--format=%T']).stdout.trim();
  }

  /** Tasks in the queue, `1_0`, or those of a state: `RUNNING`, `PENDING`. */
  tasks(state?: string): string[] {
    const states = state === undefined ? [] : [`--states=${state}`];
    const { stdout } = this.program('squeue', ['--noheader', '--array', '--format=%F_%K', ...states]);
    return stdout.split('\n').filter(Boolean).sort();
  }

  /** The queue, and the last that the daemons said. */
  report(): string {
    const logs = ['slurmctld.log', 'slurmd.log'].map(this.at).filter(existsSync);
    const last = logs.flatMap((log) => readFileSync(log, 'utf8').split('\n').slice(-40));
    return [this.program('squeue', ['--array']).stdout, ...last].join('\n');
  }

  private pid(file: string): number {
    return Number(readFileSync(this.at(file), 'utf8'));
  }

  /** Ends all of it, tasks too. */
  async stop(): Promise<void> {
    if (this.end.exitCode !== null) return;
    this.end.stdin!.end();
    await once(this.end, 'close');
    if (this.machines.length > 0) addressHere(false);
  }
}
