import { spawnSync } from 'node:child_process';
import { Child } from './child.js';

/** `$PYTHON`, then the first of the path, then the system's. */
const interpreters = [process.env['PYTHON'], 'python3', '/usr/bin/python3'].filter((name) => name !== undefined);

const found = new Map<string, string | undefined>();

/** The first interpreter that has the modules. */
export function pythonWith(modules: readonly string[]): string | undefined {
  const program = `import ${modules.join(', ')}`;
  const has = (name: string): boolean => spawnSync(name, ['-c', program], { stdio: 'ignore' }).status === 0;
  if (!found.has(program)) found.set(program, interpreters.find(has));
  return found.get(program);
}

/** A Python script of this folder that stands beside ours, warm from question to question; where it can't, a note says why. */
export class Rival {
  private child: Child | undefined;
  private absent: string | undefined;

  constructor(
    private readonly script: string,
    private readonly modules: readonly string[],
    private readonly notes: Set<string>,
    private readonly environment: NodeJS.ProcessEnv = process.env,
    private readonly signal?: AbortSignal,
  ) {}

  /** Its answer; undefined, and the reason in the notes, where it has none: want of memory, for example. */
  async ask<T extends object>(question: object, about = this.modules[0]): Promise<T | undefined> {
    this.start();
    try {
      if (this.absent !== undefined) throw new Error(this.absent);
      const result = await this.child!.ask<T & { program?: string }>(question);
      if (result.program !== undefined) this.notes.add(`beside ours: ${result.program}`);
      return result;
    } catch (error) {
      this.notes.add(`${about}: absent; ${(error as Error).message}`);
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.child?.close();
    this.child = undefined;
  }

  private start(): void {
    if (this.child !== undefined || this.absent !== undefined) return;
    const interpreter = pythonWith(this.modules);
    if (interpreter === undefined)
      this.absent = `no Python with ${this.modules.join(' and ')}: ${interpreters.join(' and ')} were tried`;
    else this.child = new Child(interpreter, [`test/benchmarks/${this.script}`], this.environment, this.signal);
  }
}
