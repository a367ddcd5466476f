import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { sourceHtml, sourceText } from '../../src/figures/source.js';

test('a function is cut out whole, from its first line to its end', (t) => {
  const text = sourceText('src/figures/palette.ts', 'translucent');
  t.is(text.split('\n').length, 4);
  t.regex(text, /^export function translucent\(/);
  t.regex(text, /\n}$/);
  t.regex(sourceText('src/losses/ste.ts', 'ste'), /^export const ste =[^]*\n {4}\}\);$/);
  // as an installed package has it: JavaScript, without blank lines between statements
  for (const name of ['bayesCeiling', 'answerProbabilities']) {
    const built = sourceText('dist/datasets/synthetic/synthetic-triplets.js', name);
    t.regex(built, new RegExp(`^export function ${name}\\([^]*\n}$`));
    t.is(built.match(/^\S.*(function|const) /gm)?.length, 1);
  }
  t.regex(sourceHtml('src/html/escape.ts', 'escapeHtml'), /replace\(\/\[&amp;&lt;&gt;&quot;&#39;\]\/g/);
});

test('what is not there is refused, and so are files elsewhere', (t) => {
  t.throws(() => sourceText('src/losses/ste.ts', 'st'), { instanceOf: UsageError, message: /^unknown name: st;/ });
  t.throws(() => sourceText('src/losses/st.ts', 'ste'), {
    instanceOf: UsageError,
    message: /^missing file: src\/losses\/st\.ts; /,
  });
  t.throws(() => sourceText('../x.ts', 'x'), { instanceOf: UsageError, message: /^invalid path/ });
});
