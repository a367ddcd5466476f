import { join } from 'node:path';
import { executeNotebook } from '../../src/notebook/execution/execute.js';
import { joined, readNotebook } from '../../src/notebook/notebook-file.js';
import { makeFolder, makeNotebook, noJupyter, testUnless } from './helpers.js';

testUnless(noJupyter, '{ name } in a cell means the variable of an earlier cell', async (t) => {
  const { folder, remove } = makeFolder();
  const cells = [
    `const base = 'x'; const late = await Promise.resolve(3);`,
    `for (const own of [1]) console.log(JSON.stringify({ base, own, late }));`,
  ];
  const executed = await executeNotebook(makeNotebook(join(folder, 'a.ipynb'), cells), { outputDirectory: folder });
  t.is(joined(readNotebook(executed).cells[1].outputs![0].text ?? ''), '{"base":"x","own":1,"late":3}\n');
  remove();
});
