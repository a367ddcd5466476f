import { spawnSync } from 'node:child_process';
import { jupyterEnvironment } from '../../src/notebook/kernel/jupyter.js';
import { threadCount } from '../../src/engine/machine.js';
import { ourChild } from './child.js';
import { command, training } from './command.js';
import { chosenEngines } from './engines.js';
import { SIDE, WIDTH } from './network.js';
import { compared, isQuick, medianOf, Rows, type Options, type Report } from './report.js';
import { pythonWith, Rival } from './rival.js';
import { inTurns, limitsOf, type RoundsOptions } from './rounds.js';

// Seconds from the start of a process to what one waits for: help, doctor, a first training step of a teacher and of
// ResNet-50 on each engine, a notebook's kernel; in turns with PyTorch doing the same. Options: engines=wasm rounds=5
// seconds=60 (for each row).

const defaults = { rounds: 5, seconds: 60 };
const quick = { rounds: 1 };

interface Timed {
  readonly seconds: number;
}

const CONFIGURATION = 'configurations/synthetic/synthetic_p_ste.yaml';
const ITEMS = 120;
const BATCH = 999;
const TRIPLETS = { training: 333, validation: 333 };

async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const start = performance.now();
  await work();
  return { seconds: (performance.now() - start) / 1000 };
}

/** A new process of a rival for each question: from its start to the answer to the last one. */
async function afresh(
  script: string,
  modules: readonly string[],
  notes: Set<string>,
  questions: readonly object[],
): Promise<Timed | undefined> {
  if (pythonWith(modules) === undefined) notes.add(`${modules[0]}: absent`);
  const rival = new Rival(script, modules, notes);
  let answered = true;
  const result = await timed(async () => {
    for (const question of questions) answered &&= (await rival.ask(question)) !== undefined;
  });
  await rival.close();
  return answered ? result : undefined;
}

async function row(
  rows: Rows,
  what: string,
  ours: () => Promise<Timed>,
  theirs: () => Promise<Timed | undefined>,
  beside: string,
  limits: RoundsOptions,
): Promise<void> {
  const turns = await inTurns(ours, theirs, limits);
  const [own, other] = [turns.ours, turns.theirs].map((side) => side.map((one) => one.seconds));
  const rival = other.length > 0 ? { beside, 'its seconds': medianOf(turns.theirs, 'seconds') } : {};
  rows.add({ what, seconds: medianOf(turns.ours, 'seconds'), ...rival, ...compared(own, other) });
}

/** Seconds until it is there. */
export async function benchmarkStart(options: Options): Promise<Report> {
  const notes = new Set(['from the start of the process; files are in the memory of the system after the first round']);
  const limits = limitsOf(options, notes, defaults, quick);
  const rows = new Rows();
  const nothing = () => Promise.resolve(undefined);
  await row(rows, 'tripletlab --help', () => command(['--help']), nothing, '', limits);
  await row(rows, 'tripletlab train --help', () => command(['train', '--help']), nothing, '', limits);
  await row(rows, 'tripletlab doctor', () => command(['doctor']), nothing, '', limits);
  const once = { 'optimization.num_training_epochs': 1, 'optimization.num_batches_per_epoch': 1 };
  const lesson = { task: 'load', triplets: TRIPLETS, items: ITEMS, size: 32, tau: 0.25, directed: false, batch: BATCH };
  await row(
    rows,
    'tripletlab train, one step of a teacher',
    () => training(CONFIGURATION, once),
    () => afresh('teachers.py', ['torch'], notes, [lesson, { task: 'epochs', loader: 'tensors', epochs: 1 }]),
    'import torch, one step',
    limits,
  );
  for (const engine of await chosenEngines(options, notes)) {
    const question = { engine, name: 'ResNet50', rows: 1 } as const;
    const given = { name: 'ResNet50', rows: 1, width: WIDTH, side: SIDE, threads: threadCount() };
    await row(
      rows,
      `${engine}: first step of ResNet-50, one picture`,
      () =>
        timed(async () => {
          const child = ourChild('network-child.ts');
          await child.ask({ ...question, task: 'start' });
          await child.ask({ ...question, task: 'step' });
          await child.close();
        }),
      () =>
        afresh('networks.py', ['torch', 'torchvision'], notes, [
          { ...given, task: 'start' },
          { ...given, task: 'step' },
        ]),
      'import torch, first step',
      limits,
    );
  }
  await kernelRows(rows, isQuick(options) ? { ...limits, rounds: 1 } : limits);
  return { rows: rows.rows, notes: [...notes] };
}

interface Kernel {
  readonly ready: number;
  readonly cell: number;
  readonly library: number;
}

/** A notebook's kernel, and Python's where Jupyter has it. */
async function kernelRows(rows: Rows, limits: RoundsOptions): Promise<void> {
  const rival = new Rival('kernel.py', ['jupyter_client'], limits.notes, jupyterEnvironment());
  const ask = (kernel: string, library: string) => () => rival.ask<Kernel>({ kernel, library }, `${kernel}'s kernel`);
  const hasPython = spawnSync('/usr/bin/python3', ['-c', 'import ipykernel, torch']).status === 0;
  if (!hasPython) limits.notes.add("Python's kernel: absent; no ipykernel with torch");
  const ours = ask('tripletlab', "import * as lab from 'tripletlab';\nObject.keys(lab).length");
  try {
    if ((await ours()) === undefined) return;
    const turns = await inTurns(
      async () => (await ours())!,
      hasPython ? ask('python3', 'import torch, torchvision') : () => undefined,
      limits,
    );
    const labels = {
      ready: 'notebook: kernel ready',
      cell: 'notebook: kernel ready, a first cell',
      library: 'notebook: kernel ready, a cell that imports this package',
    } as const;
    for (const key of ['ready', 'cell', 'library'] as const) {
      const [own, other] = [turns.ours, turns.theirs].map((side) => side.map((one) => one[key]));
      const beside = { beside: "Python's, which imports torch", 'its seconds': medianOf(turns.theirs, key) };
      rows.add({
        what: labels[key],
        seconds: medianOf(turns.ours, key),
        ...(other.length > 0 && beside),
        ...compared(own, other),
      });
    }
  } finally {
    await rival.close();
  }
}
