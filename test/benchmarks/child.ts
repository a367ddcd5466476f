import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a child process says to a question. */
type Reply = { readonly result: unknown } | { readonly error: string };

/** A process that answers questions, one JSON line each: warm from one to the next, its memory its own. */
export class Child {
  private readonly process: ChildProcess;
  private waiting: ((reply: Reply) => void) | undefined;
  private ended: string | undefined;
  private complaints = '';

  /** @param signal ends it at once, whatever it does */
  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, signal?: AbortSignal) {
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env, ...endedBy(signal) });
    this.process.stderr!.on(
      'data',
      (text: Buffer) => (this.complaints = (this.complaints + text.toString()).slice(-4096)),
    );
    this.process.stdin!.on('error', () => undefined); // its end says more
    createInterface({ input: this.process.stdout! }).on('line', (line) => {
      if (/^\{"(result|error)"/.test(line)) this.reply(JSON.parse(line) as Reply);
    });
    this.process.once('error', ({ message }) => {
      this.end(signal?.aborted ? 'its time was over' : message);
    });
    this.process.once('close', (code, signal) => {
      this.end(this.complaints.trim().split('\n').at(-1) || `it ended by ${signal ?? String(code)}`);
    });
  }

  /** @throws Error with the child's reason */
  async ask<T>(question: unknown): Promise<T> {
    const reply = await new Promise<Reply>((resolve) => {
      if (this.ended !== undefined) {
        resolve({ error: this.ended });
        return;
      }
      this.waiting = resolve;
      this.process.stdin!.write(`${JSON.stringify(question)}\n`);
    });
    if ('error' in reply) throw new Error(reply.error);
    return reply.result as T;
  }

  /** Ends the process and waits for it; not for one whose time was over, since a driver may keep it from ending. */
  async close(): Promise<void> {
    if (this.ended !== undefined) return;
    const closed = new Promise((resolve) => this.process.once('close', resolve));
    this.process.stdin!.end();
    await closed;
  }

  private reply(reply: Reply): void {
    this.waiting?.(reply);
    this.waiting = undefined;
  }

  private end(reason: string): void {
    this.ended ??= reason;
    this.reply({ error: reason });
  }
}

/** Options with which a signal kills a process: one that waits for a GPU does not react to less. */
export const endedBy = (signal: AbortSignal | undefined): { signal?: AbortSignal; killSignal?: 'SIGKILL' } =>
  signal === undefined ? {} : { signal, killSignal: 'SIGKILL' };

/** A script of this folder as a child: as it stands here, or where the tests are built, as JavaScript. */
export function ourChild(script: string, environment: NodeJS.ProcessEnv = {}, signal?: AbortSignal): Child {
  const isBuilt = import.meta.url.endsWith('.js');
  const file = fileURLToPath(new URL(isBuilt ? script.replace(/\.ts$/, '.js') : script, import.meta.url));
  const translator = isBuilt ? [] : ['--import', 'tsx'];
  return new Child(process.execPath, [...translator, file, 'answer'], { ...process.env, ...environment }, signal);
}

/** In a child: answers questions until there are no more. */
export async function answer<Q>(handle: (question: Q) => unknown): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    let reply: Reply;
    try {
      reply = { result: (await handle(JSON.parse(line) as Q)) ?? null };
    } catch (error) {
      reply = { error: error instanceof Error ? error.message.split('\n')[0] : String(error) };
    }
    process.stdout.write(`${JSON.stringify(reply)}\n`);
  }
  process.exit();
}
