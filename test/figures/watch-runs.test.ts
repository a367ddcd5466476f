import test from 'ava';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CellOutput } from '../../src/figures/live/cell-output.js';
import { readRuns, recordedCurves, watchRuns } from '../../src/figures/live/watch-runs.js';
import { packageRoot } from '../../src/assets.js';

const folder = mkdtempSync(join(tmpdir(), 'watch-'));
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.serial('runs of another process are followed until they are finished', async (t) => {
  const shown: { alt: string; lines: number }[] = [];
  const key = Symbol.for('tripletlab.kernel');
  const session: CellOutput & { readonly signal: AbortSignal } = {
    display: (data) => {
      const { data: traces } = data['application/vnd.plotly.v1+json'] as { data: { x: number[] }[] };
      shown.push({ alt: String(data['text/plain']), lines: Math.max(0, ...traces.map(({ x }) => x.length)) });
    },
    onCellEnd: () => undefined,
    signal: new AbortController().signal,
  };
  (globalThis as Record<symbol, unknown>)[key] = session;
  const child = spawn(
    process.execPath,
    [
      'dist/cli.js',
      'train',
      'configurations/synthetic/synthetic_p_ste.yaml',
      `run.output_directory_name=${folder}/runs`,
      'num_repetitions=2',
      'optimization.num_training_epochs=12',
      'dataset.num_triplets=9000',
    ],
    { cwd: packageRoot(), stdio: 'ignore', env: { ...process.env, TRIPLETLAB_ENGINE: 'wasm' } },
  );
  try {
    const records = await watchRuns(join(folder, 'runs'), { every: 0.2, seconds: 120 });
    t.deepEqual(
      records.map(({ name, status, epochs }) => [name, status, epochs.length]),
      [
        ['run-1001', 'finished', 12],
        ['run-1002', 'finished', 12],
      ],
    );
  } finally {
    child.kill();
    (globalThis as Record<symbol, unknown>)[key] = undefined;
  }
  t.regex(shown[0].alt, /no epochs yet/);
  t.deepEqual(
    shown.map(({ lines }) => lines),
    shown.map(({ lines }) => lines).sort((a, b) => a - b),
  );
});

test.serial('records that are there are drawn, others left out; different configurations are told apart', (t) => {
  const records = readRuns([join(folder, 'runs'), join(folder, 'not there')]);
  t.is(records.length, 2);
  const figure = recordedCurves(records);
  t.regex(figure.alt, /^2 runs: after the last epoch SyntheticTInd Psycho ste, rate 0.01, 2 runs training loss/);
  mkdirSync(join(folder, 'runs', 'run-2000'));
  writeFileSync(join(folder, 'runs', 'run-2000', 'run.json'), '{"format": 1, "epo');
  t.is(readRuns(join(folder, 'runs')).length, 2);
  t.is(readRuns(join(folder, 'runs', 'run-1001')).length, 1);
  const other = structuredClone(records[0]);
  other.status = 'running';
  (other.configuration.model as { loss_type: string }).loss_type = 'triplet';
  const { alt } = recordedCurves([...records, other]);
  t.regex(alt, /^3 runs, 1 running: .*ste.*; SyntheticTInd Psycho triplet, rate 0.01 training loss/);
});
