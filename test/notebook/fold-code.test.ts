import test from 'ava';
import { foldLongCode } from '../../src/notebook/export/fold-code.js';

/** Code of a cell as nbconvert writes it. */
const cell = (lines: readonly string[]): string =>
  `<div class=" highlight hl-typescript"><pre><span></span>${lines.map((line) => line.replace(/^\w+/, '<span class="kd">$&</span>')).join('\n')}\n</pre></div>`;
const filler = (count: number): string[] => Array.from({ length: count }, (_, i) => `  f(${i} &lt; 3)`);

test('code of more than 20 lines is folded, and its line says what is inside', (t) => {
  const short = cell(['const a = 1', ...filler(19)]);
  t.is(foldLongCode(`<p>${short}</p>`), `<p>${short}</p>`);

  const long = cell([
    'import { x } from &#39;y&#39;',
    'const a = 1',
    'function run() {',
    ...filler(20),
    '}',
    'const { b, c } = a',
  ]);
  t.is(
    foldLongCode(`<p>${long}</p>${short}`),
    `<p><details class="tl-code"><summary>25 lines of code: makes a, run, b, c</summary>${long}</details></p>${short}`,
  );
});

test('a comment in the first line is what is said, escaped as it was', (t) => {
  const long = cell(['// Trains a &lt;small&gt; network', ...filler(21)]);
  t.true(
    foldLongCode(long).startsWith(
      '<details class="tl-code"><summary>22 lines of code: Trains a &lt;small&gt; network</summary>',
    ),
  );
});

test('code in Markdown stays open', (t) => {
  const text = `<div class="highlight"><pre>${filler(30).join('\n')}</pre></div>`;
  t.is(foldLongCode(text), text);
});
