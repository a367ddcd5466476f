import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { thumbnail } from '../../src/figures/pictures/thumbnail.js';
import { disagreementBrowser } from '../../src/figures/views/disagreement-browser.js';
import type { Cards } from '../../src/figures/views/cards.js';
import { lossPicture } from '../../src/figures/views/loss-picture.js';
import type { ShownLosses } from '../../src/figures/views/loss-svg.js';
import { neighborBrowser } from '../../src/figures/views/neighbor-browser.js';
import { pictureMap } from '../../src/figures/views/picture-map.js';
import { similarityBrowser, type SimilarityBrowserOptions } from '../../src/figures/views/similarity-browser.js';
import { tools } from '../../src/figures/views/script-helpers.js';
import { tripletBrowser, type TripletBrowserOptions } from '../../src/figures/views/triplet-browser.js';
import { chooseEngine } from '../../src/engine/index.js';
import { fractionCorrectOfTriplets } from '../../src/metrics/fraction-correct-triplets.js';
import { RandomStream } from '../../src/random/stream.js';
import { embeddedPictures, manyItems, noisyFactors, smallSet, viewData } from './view-helpers.js';

const dataset = smallSet();
const good = noisyFactors(dataset, 'good', 0.02);
const poor = noisyFactors(dataset, 'poor <b>"&\'', 0.4);

test.before(async () => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
});

test('the triplet browser counts all triplets by subset and answer, and embeds no more than asked', async (t) => {
  const view = await tripletBrowser(dataset, { models: [good, poor], limit: 40, pictures: 30 });
  const { counts, cards, pictures } = viewData<Cards>(view);
  for (const [s, subset] of (['training', 'validation', 'test'] as const).entries()) {
    const triplets = dataset.triplets[subset];
    const here = Object.entries(counts).filter(([key]) => key.startsWith(`${s},`));
    t.is(
      here.reduce((sum, [, n]) => sum + n, 0),
      triplets.length / 3,
    );
    for (const [m, { data, size }] of [good, poor].entries()) {
      const right = here.filter(([key]) => key.split(',')[m + 1] === '0').reduce((sum, [, n]) => sum + n, 0);
      t.is(right, Math.round(fractionCorrectOfTriplets(data, size, triplets, false) * (triplets.length / 3)));
    }
  }
  t.true(cards.length <= 40 && cards.length > 5);
  t.true(pictures.length <= 30);
  // Each card is the triplet it says it is.
  for (const { title, places, facets } of cards) {
    const [, subset, number] = /^(\w+) triplet ([\d,]+)$/.exec(title)!;
    const at = Number(number.replace(/,/g, '')) - 1;
    const triplet = dataset.triplets[subset as 'training'].subarray(3 * at, 3 * at + 3);
    t.deepEqual(
      places.map(({ picture }) => pictures[picture].name),
      [...triplet].map((item) => `item ${item}`),
    );
    t.is(['training', 'validation', 'test'][facets[0]], subset);
  }
  // Rare combinations are there as well as common ones.
  t.is(new Set(cards.map(({ facets }) => facets.join(','))).size, Object.keys(counts).length);
  t.regex(view.html, new RegExp(`${cards.length} are here, with ${pictures.length} pictures`));
  t.deepEqual(await tripletBrowser(dataset, { models: [good, poor], limit: 40, pictures: 30 }), view);
});

test('the most doubtful triplets of each subset are a choice, come first, and are those of highest entropy', async (t) => {
  const temperature = 0.2;
  const view = await tripletBrowser(dataset, {
    models: [good],
    doubts: { teachers: [good], temperature },
    doubtful: 7,
  });
  const { filters, counts, cards } = viewData<Cards>(view);
  t.deepEqual(filters[2], { label: 'doubt', options: ['most doubtful', 'others'] });
  const first = cards.slice(0, 21);
  t.true(first.every(({ facets }) => facets[2] === 0) && cards.slice(21).every(({ facets }) => facets[2] === 1));
  const distance = (i: number, j: number) =>
    Math.hypot(...Array.from({ length: 4 }, (_, f) => good.data[4 * i + f] - good.data[4 * j + f]));
  for (const [s, subset] of (['training', 'validation', 'test'] as const).entries()) {
    const triplets = dataset.triplets[subset];
    const entropies = Array.from({ length: triplets.length / 3 }, (_, at) => {
      const [a, b, c] = triplets.subarray(3 * at, 3 * at + 3);
      const weights = [distance(a, b), distance(a, c), distance(b, c)].map((d) => Math.exp(-d / temperature));
      const sum = weights.reduce((x, y) => x + y);
      return weights.reduce((total, weight) => total - (weight / sum) * Math.log2(weight / sum), 0);
    });
    const expected = [...entropies.keys()].sort((a, b) => entropies[b] - entropies[a]).slice(0, 7);
    const own = first.filter(({ facets }) => facets[0] === s);
    t.deepEqual(
      own.map(({ title }) => title),
      expected.map((at) => `${subset} triplet ${tools.count(at + 1)}`),
    );
    t.regex(own[0].lines[1], new RegExp(`^doubt ${entropies[expected[0]].toFixed(2)} bit: this answer \\d+ %, others`));
    const doubtful = Object.entries(counts).filter(([key]) => key.startsWith(`${s},`) && key.endsWith(',0'));
    t.is(
      doubtful.reduce((sum, [, n]) => sum + n, 0),
      7,
    );
  }
  const partly = { ...good, data: good.data.slice().fill(NaN, 0, 4) };
  const some = viewData<Cards>(await tripletBrowser(dataset, { doubts: { teachers: [partly], temperature } }));
  const unknown = some.cards.filter(({ places }) =>
    places.some(({ picture }) => some.pictures[picture].name === 'item 0'),
  );
  t.true(unknown.length > 0);
  for (const { lines, facets } of unknown) t.deepEqual([lines, facets[1]], [['doubt: not embedded'], 1]);
  await t.throwsAsync(tripletBrowser(dataset, { doubts: { teachers: [{ data: good.data, size: 5 }], temperature } }), {
    instanceOf: UsageError,
    message: /^invalid embeddings: teacher 1 has 48 rows;/,
  });
});

test('all triplets are shown where they fit, and a model without some items says so', async (t) => {
  const few = smallSet(30, 500);
  const partly = noisyFactors(few, 'partly', 0.1);
  partly.data.fill(NaN, 0, 4);
  const view = await tripletBrowser(few, { models: [partly], limit: 500 });
  const { counts, cards } = viewData<Cards>(view);
  const total = Object.values(few.triplets).reduce((sum, triplets) => sum + triplets.length / 3, 0);
  t.is(cards.length, total);
  t.regex(view.html, new RegExp(`All ${total} triplets are here`));
  const without = Object.values(few.triplets).reduce(
    (sum, triplets) => sum + Array.from(triplets).filter((item) => item === 0).length,
    0,
  );
  const said = Object.entries(counts).filter(([key]) => key.endsWith(',2'));
  t.is(
    said.reduce((sum, [, n]) => sum + n, 0),
    without,
  );
});

test('names cannot become HTML, nor end the script', async (t) => {
  const name = '</script><img src=x onerror=alert(1)><!--"\'&';
  const named = { ...dataset, classNames: dataset.items.map(() => name) };
  const views = [
    await tripletBrowser(named, { title: name, models: [{ ...good, name }] }),
    await neighborBrowser(named, [{ ...good, name }], { title: name }),
    await similarityBrowser(named, { ...good, name }, { title: name }),
    await pictureMap(named, { ...good, name }, { title: name, method: 'pca', groups: named.items.map(() => name) }),
    await disagreementBrowser(named, { ...good, name }, [{ ...poor, name }], { title: name }),
    lossPicture({
      title: name,
      losses: [{ loss_type: 'ste', parameters: { tau: 0.2 }, label: name }],
      angles: [0, 50, 90],
      names: [name, name, name],
      frames: 4,
    }),
  ];
  for (const { html } of views) {
    t.false(html.includes('<img src=x'));
    t.is([...html.matchAll(/<\/script/g)].length, 1);
    t.false(html.includes('<!--'));
    t.true(html.endsWith('</script>'));
  }
});

test('neighbours are the nearest of all items, by naive search', async (t) => {
  const view = await neighborBrowser(dataset, [good, poor], { k: 5, limit: 10 });
  const { queries, pictures } = viewData<{
    queries: { picture: number; rows: [number, number][][] }[];
    pictures: { name: string }[];
  }>(view);
  t.is(queries.length, 10);
  const item = (at: number): number => Number(pictures[at].name.slice(5));
  for (const { picture, rows } of queries)
    for (const [e, { data, size }] of [good, poor].entries()) {
      const from = item(picture);
      const distance = (to: number): number =>
        Math.hypot(...Array.from({ length: size }, (_, k) => data[from * size + k] - data[to * size + k]));
      const naive = dataset.items
        .map(({ index }) => index)
        .filter((to) => to !== from)
        .sort((a, b) => distance(a) - distance(b))
        .slice(0, 5);
      t.deepEqual(
        rows[e].map(([at]) => item(at)),
        naive,
      );
      rows[e].forEach(([at, d]) => {
        t.true(Math.abs(d - distance(item(at))) < 1e-3 * d);
      });
    }
  t.regex(view.html, /10 of 60 pictures to choose from, drawn at random/);
});

interface Matrix {
  readonly n: number;
  readonly low: number;
  readonly high: number;
  readonly values: string;
  readonly counts: number[];
}
const valueAt = ({ n, low, high, values }: Matrix, i: number, j: number): number => {
  const level = Buffer.from(values, 'base64').readUInt16LE(2 * (i * n + j));
  return level === 65535 ? NaN : low + ((high - low) * level) / 65534;
};
const cosine = (data: Float32Array, size: number, i: number, j: number): number => {
  const row = (item: number): number[] => Array.from(data.subarray(item * size, (item + 1) * size));
  const [a, b] = [row(i), row(j)];
  return a.reduce((sum, x, k) => sum + x * b[k], 0) / Math.hypot(...a) / Math.hypot(...b);
};

test('cells of the similarity matrix are cosines, and means over pairs where items are put together', async (t) => {
  const items = [3, 1, 4, 15, 9, 26, 5];
  const each = viewData<Matrix>(await similarityBrowser(dataset, poor, { items, order: 'given' }));
  t.deepEqual(each.counts, [1, 1, 1, 1, 1, 1, 1]);
  items.forEach((a, i) =>
    items.forEach((b, j) => {
      t.true(Math.abs(valueAt(each, i, j) - cosine(poor.data, 4, a, b)) < 1e-4);
    }),
  );
  const view = await similarityBrowser(dataset, poor, { items, order: 'given', limit: 3 });
  const together = viewData<Matrix>(view);
  t.deepEqual(together.counts, [2, 3, 2]);
  const groups = [items.slice(0, 2), items.slice(2, 5), items.slice(5)];
  groups.forEach((a, i) =>
    groups.forEach((b, j) => {
      const pairs = a.flatMap((x) => b.filter((y) => x !== y).map((y) => cosine(poor.data, 4, x, y)));
      t.true(Math.abs(valueAt(together, i, j) - pairs.reduce((sum, x) => sum + x, 0) / pairs.length) < 1e-4);
    }),
  );
  t.regex(view.html, /7 items in the order given, in 3 groups of 2 or 3/);
});

test('a given similarity matrix keeps its values and its items', async (t) => {
  const items = [7, 2, 11];
  const values = [1, 0.25, 0.5, 0.25, 1, 0.75, 0.5, 0.75, 1];
  const view = await similarityBrowser(dataset, { name: 'judged', values, items });
  const shown = viewData<Matrix & { pictures: { name: string }[] }>(view);
  t.deepEqual(
    shown.pictures.map(({ name }) => name),
    ['item 7', 'item 2', 'item 11'],
  );
  for (let at = 0; at < 9; at++) t.true(Math.abs(valueAt(shown, Math.floor(at / 3), at % 3) - values[at]) < 1e-4);
  await t.throwsAsync(similarityBrowser(dataset, { name: 'judged', values, items: [1, 2] }), {
    instanceOf: UsageError,
    message: 'invalid matrix: 9 values; give 4 for 2 items',
  });
});

test('the order by likeness puts members of groups beside each other', async (t) => {
  // Three tight groups in the plane, mixed up.
  const data = Float32Array.from({ length: 120 }, (_, at) => {
    const angle = (at >> 1) % 3 === 0 ? 0.1 : (at >> 1) % 3 === 1 ? 1.4 : 2.6;
    const [x, y] = [Math.cos(angle + ((at >> 1) % 7) / 100), Math.sin(angle + ((at >> 1) % 7) / 100)];
    return at % 2 ? y : x;
  });
  const view = await similarityBrowser(dataset, { name: 'groups', data, size: 2 }, { order: 'likeness' });
  const { pictures } = viewData<{ pictures: { name: string }[] }>(view);
  const groups = pictures.map(({ name }) => Number(name.slice(5)) % 3);
  t.is(groups.filter((group, i) => i > 0 && group !== groups[i - 1]).length, 2);
});

test('the map keeps to its numbers of points and pictures, and says so', async (t) => {
  const view = await pictureMap(dataset, good, { method: 'pca', limit: 40, pictures: 9 });
  const { names, tiles, points } = viewData<{ names: string[]; tiles: number[]; points: string }>(view);
  t.is(names.length, 40);
  t.is(new Set(names).size, 40);
  t.is(Buffer.from(points, 'base64').length, 4 * 2 * 40);
  t.deepEqual(
    tiles.filter((tile) => tile >= 0).sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
  );
  t.regex(view.html, /40 of 60 items, drawn at random \(seed 0\), 9 of them with a picture/);
  await t.throwsAsync(pictureMap(dataset, good, { groups: ['a'] }), {
    message: /^invalid groups: 1; give one for each/,
  });
});

test('disagreements are the greatest differences of relative distances, and triplets against the majority', async (t) => {
  const teachers = [good, noisyFactors(dataset, 'second', 0.03), noisyFactors(dataset, 'third', 0.05)];
  const view = await disagreementBrowser(dataset, poor, teachers, { limit: 5 });
  const { cards, pictures, counts } = viewData<Cards>(view);
  const distances = [poor, ...teachers].map(({ data, size }) => {
    const pairs = new Map<string, number>();
    for (let i = 0; i < 60; i++)
      for (let j = 0; j < i; j++)
        pairs.set(
          `${j},${i}`,
          Math.hypot(...Array.from({ length: size }, (_, k) => data[i * size + k] - data[j * size + k])),
        );
    const mean = [...pairs.values()].reduce((sum, d) => sum + d, 0) / pairs.size;
    return new Map([...pairs].map(([key, d]) => [key, d / mean]));
  });
  const difference = (key: string): number =>
    distances[0].get(key)! - distances.slice(1).reduce((sum, one) => sum + one.get(key)! / 3, 0);
  const sorted = [...distances[0].keys()].sort((a, b) => difference(a) - difference(b));
  const shown = (kind: number): string[] =>
    cards
      .filter(({ facets }) => facets[0] === kind)
      .map(({ places }) =>
        places
          .map(({ picture }) => Number(pictures[picture].name.slice(5)))
          .sort((a, b) => a - b)
          .join(','),
      );
  t.deepEqual(shown(0), sorted.slice(0, 5));
  t.deepEqual(shown(1), sorted.slice(-5).reverse());
  const triplets = dataset.triplets.validation;
  const right = (e: typeof good, t3: Int32Array): boolean => fractionCorrectOfTriplets(e.data, e.size, t3, false) === 1;
  let against = 0;
  for (let m = 0; m < triplets.length; m += 3) {
    const triplet = triplets.subarray(m, m + 3);
    const votes = teachers.filter((teacher) => right(teacher, triplet)).length;
    against += Number(right(poor, triplet) !== votes >= 2);
  }
  t.is(counts['2'], against);
  await t.throwsAsync(disagreementBrowser(dataset, poor, []), { message: /^missing teachers/ });
});

test('the loss picture has the values of the formula, and arrows down its slope', (t) => {
  const tau = 0.3;
  const view = lossPicture({
    losses: [{ loss_type: 'ste', parameters: { tau } }],
    angles: [10, 60, 140],
    frames: 360,
    moving: 2,
  });
  const { places, curves } = viewData<ShownLosses>(view);
  const cos = (a: number, b: number): number => Math.cos(((a - b) * Math.PI) / 180);
  const ste = (a: number, b: number, c: number): number =>
    -Math.log(
      Math.exp(cos(a, b) / tau) / (Math.exp(cos(a, b) / tau) + Math.exp(cos(a, c) / tau) + Math.exp(cos(b, c) / tau)),
    );
  places.forEach((place, f) => {
    t.true(Math.abs(curves[0].values[f] - ste(10, 60, place)) < 1e-4);
    const step = 1e-3;
    const slope = (ste(10, 60, place + step) - ste(10, 60, place - step)) / ((2 * step * Math.PI) / 180);
    t.true(Math.abs(curves[0].descents[f][2] + slope) < 2e-3);
    const slope0 = (ste(10 + step, 60, place) - ste(10 - step, 60, place)) / ((2 * step * Math.PI) / 180);
    t.true(Math.abs(curves[0].descents[f][0] + slope0) < 2e-3);
  });
  t.regex(view.html, /<input type="range" data-part="place" min="0" max="359" value="320"/);
});

test('a loss that distils is least where the student is its teacher', (t) => {
  const angles = [0, 70, 200];
  const view = lossPicture({
    losses: [{ loss_type: 'rkd' }],
    angles,
    teachers: [[0, 70, 200]],
    frames: 36,
    moving: 1,
  });
  const { places, curves, start } = viewData<ShownLosses>(view);
  t.is(places[start], 70);
  t.is(curves[0].values.indexOf(Math.min(...curves[0].values)), start);
  t.true(curves[0].values[start] < 1e-6);
  t.throws(() => lossPicture({ losses: [{ loss_type: 'rkd' }], angles }), { message: /^missing teachers' embeddings/ });
  t.throws(() => lossPicture({ losses: [{ loss_type: 'double_margin' }], angles }), {
    message: /double_margin|margin/,
  });
});

test('arrows of small slopes are visible beside slopes without bound, where embeddings meet', (t) => {
  const view = lossPicture({
    losses: [{ loss_type: 'rkd' }],
    angles: [0, 150, 95, 180],
    teachers: [[0, 40, 90, 180], [10, 60, 100, 200]], // prettier-ignore
    moving: 1,
    frames: 72,
  });
  const { curves, start } = viewData<ShownLosses>(view);
  const most = Math.max(...curves[0].descents.flat().map(Math.abs));
  t.true(most > 20 * Math.max(...curves[0].descents[start].map(Math.abs)));
  const arcs = [...view.html.matchAll(/<path d="M([\d.]+) ([\d.]+)A\d+ \d+ 0 0 [01] ([\d.]+) ([\d.]+)"/g)];
  const lengths = arcs.map(([, ...ends]) => ends.map(Number)).map(([x, y, u, v]) => Math.hypot(u - x, v - y));
  t.true(lengths.filter((length) => length > 10).length >= 3, lengths.join(', '));
});

test('26,000 items and 300,000 triplets make pages of bounded size', async (t) => {
  const count = 26_000;
  const many = manyItems(count, 300_000);
  const stream = new RandomStream(0, 'many embeddings');
  const [teacher, student] = ['teacher', 'student'].map((name) => ({
    name,
    size: 16,
    data: Float32Array.from({ length: 16 * count }, () => stream.normal()),
  }));
  const views = {
    triplets: await tripletBrowser(many, { models: [student] }),
    neighbors: await neighborBrowser(many, [teacher, student], { limit: 40 }),
    similarity: await similarityBrowser(many, student),
    map: await pictureMap(many, student, { limit: 1000, pictures: 400 }),
    disagreement: await disagreementBrowser(many, student, [teacher]),
  };
  const pictures = {
    triplets: 600 + 12,
    neighbors: 40 * 15 + 15,
    similarity: 400 + 3,
    map: 2,
    disagreement: 40 * 7 + 12,
  };
  for (const [name, view] of Object.entries(views)) {
    t.true(embeddedPictures(view) <= pictures[name as 'map'], `${name}: ${embeddedPictures(view)} pictures`);
    t.true(embeddedPictures(view) >= 2, name);
    t.true(view.html.length < 3e6, `${name}: ${view.html.length} characters`);
  }
  t.regex(views.triplets.html, /Counts are of all 302,000 triplets; \d+ are here/);
  t.regex(views.neighbors.html, /among 26,000 pictures; 40 of 26,000 pictures to choose from/);
  t.regex(views.similarity.html, /26,000 items by class, in 400 groups of 65 or 65/);
  t.regex(views.map.html, /1,000 of 26,000 items, drawn at random \(seed 0\), 400 of them with a picture/);
  t.regex(views.disagreement.html, /200,000 pairs of 26,000 items, drawn at random/);
});

test('items without pictures are shown by their names, and counted', async (t) => {
  const blind = {
    ...dataset,
    picture: (): never => {
      throw new UsageError('missing picture');
    },
  };
  const view = await tripletBrowser(blind, { limit: 10 });
  t.is(embeddedPictures(view), 0);
  const { pictures } = viewData<Cards>(view);
  t.true(view.html.includes(`${pictures.length} pictures could not be had`));
  t.regex(view.html, /class="tl-blank"[^>]*>item \d+</);
});

test("an SVG under a picture's name is drawn nowhere: a name stands for it, or an error names it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-views-'));
  t.teardown(() => {
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, 'picture.jpg');
  writeFileSync(
    file,
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
  );
  const view = await tripletBrowser({ ...dataset, picture: () => ({ file }) }, { limit: 10 });
  t.is(embeddedPictures(view), 0);
  await t.throwsAsync(thumbnail(file, 9), {
    instanceOf: UsageError,
    message: `unreadable picture: ${file}: not a picture, or of a format that cannot be read; replace it`,
  });
});

test('options that count something, orders and subsets are refused in one line where they are wrong', async (t) => {
  const loss = { losses: [{ loss_type: 'rkd' }], angles: [0, 50, 90], teachers: [[0, 50, 90]] };
  const wrong: [() => unknown, string][] = [
    [() => lossPicture({ ...loss, frames: 0 }), 'invalid frames: 0; give an integer of at least 1'],
    [() => lossPicture({ ...loss, teachers: [[0, 1]] }), 'invalid teachers: 2; give one for each of the 3 embeddings'],
    [() => tripletBrowser(dataset, { limit: -1 }), 'invalid limit: -1; give an integer of at least 1'],
    [() => tripletBrowser(dataset, { perPage: 0.5 }), 'invalid perPage: 0.5; give an integer of at least 1'],
    [
      () => tripletBrowser(dataset, JSON.parse('{"subset": "tset"}') as TripletBrowserOptions),
      'unknown subset: tset; did you mean test?',
    ],
    [() => neighborBrowser(dataset, [good], { size: 0 }), 'invalid size: 0; give an integer of at least 1'],
    [
      () => similarityBrowser(dataset, good, JSON.parse('{"order": "clas"}') as SimilarityBrowserOptions),
      'unknown order: clas; did you mean class?',
    ],
    [() => pictureMap(dataset, good, { tile: NaN }), 'invalid tile: NaN; give an integer of at least 1'],
    [() => disagreementBrowser(dataset, good, [good], { pairs: 0 }), 'invalid pairs: 0; give an integer of at least 1'],
  ];
  for (const [call, message] of wrong) await t.throwsAsync(async () => call(), { instanceOf: UsageError, message });
});
