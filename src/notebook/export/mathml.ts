import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import temml from 'temml';
import { packageRoot } from '../../assets.js';

/** Writes all characters but letters and digits as numbers, so that neither HTML nor Markdown gives them a meaning. */
const escape = (text: string): string => text.replace(/[^A-Za-z0-9]/gu, (c) => `&#${c.codePointAt(0)};`);

/** Escapes the text in MathML, so that Markdown does not change it; entities stay. */
const escapeTexts = (mathml: string): string =>
  mathml.replace(/(?<=>)[^<]+/g, (text) =>
    text.replace(/(&#?\w+;)|[^A-Za-z0-9]/gu, (c, entity?: string) => entity ?? escape(c)),
  );

/**
 * Converts a TeX formula to MathML, which browsers draw without a network; undefined where temml does not know it all.
 *
 * No formula can load or link to anything. In a line of text, a wide formula breaks after its operators.
 */
export function texToMathml(tex: string, display: boolean): string | undefined {
  const options = { displayMode: display, wrap: 'tex', trust: false, throwOnError: true } as const;
  let html: string;
  try {
    html = temml.renderToString(tex.trim(), options);
  } catch {
    return undefined; // a ParseError, or a TypeError where a script has no argument
  }
  if (html.includes('<a ')) return undefined; // a \ref links to something that is not in the page
  return escapeTexts(html).replace('>', () => ` alttext="${escape(tex.trim())}">`);
}

/** Returns the style of formulas in a page, including temml's font for primes; wide formulas scroll. */
export function mathStyle(): string {
  const { resolve } = createRequire(join(packageRoot(), 'package.json'));
  const font = readFileSync(resolve('temml/dist/Temml.woff2'), 'base64');
  const style = readFileSync(resolve('temml/dist/Temml-Local.css'), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace("url('Temml.woff2')", `url('data:font/woff2;base64,${font}')`);
  // Wide formulas scroll; the padding keeps letters that reach out of their boxes from being cut.
  const wide = 'math{box-sizing:border-box;max-width:100%;overflow:auto hidden;padding:.3em .1em;margin:-.3em -.1em}';
  // Numbers and text of formulas and tables have the size of the text around them.
  return `<style>${style}${wide}math{font-size:1.1em}math[display=block]{margin:.4em 0}</style>`;
}
