import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import { fetchData } from '../acquisition/fetch.js';
import { DATA_VARIABLE, environmentRoot, findRoot, locate, sources, type Source } from '../acquisition/locate.js';
import { readManifest, type Manifest } from '../acquisition/manifest.js';
import { verify, type FileCheck } from '../acquisition/verify.js';
import { registerCeiling } from './data-ceiling.js';
import { registerItems } from './data-items.js';

interface RootOption {
  readonly root?: string;
}

const ROOT_OPTION = '--root <folder>';
const ROOT_HELP = `data root (default: the configurations' own, or $${DATA_VARIABLE}/NAME)`;

/** Registers `tripletlab data` with `list`, `verify`, `locate`, `fetch`, `items` and `ceiling`. */
export function registerData(program: Command): void {
  const data = program.command('data').description('what data there are, where, and how to get them');
  data
    .command('list')
    .description('data sets, whether they are here and where, sizes and terms')
    .action(async () => {
      for (const line of await table()) print(line);
    });
  data
    .command('verify')
    .description('compare files with the manifest: sizes and checksums')
    .argument('[name]', sources.join(', '))
    .option(ROOT_OPTION, ROOT_HELP)
    .action(async (name: string | undefined, options: RootOption) => {
      if (!(await verifyAndPrint(name, options))) process.exitCode = 1;
    });
  data
    .command('locate')
    .description('print the folders in which the data are')
    .argument('[name]', sources.join(', '))
    .option(ROOT_OPTION, ROOT_HELP)
    .action((name: string | undefined, { root }: RootOption) => {
      requireName(name, root);
      if (name !== undefined) print(locate(readManifest(name).name, root));
      else for (const source of sources) print(`${source.padEnd(8)} ${findRoot(source) ?? 'not found'}`);
    });
  data
    .command('fetch')
    .description('download what may be downloaded; for the rest, print the steps')
    .argument('<name>', sources.join(', '))
    .argument('[files...]', 'only these files of the manifest')
    .option(ROOT_OPTION, ROOT_HELP)
    .action(async (name: string, files: string[], options: RootOption) => {
      if (!(await fetchAndPrint(readManifest(name), files, options))) process.exitCode = 1;
    });
  registerItems(data);
  registerCeiling(data);
}

async function table(): Promise<string[]> {
  const rows = [['name', 'entries', 'size', 'where', 'terms']];
  for (const source of sources) {
    const manifest = readManifest(source);
    const root = findRoot(source);
    const checks = root === null ? [] : await verify(manifest, root, { checksums: false });
    const good = checks.filter(({ status }) => status === 'ok' || status === 'unchecked');
    const bytes = checks.reduce((sum, check) => sum + check.bytes, 0);
    const count = `${good.length} of ${manifest.files.length}`;
    rows.push([source, count, root === null ? '' : size(bytes), root ?? 'not found', manifest.terms]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}

async function verifyAndPrint(name: string | undefined, { root }: RootOption): Promise<boolean> {
  requireName(name, root);
  const located: [Source, string][] =
    name === undefined
      ? sources.flatMap((source) => {
          const found = findRoot(source);
          return found === null ? [] : [[source, found]];
        })
      : [[readManifest(name).name, locate(readManifest(name).name, root)]];
  if (located.length === 0) throw new UsageError(`no data found; set ${DATA_VARIABLE}, see data-manifests/`);
  let good = true;
  for (const [source, folder] of located) {
    const manifest = readManifest(source);
    const checks = await verify(manifest, folder);
    print(`${source}: ${folder}`);
    for (const check of checks) print(`  ${described(check)}`);
    good &&= checks.every(({ problem }) => !problem);
  }
  return good;
}

function requireName(name: string | undefined, root: string | undefined): void {
  if (root !== undefined && name === undefined)
    throw new UsageError('missing name: --root is the folder of one data set');
}

async function fetchAndPrint(manifest: Manifest, only: readonly string[], { root }: RootOption): Promise<boolean> {
  const folder = root ?? findRoot(manifest.name) ?? environmentRoot(manifest.name);
  if (folder === null)
    throw new UsageError(`no folder for ${manifest.name}: set ${DATA_VARIABLE} or give --root FOLDER`);
  print(`${manifest.title}; terms: ${manifest.terms}`);
  let shown = 0;
  const report = await fetchData(manifest, folder, {
    only,
    onStep: (action, file) => print(`${action} ${file}`),
    onWait: (holder, file) => print(`wait for ${file}: ${holder} is at it`),
    onProgress: (done, total) => {
      if (!process.stderr.isTTY || Date.now() - shown < 200) return;
      shown = Date.now();
      process.stderr.write(`\r\x1b[K${total === null ? done : `${size(done)} of ${size(total)}`}\r`);
    },
  });
  for (const message of report.failed) print(`failed: ${message}`);
  for (const file of report.fetched) print(`fetched ${file}`);
  if (report.left.length === 0) {
    print(`${manifest.name} is complete in ${folder}; \`tripletlab data verify ${manifest.name}\` compares checksums`);
    return report.failed.length === 0;
  }
  print(`still to get, into ${folder}:`);
  for (const check of report.left) print(`  ${described(check)}`);
  print('steps:');
  manifest.steps.forEach((step, i) => print(`  ${i + 1}. ${step}`));
  return false;
}

function described({ path, status, detail }: FileCheck): string {
  return `${status.padEnd(14)}  ${path}${detail === '' ? '' : ` (${detail})`}`;
}

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
