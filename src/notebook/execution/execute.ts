import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import { writeFileAtomic } from '../../files.js';
import { makeWorkFolder } from '../../locks/index.js';
import { endsWithUs } from '../children.js';
import { joined, notebookOutput, readNotebook } from '../notebook-file.js';
import { findJupyter, jupyterEnvironment, kernelName } from '../kernel/jupyter.js';
import { needTslab } from '../kernel/tslab.js';

export interface ExecuteOptions {
  /** Writes the outputs into the notebook itself instead of a copy in the output folder. */
  inPlace?: boolean;
  /** The longest time for one cell, seconds. */
  timeout?: number;
  /** The folder of the executed copy; `build/notebooks/` by default. */
  outputDirectory?: string;
  /** Environment variables for the kernel, which a notebook can read as its parameters. */
  environment?: Readonly<Record<string, string>>;
  /** Called each time a cell starts, with its number and the number of code cells. */
  onCell?: (cell: number, cells: number) => void;
}

const defaults = { inPlace: false, timeout: 600, environment: {} };

/** Begins the lines on stderr by which the kernel of a headless run reports. */
const mark = '\u001etripletlab ';

interface CellReport {
  readonly cell: number;
  readonly state: 'started' | 'finished' | 'failed';
  readonly name?: string;
  readonly message?: string;
}

/** Tells in one line why a run failed, from the kernel's last report and the output of nbconvert. */
function reason(report: CellReport | undefined, lines: readonly string[], timeout: number): string {
  const raised = (name: string): boolean => lines.some((line) => line.startsWith(`nbclient.exceptions.${name}`));
  const where = report === undefined ? 'before the first cell' : `cell ${report.cell}`;
  // Checked first: nbconvert interrupts the cell before it ends, and the cell then reports a failure of its own.
  if (raised('CellTimeoutError')) return `${where}: timed out after ${timeout} s; give more with --timeout`;
  if (report?.state === 'failed') {
    const message = (report.message ?? '').split('\n')[0];
    return `${where}: ${report.name === 'Thrown' ? '' : `${report.name}: `}${message}`;
  }
  if (raised('DeadKernelError') || lines.some((line) => line.includes('Kernel died')))
    return `${where}: the kernel died; too little memory is a usual cause`;
  return `${where}: ${lines.filter((line) => line.trim()).pop() ?? 'jupyter nbconvert failed without a message'}`;
}

/** Starts `jupyter nbconvert`, which writes `executed.ipynb` into a folder. */
const startNbconvert = (
  jupyter: string,
  notebook: string,
  folder: string,
  timeout: number,
  environment: ExecuteOptions['environment'],
): ChildProcessByStdio<null, null, Readable> =>
  spawn(
    jupyter,
    [
      ...['nbconvert', '--to', 'notebook', '--execute', notebook, '--output-dir', folder, '--output', 'executed'],
      `--ExecutePreprocessor.kernel_name=${kernelName}`,
      `--ExecutePreprocessor.timeout=${Math.ceil(timeout)}`,
      '--ExecutePreprocessor.startup_timeout=180',
      '--ExecutePreprocessor.record_timing=False',
    ],
    {
      env: {
        ...jupyterEnvironment(),
        ...environment,
        TRIPLETLAB_NOTEBOOK: 'headless',
        TRIPLETLAB_RUNNER: String(process.pid),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );

/**
 * Executes a notebook from start to end with the package's kernel, without a browser (jupyter nbconvert).
 *
 * A notebook with a failing cell is not written.
 *
 * @returns the executed notebook's path
 * @throws UsageError `NOTEBOOK, cell N: message` where a cell fails, takes too long, or Jupyter is missing
 */
export async function executeNotebook(file: string, options: ExecuteOptions = {}): Promise<string> {
  const { inPlace, timeout, environment, onCell } = { ...defaults, ...options };
  const output = options.outputDirectory ?? notebookOutput();
  const name = basename(file, '.ipynb');
  const target = inPlace ? resolve(file) : join(output, `${name}.ipynb`);
  const codeCells = readNotebook(file).cells.filter((c) => c.cell_type === 'code' && joined(c.source).trim() !== '');
  const jupyter = findJupyter();
  needTslab(dirname(resolve(file)));
  const { folder: temporary, remove } = makeWorkFolder(output, '.execute-');
  const child = startNbconvert(jupyter, resolve(file), temporary, timeout, environment);
  endsWithUs(child);
  try {
    let report: CellReport | undefined;
    const lines: string[] = [];
    const read = (line: string): void => {
      if (!line.startsWith(mark)) {
        lines.push(line);
        return;
      }
      report = JSON.parse(line.slice(mark.length)) as CellReport;
      if (report.state === 'started') onCell?.(report.cell, codeCells.length);
    };
    let rest = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const complete = (rest + text).split('\n');
      rest = complete.pop()!;
      complete.forEach(read);
    });
    const status = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
    if (rest) read(rest);
    if (status !== 0)
      throw new UsageError(`${relative(process.cwd(), resolve(file))}, ${reason(report, lines, timeout)}`);
    writeFileAtomic(target, readFileSync(join(temporary, 'executed.ipynb')));
    return target;
  } finally {
    remove();
  }
}
