import { spawn } from 'node:child_process';
import { dirname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { Interrupted, UsageError } from '../errors.js';
import type { KernelPlace } from '../notebook/kernel/install.js';
import { interruptible } from './interruptible.js';
import { notebookProgress } from './notebook-progress.js';

const defaults = { timeout: 600 /* s for one cell */, port: 8888 };

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!(number > 0 && Number.isFinite(number)))
    throw new UsageError(`invalid ${name}: ${value}; a positive number needed`);
  return number;
}

/** Turns `NAME=value` pairs into an environment. */
function environment(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (!/^[A-Za-z_][A-Za-z0-9_]*=/.test(pair)) throw new UsageError(`invalid --set: ${pair}; NAME=value needed`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

async function chosen(files: readonly string[]): Promise<readonly string[]> {
  const { listNotebooks } = await import('../notebook/notebook-file.js');
  const list = files.length ? files : listNotebooks();
  if (list.length === 0) throw new UsageError('missing notebooks: none in notebooks/; name one');
  return list;
}

const shown = (path: string): string => relative(process.cwd(), path) || path;

/**
 * Exports an executed notebook; without Chromium the static copy is left out, and the user is told.
 *
 * @param inPlace also leaves pictures of the figures in the notebook
 */
async function exportBoth(executed: string, inPlace = false): Promise<string[]> {
  const { findChromium } = await import('../notebook/export/chromium.js');
  const { exportHtml } = await import('../notebook/export/export-html.js');
  const { exportStatic } = await import('../notebook/export/export-static.js');
  const { keepPictures } = await import('../notebook/export/keep-pictures.js');
  const written = [await exportHtml(executed)];
  try {
    findChromium();
  } catch (error) {
    process.stderr.write(`no static copy of ${shown(executed)}: ${(error as Error).message}\n`);
    return written;
  }
  if (inPlace) await keepPictures(executed);
  return [...written, await exportStatic(executed)];
}

/** Processes notebooks one by one; a signal ends the running programs, and then the command. */
async function forEach(files: readonly string[], work: (file: string) => Promise<void>): Promise<void> {
  const { endChildren } = await import('../notebook/children.js');
  const { signal, release } = interruptible();
  signal.addEventListener('abort', endChildren);
  const interrupted = (file: string): Interrupted =>
    new Interrupted(`interrupted at ${shown(file)}; run the same command again`);
  try {
    for (const file of files) {
      await work(file).catch((error: unknown) => {
        throw signal.aborted ? interrupted(file) : error;
      });
      if (signal.aborted) throw interrupted(file);
    }
  } finally {
    release();
  }
}

async function run(files: string[], options: { inPlace?: boolean; timeout: string; set: string[] }): Promise<void> {
  const timeout = positive('--timeout', options.timeout);
  const parameters = environment(options.set);
  const { executeNotebook } = await import('../notebook/execution/execute.js');
  await forEach(await chosen(files), async (file) => {
    const started = performance.now();
    const { onCell, clear } = notebookProgress(shown(file));
    const executed = await executeNotebook(file, {
      inPlace: options.inPlace === true,
      timeout,
      environment: parameters,
      onCell,
    }).finally(clear);
    const written = [executed, ...(await exportBoth(executed, options.inPlace))];
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${shown(file)}: ${seconds} s; ${written.map(shown).join(', ')}\n`);
  });
}

async function exportAll(files: string[]): Promise<void> {
  await forEach(await chosen(files), async (file) => {
    const written = await exportBoth(file);
    process.stdout.write(`${shown(file)}: ${written.map(shown).join(', ')}\n`);
  });
}

/** Opens Jupyter on the working directory; its server also serves the package's plotly.js. */
async function serve(file: string | undefined, options: { port: string; browser: boolean }): Promise<void> {
  const { findJupyter, jupyterEnvironment } = await import('../notebook/kernel/jupyter.js');
  const jupyter = findJupyter();
  (await import('../notebook/kernel/tslab.js')).needTslab();
  const { plotlyFile } = await import('../figures/write-html.js');
  const folder = process.cwd();
  const args = ['notebook', ...(file === undefined ? [] : [resolve(file)])];
  const statics = JSON.stringify([dirname(plotlyFile())]);
  for (const server of ['NotebookApp', 'ServerApp']) args.push(`--${server}.extra_static_paths=${statics}`);
  args.push(`--notebook-dir=${folder}`, `--port=${positive('--port', options.port)}`);
  if (!options.browser) args.push('--no-browser');
  if (process.getuid?.() === 0) args.push('--allow-root');
  const child = spawn(jupyter, args, { cwd: folder, env: jupyterEnvironment(), stdio: 'inherit' });
  // Ctrl-C also reaches Jupyter, which asks for confirmation; this process waits for the answer.
  const wait = (): void => undefined;
  // Other signals reach this process only: without this, server and kernels would go on.
  const end = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', wait).on('SIGTERM', end).on('SIGHUP', end);
  try {
    const status = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
    if (status) throw new UsageError(`jupyter notebook ended with status ${status}; is jupyter-notebook installed?`);
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', end).off('SIGHUP', end);
  }
}

interface PlaceOptions {
  readonly user?: boolean;
  readonly sysPrefix?: boolean;
  readonly prefix?: string;
}

function placeOf({ user, sysPrefix, prefix }: PlaceOptions): KernelPlace {
  const given = [user, sysPrefix, prefix].filter((option) => option !== undefined);
  if (given.length > 1) throw new UsageError('invalid place: give one of --user, --sys-prefix and --prefix');
  if (prefix !== undefined) return { prefix };
  return sysPrefix === true ? 'sys-prefix' : 'user';
}

async function install(options: PlaceOptions): Promise<void> {
  const [{ installKernel }, { kernelName }] = await Promise.all([
    import('../notebook/kernel/install.js'),
    import('../notebook/kernel/jupyter.js'),
  ]);
  const folder = installKernel(placeOf(options));
  process.stdout.write(`kernel ${kernelName}: ${folder}\n`);
}

async function uninstall(options: PlaceOptions): Promise<void> {
  const { uninstallKernel } = await import('../notebook/kernel/install.js');
  process.stdout.write(`removed ${uninstallKernel(placeOf(options))}\n`);
}

/** Registers `tripletlab notebook run|serve|export|install|uninstall`. */
export function registerNotebook(program: Command): void {
  const notebook = program
    .command('notebook')
    .description('execute, open and export notebooks; their kernel for Jupyter');
  const collect = (value: string, list: string[]): string[] => [...list, value];
  notebook
    .command('run')
    .description('execute notebooks from start to end; outputs, HTML and a static copy go to build/notebooks/')
    .argument('[files...]', 'notebooks (default: all of notebooks/)')
    .option(
      '--in-place',
      'write the outputs into the notebooks themselves, with pictures of the figures for code hosts',
    )
    .option('--timeout <s>', 'longest time for one cell, seconds', String(defaults.timeout))
    .option('--set <NAME=value>', 'environment variable for the notebook; may be repeated', collect, [])
    .action(run);
  notebook
    .command('serve')
    .description('open Jupyter on this folder, with the kernel tripletlab')
    .argument('[file]', 'notebook to open (default: the list of all)')
    .option('--port <n>', 'port of the server', String(defaults.port))
    .option('--no-browser', 'do not open a browser')
    .action(serve);
  notebook
    .command('export')
    .description('write executed notebooks as self-contained HTML and as a static copy, to build/notebooks/')
    .argument('[files...]', 'notebooks (default: all of notebooks/)')
    .action(exportAll);
  for (const [name, description, action] of [
    ['install', 'give Jupyter the kernel tripletlab, for every front end and folder', install],
    ['uninstall', 'take the kernel tripletlab from Jupyter', uninstall],
  ] as const)
    notebook
      .command(name)
      .description(description)
      .option('--user', 'for this user (the default)')
      .option('--sys-prefix', 'for the Python that Jupyter runs in, such as a virtual environment')
      .option('--prefix <dir>', 'below DIR/share/jupyter')
      .action(action);
}
