import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OutOfMemory, type Engine } from '../../engine/index.js';
import { UsageError } from '../../errors.js';
import { launcher } from '../../assets.js';
import { ExchangeFile, exchangeFolder, type Values } from './exchange-file.js';
import type { Message, Reply, Request } from './protocol.js';

/** Characters that are kept of a process's last output, for the error. */
const LAST_WORDS = 2000;
const PATIENCE = 2000; // ms, for a process to end by itself

/** A process with a replica, as the training process sees it. */
export class ReplicaProcess {
  private readonly child: ChildProcess;
  private readonly folder = mkdtempSync(join(exchangeFolder(), 'tripletlab-'));
  private readonly outbox = new ExchangeFile(join(this.folder, 'requests'));
  private readonly inbox = new ExchangeFile(join(this.folder, 'answers'));
  private words = '';
  private pending: { resolve: (arrays: Float32Array[]) => void; reject: (error: Error) => void } | undefined;
  private ended: string | undefined;
  private forgotten = false;

  /**
   * @param name names the process in errors: `process 1 of 2`
   * @param environment variables that differ from this process's: its GPU, its number of threads
   */
  constructor(
    private readonly name: string,
    private readonly engine: Engine,
    environment: Readonly<Record<string, string>>,
  ) {
    const files = ['requests', 'answers'].map((file) => join(this.folder, file));
    this.child = spawn(process.execPath, [launcher(), 'replica', ...files], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...environment },
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-LAST_WORDS);
    });
    this.child.on('message', (reply: Reply) => {
      this.take(reply);
    });
    this.child.on('error', (error) => {
      this.end(error.message);
    });
    this.child.on('exit', (code, signal) => {
      this.end(signal === null ? `exit code ${code}` : signal);
    });
  }

  /** Sends a request and returns the answer. @throws OutOfMemory, or UsageError where the process has ended */
  async ask(request: Request, arrays: readonly Values[] = []): Promise<Float32Array[]> {
    if (this.ended !== undefined) throw this.lost();
    const slots = this.outbox.write(arrays);
    const answer = await new Promise<Float32Array[]>((resolve, reject) => {
      this.pending = { resolve, reject };
      // if it cannot be sent, the end of the process tells why
      this.child.send({ request, slots } satisfies Message, () => undefined);
    });
    // both sides have the files open: however they end now, nothing is left behind
    if (request.kind === 'start') rmSync(this.folder, { recursive: true, force: true });
    return answer;
  }

  /** Makes the request under way fail soon. Its answer must still be awaited. */
  drop(): void {
    if (this.pending !== undefined) this.child.send({ drop: true } satisfies Message, () => undefined);
  }

  async stop(): Promise<void> {
    this.forget();
    if (this.ended !== undefined) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE);
    await gone;
    clearTimeout(timer);
  }

  private forget(): void {
    if (this.forgotten) return;
    this.forgotten = true;
    rmSync(this.folder, { recursive: true, force: true });
    for (const box of [this.inbox, this.outbox]) box.close();
  }

  private take(reply: Reply): void {
    const { pending } = this;
    this.pending = undefined;
    if (reply.kind === 'done') pending?.resolve(this.inbox.read(reply.slots) as Float32Array[]);
    else if (reply.outOfMemory !== undefined) pending?.reject(new OutOfMemory(this.engine.name, reply.outOfMemory));
    else if (reply.usage) pending?.reject(new UsageError(reply.message));
    else pending?.reject(new Error(`${this.name}: ${reply.message}`));
  }

  private end(reason: string): void {
    this.ended ??= reason;
    this.pending?.reject(this.lost());
    this.pending = undefined;
  }

  private lost(): UsageError {
    const last = this.words.trim().split('\n').at(-1);
    return new UsageError(
      `${this.name} ended (${this.ended}${last ? `: ${last}` : ''}), maybe because no memory was left; lower num_processes or ` +
        'optimization.micro_batch_size and run the same command again: it goes on from the last checkpoint',
    );
  }
}
