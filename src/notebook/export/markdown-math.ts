import { texToMathml } from './mathml.js';

/**
 * Matches code (fenced, in backticks), escaped dollars, and formulas: `$$..$$`, `\[..\]`, `\begin{align}..`, `$..$`,
 * `\(..\)`. A dollar opens a formula before a visible character, and closes it behind one if no digit follows: so
 * prices stay text.
 */
const pieces =
  /(?<code>^(?<fence>`{3,}|~{3,})[^\n]*\n[\s\S]*?^\k<fence>[^\n]*$|(?<ticks>`+)(?!`)[\s\S]*?[^`]\k<ticks>(?!`)|\\\$)|\$\$(?<display>[\s\S]+?)\$\$|\\\[(?<bracket>[\s\S]+?)\\\]|(?<environment>\\begin\{(?<name>align\*?|aligned|equation\*?)\}[\s\S]*?\\end\{\k<name>\})|\$(?<inline>[^\s$](?:[^$\n]|\n(?!\s*\n))*?(?<=[^\s\\]))\$(?!\d)|\\\((?<paren>[\s\S]+?)\\\)/gmu;

const escapeCode = (text: string): string => text.replace(/[&<>"`*_\\[\]$]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Writes Markdown with its formulas as MathML; a formula that cannot be converted stays readable as its source. */
export function renderMarkdownMath(markdown: string): string {
  return markdown.replace(pieces, (whole: string, ...rest: unknown[]) => {
    const found = rest[rest.length - 1] as Record<string, string | undefined>;
    if (found['code'] !== undefined) return whole;
    const block =
      found['display'] ?? found['bracket'] ?? found['environment']?.replace(/\\(begin|end)\{equation\*?\}/g, '');
    const tex = block ?? found['inline'] ?? found['paren'];
    if (tex === undefined) return whole;
    return texToMathml(tex, block !== undefined) ?? `<code>${escapeCode(tex.trim())}</code>`;
  });
}
