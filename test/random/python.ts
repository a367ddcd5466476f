import { execFileSync, spawnSync } from 'node:child_process';

const interpreter = '/usr/bin/python3';

/** Whether a Python 3 with these modules is there to compare against. */
export function pythonHas(...modules: string[]): boolean {
  const program = modules.map((module) => `import ${module}`).join('\n');
  return spawnSync(interpreter, ['-c', program], { stdio: 'ignore' }).status === 0;
}

/** Runs a program that finds its input as `given` and leaves its answer in `answer`. */
export function python(program: string, given: unknown): unknown {
  const whole = `import json, sys\ngiven = json.load(sys.stdin)\n${program}\njson.dump(answer, sys.stdout)\n`;
  const options = { input: JSON.stringify(given), encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  return JSON.parse(execFileSync(interpreter, ['-c', whole], options));
}
