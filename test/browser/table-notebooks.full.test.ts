import test from 'ava';
import { join } from 'node:path';
import { makeFolder, noChromium, noJupyter, testUnless } from '../notebook/helpers.js';
import { executeAndOpen } from './executed-page.js';
import { tables } from './expected-notebooks.js';

const { folder, remove } = makeFolder();
test.after.always(remove);

/** Where all do their runs, so that shared ones are done once. */
const environment = {
  TRIPLETLAB_EXPERIMENTS: join(folder, 'experiments'),
  TRIPLETLAB_PROFILE: 'smoke',
  TRIPLETLAB_RUN: 'yes',
};

/** Tables that draw what teachers know, too. */
const teaching = new Set(['table-number-of-teachers', 'table-teacher-size']);

for (const name of tables)
  testUnless(noJupyter ?? noChromium, `${name} does its runs in small, and its page shows them`, async (t) => {
    t.timeout(600_000);
    await executeAndOpen(t, `notebooks/${name}.ipynb`, folder, {
      figures: teaching.has(name) ? 6 : 3,
      says: /: (\d+) of \1 jobs done, done\n[^]*your runs, profile smoke\n/,
      environment,
    });
  });

for (const [name, figures, done, shown] of [
  [
    'table-teachers',
    2,
    '(\\d+) of \\1 jobs done \\(\\1 by kept records\\)',
    'kept records and your runs, profile laptop',
  ],
  [
    'table-distillation-resnet50',
    1,
    '1 of \\d+ jobs done \\(1 by kept records\\)',
    'kept with this notebook, profile laptop',
  ],
  [
    'table-distillation-vit',
    1,
    '1 of \\d+ jobs done \\(1 by kept records\\)',
    'kept with this notebook, profile small',
  ],
] as const)
  testUnless(noJupyter ?? noChromium, `${name} without a run shows what is kept as records, or with it`, (t) =>
    executeAndOpen(t, `notebooks/${name}.ipynb`, folder, {
      figures,
      says: new RegExp(`: ${done}[^]*${shown}\n`),
      environment: { TRIPLETLAB_EXPERIMENTS: join(folder, 'none'), TRIPLETLAB_PROFILE: 'laptop', TRIPLETLAB_RUN: '' },
    }),
  );
