import { spawnSync } from 'node:child_process';

/** `$PYTHON`, then the system's. */
const interpreters = [process.env['PYTHON'], '/usr/bin/python3'].filter((name) => name !== undefined);

/** What a script gave, or why it gave nothing. */
export type Outcome<T> = { readonly result: T } | { readonly absent: string };

/**
 * Runs a script of this folder with the first interpreter that has the modules; it reads JSON and writes JSON.
 *
 * A script that dies, for want of memory for example, gives its last line as the reason.
 */
export function python<T>(script: string, modules: readonly string[], input: unknown): Outcome<T> {
  const interpreter = interpreters.find(
    (name) => spawnSync(name, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0,
  );
  if (interpreter === undefined)
    return { absent: `no Python with ${modules.join(' and ')}: ${interpreters.join(' and ')} were tried` };
  const run = spawnSync(interpreter, [`test/benchmarks/${script}`], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (run.status === 0) return { result: JSON.parse(run.stdout) as T };
  return { absent: run.stderr.trim().split('\n').at(-1) || `${script} ended by ${run.signal ?? String(run.status)}` };
}

/** The result, if there is one; else the reason becomes a note. */
export function resultOf<T>(outcome: Outcome<T>, program: string, notes: Set<string>): T | undefined {
  if ('result' in outcome) return outcome.result;
  notes.add(`${program}: absent; ${outcome.absent}`);
  return undefined;
}
