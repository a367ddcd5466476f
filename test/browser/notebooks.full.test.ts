import test from 'ava';
import { basename, join } from 'node:path';
import { listNotebooks } from '../../src/notebook/notebook-file.js';
import { makeFolder, noChromium, noJupyter, testUnless } from '../notebook/helpers.js';
import { executeAndOpen } from './executed-page.js';
import { chapters, tables } from './expected-notebooks.js';

const { folder, remove } = makeFolder();
test.after.always(remove);

test('every notebook of the project is executed by a test', (t) => {
  const there = listNotebooks().map((file) => basename(file, '.ipynb'));
  t.deepEqual([...Object.keys(chapters), ...tables].sort(), there);
});

const experiments = join(folder, 'experiments');

for (const [name, expected] of Object.entries(chapters))
  testUnless(noJupyter ?? noChromium, `${name} runs, and its page draws everything offline without an error`, (t) =>
    executeAndOpen(t, `notebooks/${name}.ipynb`, folder, {
      ...expected,
      environment: { TRIPLETLAB_EXPERIMENTS: experiments, ...expected.environment },
    }),
  );
