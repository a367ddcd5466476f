import test from 'ava';
import { mathStyle, texToMathml } from '../../src/notebook/export/mathml.js';
import { renderMarkdownMath } from '../../src/notebook/export/markdown-math.js';
import { joined, listNotebooks, readNotebook } from '../../src/notebook/notebook-file.js';

/** Elements of MathML by name, with the elements or the text in them. */
type Element = readonly [name: string, content: string | readonly Element[]];

/** Empty operators, spaces and the invisible sign of a function's application: nothing is drawn for them. */
const invisible = ([name, content]: Element): boolean =>
  name === 'mspace' || (name === 'mo' && (content === '' || content === '&#8289;'));

/** What is drawn of some MathML: a row of one element is that element. */
function parse(html: string): readonly Element[] {
  const found = html.matchAll(/<(\/?)(\w+)[^>]*>([^<]*)/g);
  const open: { name: string; text: string; children: Element[] }[] = [{ name: '', text: '', children: [] }];
  for (const [, close, name, text] of found) {
    if (!close) {
      open.push({ name, text, children: [] });
      continue;
    }
    const { name: opened, text: content, children } = open.pop()!;
    if (opened !== name) throw new Error(`</${name}> closes <${opened}>`);
    const leaf = ['mi', 'mn', 'mo', 'mtext', 'mspace'].includes(name);
    const shown = leaf ? content : children.filter((child) => !invisible(child));
    const row = name === 'mrow' && shown.length === 1;
    open[open.length - 1].children.push(row ? (shown[0] as Element) : [name, shown]);
  }
  return open[0].children;
}

const write = ([name, content]: Element): string =>
  `<${name}>${typeof content === 'string' ? content : content.map(write).join('')}</${name}>`;

/** The elements of a formula with its character references read: neither attributes nor what is not drawn. */
function inner(tex: string, display = false): string {
  const html = texToMathml(tex, display);
  if (html === undefined) return 'unsupported';
  const [, content] = parse(html)[0];
  const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
  return (content as readonly Element[])
    .map(write)
    .join('')
    .replace(/&(?:#(\d+)|(\w+));/g, (_, code: string, name: string) => named[name] ?? String.fromCodePoint(+code));
}

test('scripts bind to the atom before them, and to both places at once', (t) => {
  t.is(inner('x_i'), '<msub><mi>x</mi><mi>i</mi></msub>');
  t.is(inner('d_{12}^2'), '<msubsup><mi>d</mi><mn>12</mn><mn>2</mn></msubsup>');
});

test('primes are scripts, in the font that draws them at their height', (t) => {
  t.is(inner("x'"), '<msup><mi>x</mi><mo>′</mo></msup>');
  t.is(inner("f''"), '<msup><mi>f</mi><mrow><mo>′</mo><mo>′</mo></mrow></msup>');
  t.is(inner("s'_{ij}"), '<msubsup><mi>s</mi><mrow><mi>i</mi><mi>j</mi></mrow><mo>′</mo></msubsup>');
  const [, name] = /<mo[^>]* class="([\w-]+)/.exec(texToMathml("x'", false)!)!;
  t.regex(mathStyle(), new RegExp(`mo\\.${name} *\\{\\s*font-family: Temml;`));
  t.regex(mathStyle(), /@font-face \{\s*font-family: 'Temml';\s*src: url\('data:font\/woff2;base64,d09GMg/); // "wOF2"
  t.notRegex(mathStyle(), /url\((?!['"]data:|%23)/);
});

test('fractions, roots, functions and fences', (t) => {
  t.is(inner('\\frac{a}{b}'), '<mfrac><mi>a</mi><mi>b</mi></mfrac>');
  t.is(inner('\\sqrt[3]{x}'), '<mroot><mi>x</mi><mn>3</mn></mroot>');
  t.is(inner('\\max_i'), '<msub><mi>max</mi><mi>i</mi></msub>'); // beside it in a line of text
  t.is(inner('\\max_i', true), '<munder><mi>max</mi><mi>i</mi></munder>');
  t.is(inner('\\left( x \\right.'), '<mrow><mo>(</mo><mi>x</mi></mrow>');
  t.regex(texToMathml('\\left( x \\right.', false)!, /<mo [^>]*stretchy="true">&#40;/);
  t.is(inner('(x)'), '<mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>');
  t.regex(texToMathml('(x)', false)!, /<mo [^>]*stretchy="false">&#40;.*<mo [^>]*stretchy="false">&#41;/);
  t.is(inner('\\mathbb{R}'), '<mi>ℝ</mi>');
  t.is(inner('\\mathcal{L}'), '<mi>ℒ</mi>');
  t.is(inner('\\tau < 1.5'), '<mrow><mi>τ</mi><mo><</mo></mrow><mn>1.5</mn>'); // may break after the relation
  t.is(inner('\\tau < 1.5', true), '<mrow><mi>τ</mi><mo><</mo><mn>1.5</mn></mrow>');
});

test('environments become tables, closed by the right name', (t) => {
  t.is(
    inner('\\begin{cases} 1 & x \\\\ 0 & y \\end{cases}'),
    '<mrow><mo>{</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mi>x</mi></mtd></mtr>' +
      '<mtr><mtd><mn>0</mn></mtd><mtd><mi>y</mi></mtd></mtr></mtable></mrow>',
  );
  t.is(texToMathml('\\begin{cases} 1 \\end{matrix}', true), undefined);
});

test('every formula of the committed notebooks is drawn', (t) => {
  const texts = listNotebooks().flatMap((file) =>
    readNotebook(file).cells.flatMap(({ cell_type, source }) => (cell_type === 'markdown' ? [joined(source)] : [])),
  );
  const left = texts.flatMap((text) => {
    const shown = renderMarkdownMath(text);
    return /\$\S|\\\[|\\begin|<code>/.test(shown.replace(/(`+)[\s\S]+?\1/g, '')) ? [shown] : [];
  });
  t.deepEqual(left, []);
  t.true(texts.filter((text) => renderMarkdownMath(text).includes('<math display="block"')).length > 10);
});

test('what is not supported is left to the caller, never a wrong formula', (t) => {
  for (const tex of ['\\foo{x}', '{a', 'a}', '\\frac{a}', '\\left( a', 'x^', '\\constructor', '\\__proto__{x}', '&'])
    t.is(texToMathml(tex, false), undefined, tex);
});

test('nothing is loaded and nothing is linked to', (t) => {
  for (const tex of ['\\href{javascript:alert(1)}{x}', '\\includegraphics{a.png}', '\\url{http://a}', 'x\\ref{a}'])
    t.is(texToMathml(tex, true), undefined, tex);
  for (const tex of ['\\style{color:red}{x}', '\\class{a}{x}', '\\id{a}{x}'])
    t.is(texToMathml(tex, true), undefined, tex);
});

test('no character of a formula reaches HTML or Markdown as itself', (t) => {
  const html = texToMathml('\\text{<script>alert("1")</script>} * a_b < c & `'.replace('& `', ''), false)!;
  t.notRegex(html, /<script|\*|"1"/);
  t.notRegex(html.replace(/<[^>]*>/g, ''), /[_*`$<>"]/);
});

test('formulas in Markdown are found; prices, code and escaped dollars are left', (t) => {
  const same = ['It costs $5, or $6.', 'code `$x$` and ``a ` $y$``', '```\n$$z$$\n```', 'a \\$b$ c', '~~~\n$a$\n~~~'];
  for (const text of same) t.is(renderMarkdownMath(text), text);
  t.regex(
    renderMarkdownMath('with $\\tau$ and $a$.'),
    /^with <math [^>]*><mi>&#964;<\/mi><\/math> and <math .*<\/math>\.$/,
  );
  t.regex(renderMarkdownMath('so\n$$\nL = 1\n$$'), /^so\n<math display="block"/);
  t.regex(renderMarkdownMath('\\begin{equation}x\\end{equation}'), /^<math display="block"/);
  t.is(renderMarkdownMath('$\\foo_a$'), '<code>\\foo&#95;a</code>'.replace('\\', '&#92;'));
});
