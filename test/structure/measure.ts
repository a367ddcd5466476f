/** `npx tsx test/structure/measure.ts`: files and lines of each folder of src/, and the imports between folders. */
import { floors, leaves } from './floors.js';
import { folderOf, sourceFiles } from './source-files.js';

const files = sourceFiles();
const between = new Map<string, number>();
for (const { path, imports } of files)
  for (const target of imports) {
    const [from, to] = [folderOf(path), folderOf(target)];
    if (from !== to) between.set(`${from} ${to}`, (between.get(`${from} ${to}`) ?? 0) + 1);
  }

console.log(`${'folder'.padEnd(16)}${'files'.padStart(6)}${'lines'.padStart(7)}  imports of it from`);
for (const folder of [...leaves, ...Object.keys(floors)]) {
  const inside = files.filter(({ path }) => folderOf(path) === folder);
  const lines = inside.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0);
  const importers = [...between]
    .filter(([key]) => key.endsWith(` ${folder}`))
    .map(([key, n]) => `${key.split(' ')[0]} ${n}`);
  console.log(
    `${folder.padEnd(16)}${String(inside.length).padStart(6)}${String(lines).padStart(7)}  ${importers.join(', ')}`,
  );
}
const lines = files.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0);
const imports = [...between.values()].reduce((sum, n) => sum + n, 0);
console.log(`${files.length} files, ${lines} lines, ${imports} imports between folders`);
