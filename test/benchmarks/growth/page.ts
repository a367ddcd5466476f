import { format, resolveConfig } from 'prettier';
import { UsageError } from '../../../src/errors.js';
import type { Row } from '../report.js';
import { bendOf, lastExponent } from '../statistics.js';
import { bars, curves, shortCount, type Line } from './figure.js';

/** What a benchmark wrote into build/benchmarks/. */
export interface Content {
  readonly time: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly versions: Readonly<Record<string, string | number | boolean>>;
  readonly rows: readonly Row[];
}

/** What the page is made of. */
export interface Stored {
  readonly growth: Content;
  readonly start: Content;
}

/** A page with the figures beside it, by their files. */
export interface Page {
  readonly readme: string;
  readonly figures: Readonly<Record<string, string>>;
}

/** A curve of the measured rows: sizes ascending, seconds and MiB of each. */
interface Grown {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly seconds: readonly number[];
  readonly mib: readonly number[];
}

interface Section {
  readonly title: string;
  /** The column of the sizes. */
  readonly unit: string;
  readonly file: string;
  /** What is measured. */
  readonly what: string;
  /** How it grows and what is bounded, by the numbers themselves. */
  readonly says: (curves: readonly Grown[]) => string;
}

const two = (value: number): string => String(Number(value.toPrecision(2)));
const duration = (seconds: number): string => {
  const [factor, unit] = seconds < 1e-3 ? [1e6, 'µs'] : seconds < 1 ? [1e3, 'ms'] : [1, 's'];
  return `${two(seconds * factor)} ${unit}`;
};
const mibOf = (mib: number): string => (mib < 10 ? two(mib) : Math.round(mib).toLocaleString('en-US'));
const power = (exponent: number): string => exponent.toFixed(2);
const last = (values: readonly number[]): number => values[values.length - 1];
/** @throws UsageError where the curve was not measured at two sizes */
function named(all: readonly Grown[], name: string): Grown {
  const found = all.find((curve) => curve.name === name);
  if (found === undefined || found.sizes.length < 2)
    throw new UsageError(`missing rows of ${name}; run npm run benchmark -- growth merge=yes`);
  return found;
}
const exponentOf = ({ sizes, seconds }: Grown): number => lastExponent(sizes, seconds);
const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

const sections: readonly Section[] = [
  {
    title: 'Teachers',
    unit: 'triplets',
    file: 'teachers.svg',
    what: 'An epoch, with its validation, of one teacher of 128 numbers for each of 1,854 items, engine `wasm`; memory is that of the whole command.',
    says: (all) => {
      const curve = named(all, 'one teacher');
      const each = curve.sizes.map((size, i) => (1e9 * curve.seconds[i]) / size);
      return (
        `Time grows as triplets^${power(exponentOf(curve))}: a triplet takes ${two(Math.min(...each))} to ${two(Math.max(...each))} ns. ` +
        `Memory is mostly the program's; ${two(last(curve.sizes) / curve.sizes[0])} times as many triplets take ${two(last(curve.mib) / curve.mib[0])} times as much.`
      );
    },
  },
  {
    title: 'Losses',
    unit: 'n',
    file: 'losses.svg',
    what: 'Value and gradient of n rows of 128, one teacher, on one thread; memory is what the loss holds beside the rows.',
    says: (all) => {
      const cubic = all.filter((curve) => exponentOf(curve) >= 2.5).map(({ name }) => name);
      const others = all.filter((curve) => exponentOf(curve) < 2.5).map(({ name }) => name);
      const memory = all.map(({ sizes, mib }) => lastExponent(sizes, mib));
      return (
        `${list(cubic)} go over triplets of rows, n^3; ${list(others)} over pairs, n^2. ` +
        `Memory grows as n^${power(Math.min(...memory))} to n^${power(Math.max(...memory))}: tables of pairs, never n^3 numbers.`
      );
    },
  },
  {
    title: 'Nearest neighbours',
    unit: 'rows',
    file: 'neighbors.svg',
    what: 'Exact nearest neighbour of rows of 512, in classes of five, on two threads, whose processor time is added up: of all rows, and of 4,096 of them, evenly spaced, among all. Beyond 120,000 rows only the latter is measured, since all of 250,000 would take minutes. Memory includes the rows and the program.',
    says: (all) => {
      const [whole, some] = [named(all, 'all rows'), named(all, '4096 rows')];
      const rows = (last(some.sizes) * 512 * 4) / 2 ** 20;
      return (
        `All with all grow as rows^${power(exponentOf(whole))}, some with all as rows^${power(exponentOf(some))}. ` +
        `Memory grows with the rows alone, never with pairs: ${mibOf(last(some.mib))} MiB for ${last(some.sizes).toLocaleString('en-US')} rows of ${mibOf(rows)} MiB, which are held as given, copied for the threads, and once more in two bytes a number. ` +
        `The threads' memory ends at 4 GiB; a search of more is refused in one line.`
      );
    },
  },
  {
    title: 'Triplets of your own',
    unit: 'lines',
    file: 'csv.svg',
    what: 'Reading, checking and splitting `triplets.csv` about 1,000 pictures: the first time, and again.',
    says: (all) => {
      const [first, again] = [named(all, 'first time'), named(all, 'again')];
      return (
        `Time grows as lines^${power(exponentOf(first))}: the file is parsed a MiB at a time, and memory beside the program is the file and its triplets. ` +
        `A file of 16 MiB or more (here of 1,000,000 lines) is kept as numbers: again it takes ${duration(last(again.seconds))} instead of ${duration(last(first.seconds))}.`
      );
    },
  },
  {
    title: 'Pictures of your own',
    unit: 'pictures',
    file: 'pictures.svg',
    what: 'A folder of pictures of about 10 KB (64 different ones, JPEG and every fourth PNG) and 10,000 lines of triplets: finding and checking all, and decoding all to 224 x 224 on two threads, files in the memory of the system.',
    says: (all) => {
      const [find, decode] = [named(all, 'find and check'), named(all, 'decode and resize')];
      const rates = decode.sizes.map((size, i) => size / decode.seconds[i]);
      return (
        `Decoding grows as pictures^${power(exponentOf(decode))}, ${Math.round(last(rates))} pictures a second at the end. ` +
        `Its memory is bounded: 512 MiB of decoded pictures are kept for the next time, and 128 MiB are made ahead. ` +
        `Finding ${last(find.sizes).toLocaleString('en-US')} pictures and checking the lines takes ${duration(last(find.seconds))}.`
      );
    },
  },
];

function curvesOf(rows: readonly Row[], unit: string): Grown[] {
  const own = rows.filter((row) => Object.keys(row)[0] === unit);
  return [...new Set(own.map((row) => String(row['curve'])))].map((name) => {
    const points = own.filter((row) => row['curve'] === name).sort((a, b) => Number(a[unit]) - Number(b[unit]));
    const numbers = (key: string): number[] => points.map((row) => Number(row[key]));
    return { name, sizes: numbers(unit), seconds: numbers('seconds'), mib: numbers('peak MiB') };
  });
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function curveTable(all: readonly Grown[], unit: string): string {
  const sizes = [...new Set(all.flatMap((curve) => curve.sizes))].sort((a, b) => a - b);
  const head = [unit, ...sizes.map(shortCount), `grows as ${unit}^`, 'bends', 'peak MiB', `grows as ${unit}^`];
  const rows = all.map((curve) => {
    const bend = bendOf(curve.sizes, curve.seconds);
    return [
      curve.name,
      ...sizes.map((size) => (curve.sizes.includes(size) ? duration(curve.seconds[curve.sizes.indexOf(size)]) : '')),
      power(exponentOf(curve)),
      bend ? `at ${shortCount(bend.size)}, from ${power(bend.before)} to ${power(bend.after)}` : 'no',
      `${mibOf(curve.mib[0])} to ${mibOf(last(curve.mib))}`,
      power(lastExponent(curve.sizes, curve.mib)),
    ];
  });
  return table(head, rows);
}

function figureOf({ unit, title }: Section, all: readonly Grown[]): string {
  const lines = (values: (curve: Grown) => readonly number[]): Line[] =>
    all.map((curve) => ({ name: curve.name, points: curve.sizes.map((size, i) => ({ size, value: values(curve)[i] })) })); // prettier-ignore
  const panels = [
    { title: 'Time', lines: lines(({ seconds }) => seconds), label: duration },
    { title: 'Memory, MiB', lines: lines(({ mib }) => mib), label: (mib: number) => mib.toLocaleString('en-US') },
  ];
  const legend = all.map((curve) => `${curve.name} (${unit}^${power(exponentOf(curve))})`);
  return curves(panels, unit, legend, `${title}: time and memory over ${unit}. ${legend.join(', ')}`);
}

function startOf(rows: readonly Row[]): { readonly table: string; readonly figure: string } {
  const shown = rows.map((row) => ({
    name: String(row['what']),
    value: Number(row['seconds']),
    ...(row['its seconds'] !== undefined && { other: Number(row['its seconds']) }),
  }));
  const cells = rows.map((row, i) => [
    shown[i].name,
    duration(shown[i].value),
    String(row['beside'] ?? ''),
    shown[i].other === undefined ? '' : duration(shown[i].other),
  ]);
  const alt = `Seconds until it is there: ${shown.map(({ name, value }) => `${name} ${duration(value)}`).join(', ')}`;
  return { table: table(['', 'here', 'beside', 'takes'], cells), figure: bars(shown, duration, alt) };
}

/** Makes the page and its figures from what was measured; the same numbers give the same bytes. */
export async function growthPage({ growth, start }: Stored): Promise<Page> {
  const { processor, instructions, cores, memory_gib, system, node } = growth.machine;
  const figures: Record<string, string> = {};
  const parts = sections.map((section) => {
    const all = curvesOf(growth.rows, section.unit);
    figures[section.file] = figureOf(section, all);
    return `## ${section.title}

${section.what} ${section.says(all)}

![${section.title}: time and memory over ${section.unit}](${section.file})

${curveTable(all, section.unit)}`;
  });
  const begun = startOf(start.rows);
  figures['start.svg'] = begun.figure;
  const readme = `# Growth

How time and memory grow, measured by \`npm run benchmark -- growth start\`; \`npm run benchmark -- growth-page\` writes this page and its figures from \`build/benchmarks/\`.

The machine: ${cores} cores ${processor} with ${instructions}, ${memory_gib} GiB, ${system}, Node ${node}; ${growth.time.slice(0, 10)}, commit ${String(growth.versions['commit']).slice(0, 8)} at the last part; a shared virtual machine. Exponents are slopes of the logarithms over the larger half of the sizes; a curve bends where the slope from size to size changes most, by .3 or more.

${parts.join('\n\n')}

## Start-up

From the start of the process, files in the memory of the system; grey: PyTorch or Python's kernel doing the same. It does not grow with the data.

![Start-up: seconds](start.svg)

${begun.table}
`;
  return { readme: await format(readme, { ...(await resolveConfig('README.md')), parser: 'markdown' }), figures };
}
