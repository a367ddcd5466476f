import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import temml from 'temml';
import { packageRoot } from '../../assets.js';

/** Every character but letters and digits as a number: neither HTML nor Markdown finds anything of its own in it. */
const escape = (text: string): string => text.replace(/[^A-Za-z0-9]/gu, (c) => `&#${c.codePointAt(0)};`);

/** MathML whose text Markdown leaves alone, too; the entities in it stay. */
const escapeTexts = (mathml: string): string =>
  mathml.replace(/(?<=>)[^<]+/g, (text) =>
    text.replace(/(&#?\w+;)|[^A-Za-z0-9]/gu, (c, entity?: string) => entity ?? escape(c)),
  );

/**
 * A formula of TeX as MathML, which browsers draw without a network; undefined where temml does not know all of it.
 *
 * No formula can load anything or link to anything. In a line of text, a wide one breaks after its operators.
 */
export function texToMathml(tex: string, display: boolean): string | undefined {
  const options = { displayMode: display, wrap: 'tex', trust: false, throwOnError: true } as const;
  let html: string;
  try {
    html = temml.renderToString(tex.trim(), options);
  } catch {
    return undefined; // a ParseError, and a TypeError where a script has no argument
  }
  if (html.includes('<a ')) return undefined; // of \ref, to what the page does not have
  return escapeTexts(html).replace('>', () => ` alttext="${escape(tex.trim())}">`);
}

/** The style of formulas in a page, with temml's font of primes inside; wide formulas scroll. */
export function mathStyle(): string {
  const { resolve } = createRequire(join(packageRoot(), 'package.json'));
  const font = readFileSync(resolve('temml/dist/Temml.woff2'), 'base64');
  const style = readFileSync(resolve('temml/dist/Temml-Local.css'), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace("url('Temml.woff2')", `url('data:font/woff2;base64,${font}')`);
  // What is too wide scrolls; the padding keeps it from cutting letters that reach out of their boxes.
  const wide = 'math{box-sizing:border-box;max-width:100%;overflow:auto hidden;padding:.3em .1em;margin:-.3em -.1em}';
  // Numbers and text of formulas and tables in the size of the text around them.
  return `<style>${style}${wide}math{font-size:1.1em}math[display=block]{margin:.4em 0}</style>`;
}
