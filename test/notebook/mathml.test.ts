import test from 'ava';
import { texToMathml } from '../../src/notebook/export/mathml.js';
import { renderMarkdownMath } from '../../src/notebook/export/markdown-math.js';

/** MathML with its character references read, without the source in alttext. */
function readable(tex: string, display = false): string {
  const html = texToMathml(tex, display);
  if (html === undefined) return 'unsupported';
  return html.replace(/ alttext="[^"]*"/, '').replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(+code));
}

const inner = (tex: string): string => readable(tex).replace(/^<math>|<\/math>$/g, '');

test('scripts bind to the atom before them, and to both places at once', (t) => {
  t.is(inner('x_i'), '<msub><mi>x</mi><mi>i</mi></msub>');
  t.is(inner('d_{12}^2'), '<msubsup><mi>d</mi><mrow><mn>12</mn></mrow><mn>2</mn></msubsup>');
  t.is(inner("x'"), '<msup><mi>x</mi><mo>′</mo></msup>');
});

test('fractions, roots, functions and fences', (t) => {
  t.is(inner('\\frac{a}{b}'), '<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>');
  t.is(inner('\\sqrt[3]{x}'), '<mroot><mrow><mi>x</mi></mrow><mn>3</mn></mroot>');
  t.is(inner('\\max_i'), '<munder><mo movablelimits="true">max</mo><mi>i</mi></munder>');
  t.is(inner('\\left( x \\right.'), '<mrow><mo stretchy="true">(</mo><mi>x</mi></mrow>');
  t.is(inner('(x)'), '<mrow><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo></mrow>');
  t.is(inner('\\mathbb{R}'), '<mi>ℝ</mi>');
  t.is(inner('\\tau < 1.5'), '<mrow><mi>τ</mi><mo><</mo><mn>1.5</mn></mrow>');
});

test('environments become tables, closed by the right name', (t) => {
  t.is(
    inner('\\begin{cases} 1 & x \\\\ 0 & y \\end{cases}'),
    '<mrow><mo>{</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mi>x</mi></mtd></mtr>' +
      '<mtr><mtd><mn>0</mn></mtd><mtd><mi>y</mi></mtd></mtr></mtable></mrow>',
  );
  t.is(texToMathml('\\begin{cases} 1 \\end{matrix}', true), undefined);
});

test('what is not supported is left to the caller, never a wrong formula', (t) => {
  for (const tex of ['\\foo{x}', '{a', 'a}', '\\frac{a}', '\\left( a', 'x^', '\\constructor', '\\__proto__{x}', '&'])
    t.is(texToMathml(tex, false), undefined, tex);
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
