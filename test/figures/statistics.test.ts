import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { datasetPlots, datasetTables, tripletsPerItem } from '../../src/figures/plots/dataset-statistics.js';
import { agreementMatrix, teacherVotes } from '../../src/figures/plots/teacher-agreement.js';
import { smallSet } from './view-helpers.js';

const dataset = smallSet();
interface Trace {
  readonly x: (number | string)[];
  readonly y: (number | string)[];
  readonly z: (number | null)[][];
  readonly text: string[];
  readonly width: number;
  readonly name?: string;
}
const traces = (figure: { data: readonly unknown[] }): Trace[] => figure.data as Trace[];
const sum = (values: readonly unknown[]): number => (values as number[]).reduce((a, b) => a + b, 0);

test("a data set's tables count what a naive count counts", (t) => {
  const rows = new Map(
    [...datasetTables(dataset).matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) => {
      const [of, ...values] = [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell);
      return [of, values];
    }),
  );
  t.deepEqual(rows.get('items (pictures)'), ['60']);
  t.deepEqual(rows.get('triplets, as read'), ['2000']);
  const { training, validation, test: last } = dataset.triplets;
  t.deepEqual(
    rows.get('triplets'),
    [training, validation, last].map((one) => String(one.length / 3)),
  );
  const uses = (list: Int32Array): number[] =>
    dataset.items.map(({ index }) => Array.from(list).filter((item) => item === index).length);
  t.deepEqual(
    rows.get('triplets of a picture, most'),
    [training, validation, last].map((one) => String(Math.max(...uses(one)))),
  );
  t.deepEqual(
    rows.get('of them in no triplet of it'),
    (['training', 'validation', 'test'] as const).map((subset) => {
      const counts = uses(dataset.triplets[subset]);
      return String(Array.from(dataset.instances[subset]).filter((item) => counts[item] === 0).length);
    }),
  );
  t.deepEqual([...tripletsPerItem(dataset, [training])], uses(training));
});

test("a data set's plots hold every item once, in bins of one width", (t) => {
  const figure = datasetPlots(dataset, { title: 'a <b> & c' });
  const [sizes, classes, ...uses] = traces(figure);
  t.deepEqual(
    sizes.y,
    (['training', 'validation', 'test'] as const).map((s) => dataset.triplets[s].length / 3),
  );
  t.is(sum(classes.y), 60);
  t.deepEqual(
    uses.map(({ y, name }) => [name, sum(y)]),
    (['training', 'validation', 'test'] as const).map((s) => [s, dataset.instances[s].length]),
  );
  t.is(new Set(uses.map(({ width }) => width)).size, 1);
  t.regex(JSON.stringify(figure.layout.title), /a &lt;b&gt; &amp; c/);
});

test('class sets have statistics too', (t) => {
  const classes = {
    ...dataset,
    firstClass: 1 as const,
    numClasses: 2,
    classNames: ['a', '<b>'],
    items: dataset.items.map((item) => ({ ...item, class: 1 + (item.index % 2) })),
    triplets: undefined,
  };
  delete (classes as { triplets?: unknown }).triplets;
  t.regex(datasetTables(classes), /items of a class, fewest<\/th><td[^>]*>30</);
  t.is(traces(datasetPlots(classes)).length, 2);
});

/** Embeddings on a line. */
const line = (name: string, ...data: number[]) => ({ name, size: 1, data: Float32Array.from(data) });

test('agreement and votes of teachers are those counted by hand', (t) => {
  // Triplets: which of 01, 02, 12 is nearest.
  const triplets = Int32Array.of(0, 1, 2, 1, 2, 3, 0, 1, 3);
  const a = line('a <1>', 0, 1, 3, 7); // 01, 12 (of items), 01
  const b = line('b', 0, 1, 5, 6); // 01, 23, 01
  const c = line('c', 0, 5, 6, 1); // 12, 12, 03
  const figure = agreementMatrix([a, b, c], triplets, false);
  const [matrix, histogram] = traces(figure);
  t.deepEqual(matrix.z, [
    [null, 2 / 3, 1 / 3],
    [2 / 3, null, 0],
    [1 / 3, 0, null],
  ]);
  t.is(matrix.x[0], 'a &lt;1&gt;');
  t.is(sum(histogram.y), 3);
  t.regex(figure.alt, /mean 0.333, from 0.000 to 0.667; chance 0.333/);
  const votes = traces(teacherVotes([a, b, c], triplets, false))[0];
  // a is right on all three, b on the first and last, c on the second.
  t.deepEqual(votes.y, [0, 0, 1, 0]);
  t.throws(() => agreementMatrix([a], triplets, false), { instanceOf: UsageError });
});
