import { escapeHtml } from './escape.js';

/** HTML that stands in a page as it is. */
export class SafeHtml {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** What a template takes: text and numbers are escaped, HTML is not; of a list one comes after the other. */
export type HtmlValue = string | number | SafeHtml | undefined | readonly HtmlValue[];

/** Marks text as HTML: a script, a style, or what was escaped where it was made. */
export const safeHtml = (text: string): SafeHtml => new SafeHtml(text);

/**
 * A template of HTML that escapes what is put in, for elements and quoted attributes.
 *
 * A line break in the template goes, with the spaces behind it; undefined stands for nothing.
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
