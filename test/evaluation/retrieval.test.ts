import test from 'ava';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNpz } from '../../src/formats/npz.js';
import { temporaryFolder, tripletlab } from '../command-line.js';
import { writeTree } from '../datasets/folders.js';

test('`evaluate` on classes: mP@1 as ever, then R@k and MAP@R of the same pictures', (t) => {
  const folder = temporaryFolder();
  t.teardown(() => {
    rmSync(folder, { recursive: true });
  });
  const of = (name: string, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`images/${name}/${i}.jpg`, 'no picture']));
  writeTree(folder, { ...of('001.A', 1), ...of('002.A2', 1), ...of('101.B', 3), ...of('102.C', 2), ...of('103.D', 1) });
  // Training first (not asked about), then B at 0, 1, 5; C at 6, 9; D, alone, at 8.5.
  const data = Float32Array.of(0, 0, 0, 1, 5, 6, 9, 8.5);
  const file = join(folder, 'line.npz');
  writeFileSync(file, encodeNpz({ embeddings: { dtype: 'float32', shape: [8, 1, 1], data } }));
  const { status, stdout, stderr } = tripletlab([
    'evaluate',
    'configurations/cub/cub_e.yaml',
    `dataset.raw_data_directory_name=${folder}`,
    `embeddings=${file}`,
  ]);
  t.is(status, 0, stderr);
  // Nearest others: 0 -> 1 right; 1 -> 0 right; 5 -> 6; 6 -> 5; 9 -> 8.5; 8.5 -> 9: two of six right, of five queries two.
  // Within 2: 5 -> 6, 8.5 or 1? 8.5 is at 3.5, 1 at 4: none; 6 -> 5, 8.5: none; 9 -> 8.5, 6: right.
  // Within 4: all but none. AP at R: 0: 1; 1: (1 + 0) / 2, since 5 is third: 0, 5, so 1; 5: 6, 8.5: 0; 6: 0; 9: 0.
  t.deepEqual(stdout.split('\n'), [
    `mP@1: ${(2 / 6).toFixed(4)} (over all 6 test pictures)`,
    `R@1: 0.4000, R@2: 0.6000, R@4: 1.0000, R@8: 1.0000, MAP@R: ${(2 / 5).toFixed(4)} (over 5; 1 alone in their class left out)`,
    '',
  ]);
});
