import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const preload = (name: string): string => `--import=${pathToFileURL(resolve(`test/experiments/${name}.mjs`)).href}`;

/** More than a loaded machine takes for anything here, in seconds. */
const PATIENCE = 600;

/** Waits until something is so. @throws Error where it does not come to that, with what `more` then says */
export async function until(what: string, isSo: () => boolean, more?: () => string): Promise<void> {
  for (const start = Date.now(); !isSo(); await sleep(50))
    if (Date.now() - start > 1000 * PATIENCE)
      throw new Error(`it did not come to ${what}${more === undefined ? '' : `:\n${more()}`}`);
}

/** Stops processes at exact moments (see hold.mjs), so that who is killed or warned, and when, is no race. */
export class Holds {
  /** For the processes that may be held. */
  readonly env: NodeJS.ProcessEnv;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.env = { NODE_OPTIONS: preload('hold'), HOLD: folder };
  }

  /** For a process that is to be killed at a moment (see kill-at.mjs); those that it starts may be held. */
  killedAt(moment: string): NodeJS.ProcessEnv {
    return { ...this.env, NODE_OPTIONS: `${this.env['NODE_OPTIONS']} ${preload('kill-at')}`, KILL_AT: moment };
  }

  /** Whoever comes to it is held. */
  order(...names: string[]): void {
    for (const name of names) writeFileSync(join(this.folder, name), '');
  }

  /** Waits until a process is held; its number. */
  async held(name: string, more?: () => string): Promise<number> {
    let pid = 0;
    const look = (): boolean => {
      try {
        pid = Number(readFileSync(join(this.folder, `${name}.held`), 'utf8'));
      } catch {
        return false;
      }
      return true;
    };
    await until(`a process held at ${name}`, look, more);
    return pid;
  }

  /** Lets go who is held, and holds nobody there from now on. */
  release(...names: string[]): void {
    for (const name of names)
      for (const file of [name, `${name}.held`]) rmSync(join(this.folder, file), { force: true });
  }
}
