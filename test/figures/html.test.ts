import { DataFrame } from 'danfojs-node';
import test from 'ava';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.js';
import { embeddingMap } from '../../src/figures/plots/embedding-map.js';
import { scriptJson } from '../../src/html/escape.js';
import { figureHtml } from '../../src/figures/figure.js';
import { neighborsHtml } from '../../src/figures/pictures/neighbors.js';
import { pictureHtml, pictureSource } from '../../src/figures/pictures/picture.js';
import { tableHtml } from '../../src/figures/plots/table.js';
import { tripletsHtml } from '../../src/figures/pictures/triplets.js';

const source = pictureSource(Uint8Array.of(1, 2, 3), 'png');

/** Rows of a table's cells, as text. */
const cells = (html: string): string[][] =>
  [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell.replace(/<[^>]*>/g, '')),
  );

test('records and data frames become tables with a caption and headed rows', (t) => {
  const html = tableHtml(
    [
      { loss: 'ste', FCT: 0.8451234, runs: 5 },
      { loss: 'trip', FCT: NaN, note: 'a' },
    ],
    { caption: 'Teachers' },
  );
  t.deepEqual(cells(html), [
    ['loss', 'FCT', 'runs', 'note'],
    ['ste', '0.8451', '5', ''],
    ['trip', '', '', 'a'],
  ]);
  t.regex(html, /<caption[^>]*>Teachers<\/caption>/);
  t.is([...html.matchAll(/<th scope="row"/g)].length, 2);
  t.is([...html.matchAll(/<th scope="col"/g)].length, 4);
  t.deepEqual(
    cells(
      tableHtml(
        new DataFrame([
          { a: 'x', b: 1.5 },
          { a: 'y', b: 2 },
        ]),
      ),
    ),
    [
      ['a', 'b'],
      ['x', '1.5'],
      ['y', '2'],
    ],
  );
  t.deepEqual(cells(tableHtml([])), [[]]);
});

test('each picture of a triplet says its place in words', (t) => {
  const picture = (name: string) => ({ name, source });
  const [a, b, c] = ['ant', 'bee', 'cat'].map(picture);
  t.deepEqual(
    [...tripletsHtml([[a, b, c]]).matchAll(/alt="([^"]*)"/g)].map(([, alt]) => alt),
    ['ant, alike', 'bee, alike', 'cat, odd one out'],
  );
  t.deepEqual(
    [...tripletsHtml([[a, b, c]], { directed: true }).matchAll(/<b>([^<]*)<\/b>/g)].map(([, word]) => word),
    ['anchor', 'near', 'far'],
  );
  t.regex(tripletsHtml([[a, b, { name: 'no picture' }]]), />no picture</);
});

test('neighbours stand in order with their distances, short lists are filled up', (t) => {
  const html = neighborsHtml([
    { query: { name: 'ant' }, embedding: 'ste', neighbors: [{ name: 'bee', distance: 0.12345 }, { name: 'wasp' }] },
    { query: { name: 'cat', source }, embedding: 'trip', neighbors: [{ name: 'dog' }] },
  ]);
  t.deepEqual(
    cells(html),
    [
      ['query', 'embedding', '1', '2'],
      ['antant', 'ste', 'beebee0.123', 'waspwasp'],
      ['cat', 'trip', 'dogdog', ''],
    ].map((row) => row.map((cell) => cell.replace(/^(ant|bee|wasp|dog)\1/, '$1'))),
  );
});

test('pictures come from data URIs only', (t) => {
  for (const bad of [
    'https://example.org/a.png',
    'data:text/html;base64,AAAA',
    'javascript:alert(1)',
    'data:image/png;base64,A"onload=',
    '',
  ])
    t.throws(() => pictureHtml({ name: 'a', source: bad }, 10), {
      instanceOf: UsageError,
      message: /^invalid picture of a: /,
    });
  t.true(pictureHtml({ name: 'a', source }, 10).toString().includes('src="data:image/png;base64,AQID"'));
});

const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;`;

test('hostile names stay text in every view', (t) => {
  const picture = { name: hostile, source };
  const views = [
    tableHtml([{ [hostile]: hostile }], { caption: hostile }),
    tripletsHtml([[picture, { name: hostile }, picture]], { caption: hostile }),
    neighborsHtml([{ query: picture, embedding: hostile, neighbors: [{ name: hostile }, picture] }], {
      caption: hostile,
    }),
  ];
  for (const html of views) {
    // Without the values of attributes that are properly quoted, only tags of the views' own are left.
    const tags = [...html.replace(/="[^"]*"/g, '').matchAll(/<\/?([a-z]+)/g)].map(([, name]) => name);
    t.deepEqual(
      tags.filter(
        (name) =>
          !['table', 'caption', 'thead', 'tbody', 'tr', 'th', 'td', 'div', 'span', 'img', 'b', 'br'].includes(name),
      ),
      [],
    );
    t.notRegex(html, /onerror='|<img src=x/);
  }
  const figure = figureHtml(embeddingMap([0, 0], { names: [hostile], groups: [hostile], title: hostile }));
  t.is([...figure.matchAll(/<script/gi)].length, 1);
  t.is([...figure.matchAll(/<\/script/gi)].length, 1);
  t.notRegex(figure, /<img/);
});

test('JSON in a script says the same value and ends nothing', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = scriptJson([text, '</script><!--']);
        return !/[<>&\u2028\u2029]/.test(json) && (JSON.parse(json) as string[])[0] === text;
      }),
    );
  });
});
