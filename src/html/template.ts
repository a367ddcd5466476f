import { escapeHtml } from './escape.js';

/** HTML that templates do not escape. */
export class SafeHtml {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** Values of a template: text and numbers are escaped, HTML is not; the elements of a list follow each other. */
export type HtmlValue = string | number | SafeHtml | undefined | readonly HtmlValue[];

/** Marks text as HTML: a script, a style, or text that was escaped already. */
export const safeHtml = (text: string): SafeHtml => new SafeHtml(text);

/**
 * Builds HTML from a template, and escapes inserted values for elements and quoted attributes.
 *
 * Line breaks in the template are removed together with the spaces after them; undefined gives nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml {
  const lines = parts.map((part) => part.replace(/\n */g, ''));
  return safeHtml(lines.reduce((text, line, i) => `${text}${written(values[i - 1])}${line}`));
}

function written(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof SafeHtml) return value.toString();
  return typeof value === 'object' ? value.map(written).join('') : escapeHtml(String(value));
}
