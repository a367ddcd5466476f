import test from 'ava';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.js';
import { summarizeCurves, trainingCurves, type CurveOptions, type RunCurves } from '../../src/figures/plots/curves.js';
import { liveFigure, show, showHtml } from '../../src/figures/live/display.js';
import { embeddingMap } from '../../src/figures/plots/embedding-map.js';
import { figureJson } from '../../src/figures/figure.js';
import { countInBins, histogram } from '../../src/figures/plots/histogram.js';
import { similarityMatrix } from '../../src/figures/plots/similarity-matrix.js';

interface Trace {
  readonly name?: string;
  readonly x: number[];
  readonly y: number[];
  readonly z: number[][];
  readonly fill?: string;
  readonly xaxis?: string;
  readonly marker: { readonly color: string; readonly symbol: string };
  readonly hovertext: string[];
  readonly text: string[];
}
const traces = (figure: { data: readonly unknown[] }): Trace[] => figure.data as Trace[];

test('curves are means over the runs that reached the epoch, with their spread', (t) => {
  const runs = [
    [1, 2, 3],
    [3, 6],
    [5, NaN, 9],
  ];
  t.deepEqual(summarizeCurves(runs, 'range'), { epochs: [1, 2, 3], mean: [3, 4, 6], low: [1, 2, 3], high: [5, 6, 9] });
  const { low, high } = summarizeCurves(runs);
  t.deepEqual([low[0], high[0]], [1, 5]); // deviation of 1, 3, 5 is 2
  t.true(Math.abs(high[2] - (6 + Math.sqrt(18))) < 1e-12);
  t.deepEqual(summarizeCurves([[7]]), { epochs: [1], mean: [7], low: [7], high: [7] });
});

test('training curves put losses and metric side by side, a band only where runs differ', (t) => {
  const figure = trainingCurves([
    {
      name: 'ste',
      runs: [
        { trainingLoss: [2, 1], metric: [0.5, 0.75] },
        { trainingLoss: [4, 1], metric: [0.5, 0.75] },
      ],
    },
  ]);
  const drawn = traces(figure);
  t.deepEqual(
    drawn.map(({ fill, xaxis }) => [fill, xaxis]),
    [
      ['toself', 'x'],
      [undefined, 'x'],
      [undefined, 'x2'],
    ],
  );
  t.deepEqual(drawn[1].y, [3, 1]);
  t.deepEqual(drawn[2].y, [0.5, 0.75]);
  t.is(figure.alt, 'Training curves: after the last epoch ste training loss 1.000; ste validation metric 0.7500');
  t.is(trainingCurves([]).alt, 'Training curves: no epochs yet');
  const axisOf = (run: RunCurves, options?: CurveOptions) =>
    JSON.stringify(trainingCurves([{ name: 'a', runs: [run] }], options).layout.yaxis);
  t.regex(axisOf({ metric: [0.5], metricOverBatches: true }), /Fraction of correct triplets, mean over batches/);
  t.notRegex(axisOf({ metric: [0.5], metricOverBatches: false }), /batches/);
  t.notRegex(axisOf({ metric: [0.5], metricOverBatches: true }, { metricTitle: 'Agreement' }), /batches/);
});

test('every group of a map has its own pair of colour and shape', (t) => {
  const n = 49;
  const groups = Array.from({ length: n }, (_, i) => `group ${i}`);
  const figure = embeddingMap(
    Float64Array.from({ length: 2 * n }, (_, i) => i),
    { groups, names: groups, labelled: [3] },
  );
  const drawn = traces(figure);
  t.is(new Set(drawn.map(({ marker }) => `${marker.color} ${marker.symbol}`)).size, n);
  t.deepEqual([drawn[3].x, drawn[3].y, drawn[3].text, drawn[4].text], [[6], [7], ['group 3'], ['']]);
  t.throws(() => embeddingMap([1, 2, 3, 4], { names: ['a'] }), {
    instanceOf: UsageError,
    message: /names: 1; .* 2 points/,
  });
});

test('histograms count every finite value once, in the bin whose edges hold it', (t) => {
  t.deepEqual(countInBins([0, 1, 2, 3, 4], 4), { edges: [0, 1, 2, 3, 4], counts: [1, 1, 1, 2] });
  t.deepEqual(countInBins([5, 5, NaN], 2).counts, [0, 2]);
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 40 }),
      (x, bins) => {
        const { edges, counts } = countInBins(x, bins);
        const expected = counts.map(
          (_, b) => x.filter((v) => v >= edges[b] && (v < edges[b + 1] || (b === bins - 1 && v <= edges[bins]))).length,
        );
        return counts.every((count, b) => count === expected[b]) && counts.reduce((a, b) => a + b) === x.length;
      },
    ),
  );
  t.throws(() => countInBins([NaN], 3), { instanceOf: UsageError });
  t.throws(() => countInBins([1], 0), { instanceOf: UsageError });
  t.regex(histogram([1, 2, 3]).alt, /3 values from 1\.000 to 3\.000/);
});

test('a similarity matrix is shown in the order asked for', (t) => {
  const matrix = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8);
  t.deepEqual(traces(similarityMatrix(matrix, 3, { order: Int32Array.of(2, 0) }))[0].z, [
    [8, 6],
    [2, 0],
  ]);
  t.deepEqual(traces(similarityMatrix(matrix, 3))[0].z[1], [3, 4, 5]);
  t.throws(() => similarityMatrix(matrix, 2), { instanceOf: UsageError, message: /9 values; give 2 x 2/ });
});

test('figures become plain JSON: typed arrays as short lists, gaps as null', (t) => {
  const figure = {
    data: [{ type: 'scatter' as const, x: Float32Array.of(0.1, NaN), y: [1, Infinity] }],
    layout: {},
    alt: '',
  };
  t.deepEqual(figureJson(figure).data, [{ type: 'scatter', x: [0.1, null], y: [1, null] }]);
});

test('outside of a notebook showing says what to do', (t) => {
  const figure = { data: [], layout: {}, alt: '' };
  for (const call of [() => show(figure), () => showHtml(''), () => liveFigure(figure)])
    t.throws(call, {
      instanceOf: UsageError,
      message: /outside of a notebook; open one with tripletlab notebook serve/,
    });
});
