import test from 'ava';
import fc from 'fast-check';
import { html, safeHtml } from '../../src/html/template.js';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The text that a browser reads. */
const read = (text: string): string => text.replace(/&([a-z]+|#39);/g, (_, name: string) => entities[name]);

test('text that is put in stays text, in elements and in attributes', (t) => {
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const found = /^<b title="([^<>"']*)">([^<>"']*)<\/b>$/.exec(html`<b title="${text}">${text}</b>`.toString());
        return found !== null && read(found[1]) === text && read(found[2]) === text;
      }),
    );
  });
  const hostile = `</b><script>alert('1')</script>&amp;"`;
  t.is(read(html`${hostile}`.toString()), hostile);
  t.notRegex(html`<b>${[hostile, [hostile]]}</b>`.toString(), /<script/);
});

test('HTML is put in as it is, once: of templates, marked, or in lists', (t) => {
  const cells = ['a<b', 2].map((value) => html`<td>${value}</td>`);
  t.is(
    html`<tr>
      ${cells}${undefined}${[]}
    </tr>`.toString(),
    '<tr><td>a&lt;b</td><td>2</td></tr>',
  );
  t.is(html`<p>${safeHtml('<i>x</i> &amp; y')}</p>`.toString(), '<p><i>x</i> &amp; y</p>');
});

test('line breaks of the template go with the spaces behind them; those of values stay', (t) => {
  const shown = html`
    <pre>${'a\n  b'}</pre>
    <p>${safeHtml('c\n d')} e</p>
  `;
  t.is(shown.toString(), '<pre>a\n  b</pre><p>c\n d e</p>');
});
