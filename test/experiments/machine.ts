import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { until } from './holds.js';

const namespaces = ['--net', '--uts'];

/** The network that a process is on; undefined for one that has ended. */
function networkOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

function mustRun(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`);
}

/** Why there can be no further machines here; undefined where there can be. */
export function whyNoMachines(): string | undefined {
  const { status } = spawnSync('unshare', [...namespaces, 'ip', 'link', 'set', 'lo', 'up']);
  return status === 0 ? undefined : 'further machines take network namespaces and the program ip; apt-get install iproute2'; // prettier-ignore
}

/** This machine as all others see it: an address that is there as long as any of them, of a block for tests. */
export const HERE = '198.18.0.1';

/** Gives this machine the address, or takes it back. */
export const addressHere = (given: boolean): void => {
  mustRun('ip', ['address', given ? 'replace' : 'delete', `${HERE}/32`, 'dev', 'lo']);
};

/** A machine within this one: a network and a host name of its own, and the same files. */
export class Machine {
  readonly address: string;
  /** This machine's end of the line to it. */
  private readonly near: string;
  /** The name of this machine's end of the line. */
  private readonly link: string;

  private constructor(
    readonly name: string,
    number: number,
    private readonly holder: ChildProcess,
  ) {
    [this.near, this.address] = [1, 2].map((end) => `198.18.${number}.${end}`);
    this.link = `test${holder.pid}`;
  }

  /**
   * @param number from 1 on; its address follows from it
   * @param folder where it works, so that it ends with the cluster of that folder
   */
  static async start(name: string, number: number, folder: string): Promise<Machine> {
    const script = 'hostname "$0" && exec sleep infinity';
    const holder = spawn('unshare', [...namespaces, 'sh', '-c', script, name], { cwd: folder, stdio: 'ignore' });
    const machine = new Machine(name, number, holder);
    const apart = () => networkOf(holder.pid!) !== networkOf('self');
    await until(`machine ${name}`, () => apart() && machine.run('hostname', []) === name);
    machine.connect();
    return machine;
  }

  private connect(): void {
    const [near, far] = [this.link, 'eth0'];
    const ip = (...args: string[]): void => {
      mustRun('ip', args);
    };
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', String(this.holder.pid));
    ip('address', 'add', `${this.near}/30`, 'dev', near);
    ip('link', 'set', near, 'up');
    this.run('ip', ['address', 'add', `${this.address}/30`, 'dev', far]);
    for (const one of ['lo', far]) this.run('ip', ['link', 'set', one, 'up']);
    this.run('ip', ['route', 'add', 'default', 'via', this.near]);
  }

  /** Runs a program there to its end; what it printed. */
  run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
    const there = ['--target', String(this.holder.pid), ...namespaces, program, ...args];
    return spawnSync('nsenter', there, { env: { ...process.env, ...env }, encoding: 'utf8' }).stdout.trim();
  }

  /** Ends it as a loss of power does: nothing is heard from it again. */
  crash(): void {
    mustRun('ip', ['link', 'delete', this.link]);
    const own = networkOf(this.holder.pid!);
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      if (networkOf(pid) === own) process.kill(Number(pid), 'SIGKILL');
  }
}
