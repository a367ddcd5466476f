import test from 'ava';
import { notebookProgress } from '../../src/commands/notebook-progress.js';
import { ProgressBar, type Progress, type RunRecord, type TrainingUpdate } from '../../src/training/index.js';

/** A stream that keeps what is written to it. */
function recorder(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, columns: 200, write: (text: string) => written.push(text) > 0 };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

const record = {
  name: 'run-0007',
  configuration: { model: { metric_mode: 'FCT/max' } },
  epochs: [{ metric: 0.75 }],
} as unknown as RunRecord;
const within = (progress: Partial<Progress>): TrainingUpdate => ({
  progress: { epoch: 1, epochs: 4, batch: 0, batches: 2, loss: NaN, ...progress },
  epochEnded: false,
  records: [record],
});

test('without a terminal there is a line every 30 seconds, not one for each step', (t) => {
  const { written, stream } = recorder(false);
  let time = 100;
  const bar = new ProgressBar(stream, { now: () => time });
  for (time = 100; time < 130; time++) bar.show(within({}));
  t.deepEqual(written, []);
  time = 130;
  bar.show(within({}));
  t.deepEqual(written, ['run-0007: epoch 1/4 | loss - | ? left\n'], 'no loss before the first batch');
  bar.show({ progress: undefined, epochEnded: true, records: [record] });
  // half of all in 60 seconds: 60 more are left
  time = 160;
  bar.show(within({ epoch: 3, loss: 0.5 }));
  t.is(written[1], 'run-0007: epoch 3/4 | loss 0.500000 | FCT 0.7500 | 1:00 left\n');
  time = 189;
  bar.stop();
  bar.show(within({ loss: 0.5, batch: 1 }));
  t.is(written.length, 2, 'stages that follow each other share the 30 seconds');
});

test('a loss that is no number within an epoch is shown as such', (t) => {
  const { written, stream } = recorder(false);
  let time = 0;
  const bar = new ProgressBar(stream, { now: () => time });
  time = 31;
  bar.show(within({ batch: 1, loss: NaN }));
  t.regex(written[0], /loss NaN/);
});

test('a notebook shows the time gone and about how much is left', (t) => {
  const { written, stream } = recorder(false);
  let time = 0;
  const { onCell, tick, clear } = notebookProgress('a.ipynb', { stream, now: () => time });
  onCell(1, 5);
  time = 20;
  onCell(3, 5);
  t.deepEqual(written, []);
  time = 30;
  tick();
  tick();
  // two cells took 20 seconds: three more take 30, of which 10 are gone
  t.deepEqual(written, ['a.ipynb: cell 3 of 5, 0:30 gone, about 0:20 left\n']);
  time = 500;
  tick();
  t.is(written[1], 'a.ipynb: cell 3 of 5, 8:20 gone, about 0:00 left\n');
  clear();
  const terminal = recorder(true);
  const live = notebookProgress('a.ipynb', { stream: terminal.stream, now: () => time });
  live.onCell(1, 5);
  live.clear();
  t.deepEqual(terminal.written, ['\r\u001b[Ka.ipynb: cell 1 of 5, 0:00 gone', '\r\u001b[K']);
});
