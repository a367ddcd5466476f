import test from 'ava';
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadPublished } from '../../src/experiments/index.js';
import { joined, listNotebooks, readNotebook } from '../../src/notebook/notebook-file.js';
import { temporaryFolder } from '../command-line.js';

const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const file of listNotebooks()) {
  const name = basename(file, '.ipynb');
  const { cells } = readNotebook(file);
  const code = cells.filter((cell) => cell.cell_type === 'code');
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);

  test(`${name} is short, and its first cell of code has the parameters and nothing else`, (t) => {
    t.true(cells.length < 40);
    const lines = joined(code[0].source).split('\n');
    t.deepEqual(
      lines.filter((line) => !/^(const \w+(: .*)? = .*|\s*\/\/.*|\s+.*|[\]})].*|)$/.test(line)),
      [],
    );
    t.is(cells[0].cell_type, 'markdown');
    t.notRegex(lines.join('\n'), /\bimport\b|\bawait\b/);
  });

  test(`${name} is kept as it ran: from its first cell to its last without an error, with a picture of each drawing`, (t) => {
    t.deepEqual(
      outputs.filter((output) => output.output_type === 'error'),
      [],
    );
    const ran = code.map((cell) => cell['execution_count']);
    t.deepEqual(
      ran,
      code.map((_, at) => at + 1),
    );
    const bare = outputs.filter(({ data = {} }) => {
      const live = Object.keys(data).some((type) => type.startsWith('application/vnd.'));
      return live
        ? data['image/png'] === undefined
        : /<(img|svg|canvas|script)\b/i.test(joined(data['text/html'] ?? ''));
    });
    t.deepEqual(bare, []);
  });

  if (name.startsWith('table-'))
    test(`${name} shows how to give published values by a row that it has`, (t) => {
      const file = join(folder, `${name}.yaml`);
      const example = /\{table-.*\}\}/.exec(joined(code[0].source))![0];
      writeFileSync(file, example);
      t.deepEqual(Object.keys(loadPublished(file)), [name]);
    });
}
