import type { Data } from 'plotly.js-dist-min';
import { type ClassDataset, isTripletDataset, subsets, type TripletDataset } from '../../datasets/dataset.js';
import { describeStatistics, tripletStatistics } from '../../datasets/counts/triplet-statistics.js';
import { html } from '../../html/template.js';
import { baseLayout, type Figure, legendAbove } from '../figure.js';
import { seriesColor } from '../palette.js';
import { tableHtml } from './table.js';

type Dataset = TripletDataset | ClassDataset;

/** Counts the triplets of each item of the data set. */
export function tripletsPerItem(dataset: TripletDataset, triplets: readonly Int32Array[]): Int32Array {
  const uses = new Int32Array(dataset.items.length);
  for (const list of triplets) for (const item of list) uses[item]++;
  return uses;
}

const mostBins = 40;

/** Counts values in equal integer bins from 0 to the largest value, few enough for bars. */
function integerBins(
  values: ArrayLike<number>,
  top = Array.from(values).reduce((a, b) => Math.max(a, b), 0),
): { centers: number[]; counts: number[]; width: number } {
  const width = Math.max(1, Math.ceil((top + 1) / mostBins));
  const counts = new Array<number>(Math.floor(top / width) + 1).fill(0);
  for (const value of Array.from(values)) counts[Math.floor(value / width)]++;
  return { centers: counts.map((_, b) => b * width + (width - 1) / 2), counts, width };
}

function itemsPerClass(dataset: Dataset): Int32Array {
  const counts = new Int32Array(dataset.classNames.length);
  for (const item of dataset.items) counts[item.class - dataset.firstClass]++;
  return counts;
}

/**
 * Describes a data set as HTML tables: items, classes, files read and files missing. For each subset they have items
 * and triplets, triplets per item, items without triplets, repeated and contradictory answers, and the ceiling, which
 * is the best FCT that an embedding can expect (see `tripletCeiling`).
 */
export function datasetTables(dataset: Dataset): string {
  const { counts, missing, notes } = dataset.facts;
  const perClass = itemsPerClass(dataset);
  const whole = [
    { of: 'items (pictures)', count: dataset.items.length },
    { of: 'classes', count: dataset.classNames.length },
    { of: 'items of a class, fewest', count: perClass.reduce((a, b) => Math.min(a, b), Infinity) },
    { of: 'items of a class, most', count: perClass.reduce((a, b) => Math.max(a, b), 0) },
    ...Object.entries(counts)
      .filter(([of]) => of !== 'items' && !(subsets as readonly string[]).includes(of))
      .map(([of, count]) => ({ of: `${of}, as read`, count })),
  ];
  const remarks = [...notes, ...(missing.length ? [`${missing.length} files are missing, such as ${missing[0]}`] : [])];
  const said = remarks.length ? html`<p style="max-width:60em">${remarks.join('; ')}</p>`.toString() : '';
  const tables = [tableHtml(whole, { caption: dataset.name }) + said];
  if (!isTripletDataset(dataset)) {
    const rows = subsets.map((subset) => {
      const items = dataset.instances[subset];
      return { subset, items: items.length, classes: new Set(Array.from(items, (i) => dataset.items[i].class)).size };
    });
    return [...tables, tableHtml(rows, { caption: 'Subsets' })].join('<br>');
  }
  const parts = subsets.map((subset) => ({
    items: dataset.instances[subset],
    statistics: describeStatistics(tripletStatistics(dataset.triplets[subset], dataset.directed)),
    uses: tripletsPerItem(dataset, [dataset.triplets[subset]]),
  }));
  const row = (
    of: string,
    value: (part: (typeof parts)[number], p: number) => number | string,
  ): Record<string, unknown> => ({
    of,
    ...Object.fromEntries(parts.map((part, p) => [subsets[p], value(part, p)])),
  });
  const rows = [
    row('items of the subset', ({ items }) => items.length),
    row('of them in no triplet of it', ({ items, uses }) => items.reduce((sum, i) => sum + Number(uses[i] === 0), 0)),
    ...parts[0].statistics.map(({ of }, at) => row(of, ({ statistics }) => statistics[at].count)),
  ];
  return [
    ...tables,
    tableHtml(rows, { caption: `Triplets, ${dataset.directed ? 'anchor, near and far' : 'the odd one of three'}` }),
  ].join('<br>');
}

/** Draws sizes of subsets, items per class and, for triplet sets, triplets per item, as two or three panels. */
export function datasetPlots(dataset: Dataset, options: { title?: string } = {}): Figure {
  const { title } = { title: dataset.name, ...options };
  const withTriplets = isTripletDataset(dataset);
  const perClass = integerBins(itemsPerClass(dataset));
  const bars = (x: readonly (string | number)[], y: readonly number[], axis: string, series = 0, more = {}): Data =>
    ({
      type: 'bar',
      x,
      y,
      marker: { color: seriesColor(series), line: { color: 'white', width: 0.5 } },
      showlegend: false,
      xaxis: `x${axis}`,
      yaxis: `y${axis}`,
      ...more,
    }) as Data;
  const sizes = subsets.map((subset) =>
    withTriplets ? dataset.triplets[subset].length / 3 : dataset.instances[subset].length,
  );
  const data: Data[] = [
    bars(subsets, sizes, '', 0, { text: sizes.map(String), textposition: 'outside', cliponaxis: false }),
    bars(perClass.centers, perClass.counts, '2', 2, { width: perClass.width }),
  ];
  const words = [subsets.map((subset, s) => `${subset} ${sizes[s]}`).join(', ')];
  if (withTriplets) {
    const uses = subsets.map((subset) => {
      const all = tripletsPerItem(dataset, [dataset.triplets[subset]]);
      return Array.from(dataset.instances[subset], (item) => all[item]);
    });
    const top = uses.flat().reduce((a, b) => Math.max(a, b), 0);
    subsets.forEach((subset, s) => {
      const own = uses[s];
      const { centers, counts, width } = integerBins(own, top);
      const more = { width, opacity: 0.65, name: subset, showlegend: true };
      data.push(bars(centers, counts, '3', [0, 1, 3][s], more));
      const unused = own.reduce((sum, count) => sum + Number(count === 0), 0);
      words.push(
        `${subset} ${(own.reduce((a, b) => a + b, 0) / own.length).toFixed(1)} triplets an item, ${unused} items in none`,
      );
    });
  }
  const base = baseLayout({ title, height: 400 });
  const panels = withTriplets ? 3 : 2;
  const gap = 0.1;
  const width = (1 - gap * (panels - 1)) / panels;
  const axis = (p: number, x: string, y: string, more = {}): Record<string, unknown> => {
    const key = p === 0 ? '' : String(p + 1);
    const small = (text: string) => ({ title: { text, font: { size: 15 } }, tickfont: { size: 13 } });
    return {
      [`xaxis${key}`]: { ...base.xaxis, ...more, ...small(x), domain: [p * (width + gap), p * (width + gap) + width] },
      [`yaxis${key}`]: { ...base.yaxis, ...small(y), anchor: `x${key}` },
    };
  };
  return {
    data,
    layout: {
      ...base,
      bargap: 0.15,
      barmode: 'overlay',
      legend: legendAbove,
      ...axis(0, 'Subset', withTriplets ? 'Triplets' : 'Items'),
      ...axis(1, 'Items of a class', 'Classes', perClass.counts.length <= 10 ? { dtick: 1 } : {}),
      ...(withTriplets ? axis(2, 'Triplets of an item', 'Items') : {}),
    },
    alt: `${title}: ${withTriplets ? 'triplets' : 'items'} ${words.join('; ')}; ${dataset.items.length} items of ${dataset.classNames.length} classes`,
  };
}
