import { spawn } from 'node:child_process';
import { packageRoot } from '../../src/assets.js';
import type { Row } from '../benchmarks/report.js';

/** What a part is asked to prove, and where. */
export interface Context {
  readonly engine: string;
  /** A trial on the processor: the same programs at sizes that take seconds. */
  readonly dry: boolean;
  /** Seconds that the part may take. */
  readonly seconds: number;
  /** Ends what the part has started when these are over. */
  readonly signal: AbortSignal;
}

/** What a part found. It failed where there is a failure; each is one line. */
export interface Found {
  readonly rows?: readonly Row[];
  readonly notes?: readonly string[];
  readonly failures?: readonly string[];
  /** What the programs said, for a file of its own. */
  readonly log?: string;
  /** Why it was not tried. */
  readonly skipped?: string;
  /** Whether nothing that follows can work. */
  readonly blocks?: boolean;
}

export interface Part {
  readonly name: string;
  /** What it shows. */
  readonly title: string;
  /** Seconds that it may take. */
  readonly seconds: number;
  run(context: Context): Promise<Found>;
}

export interface Ended {
  readonly status: number;
  readonly output: string;
}

/** Runs a program of this Node.js in the package's folder to its end, or to the end of its time: then the status is 124. */
export function program(
  args: readonly string[],
  seconds: number,
  environment: NodeJS.ProcessEnv = {},
  onLine?: (line: string) => void,
): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, {
      cwd: packageRoot(),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // its own children end with it
    });
    let [output, rest, late] = ['', '', false];
    const stop = (): void => void process.kill(-child.pid!, 'SIGKILL');
    process.once('exit', stop);
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, 1000 * seconds);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      if (onLine) lines.forEach(onLine);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('close', (code) => {
      clearTimeout(timer);
      process.off('exit', stop);
      done({ status: late ? 124 : (code ?? 1), output });
    });
  });
}

/** The last line that says something. */
export const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? '';

/** Why a program failed, in one line. */
export const reasonOf = ({ status, output }: Ended, seconds: number): string =>
  status === 124 ? `not done in ${Math.round(seconds)} s` : `exit code ${status}: ${lastLine(output)}`;
