import type { Picture } from '../pictures/picture.js';

/** Text as HTML: `escapeHtml` again, for this one also runs in the browser. */
function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** 12345 as 12,345. */
function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A picture in a square of that many pixels, or its name in one. */
function picture({ name, source }: Picture, size: number, more = ''): string {
  const alt = escape(more ? `${name}, ${more}` : name);
  if (source === undefined)
    return `<span class="tl-blank" style="width:${size}px;height:${size}px">${escape(name)}</span>`;
  return `<img src="${escape(source)}" alt="${alt}" title="${escape(name)}" width="${size}" height="${size}">`;
}

/** What becomes of an index after a key: one of the keys that move in a list of n, or undefined for any other. */
function moved(key: string, at: number, n: number): number | undefined {
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - 10, PageDown: at + 10, Home: 0, End: n - 1 }[key];
  return to === undefined ? undefined : Math.max(0, Math.min(n - 1, to));
}

/** Hears keys on an element, but not those meant for a list or a text field in it; a notebook does not get them too. */
function onKeys(root: HTMLElement, handle: (key: string) => boolean): void {
  root.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (['INPUT', 'SELECT'].includes(target.tagName) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!handle(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** The one element with that mark in a view. */
function part<E extends HTMLElement = HTMLElement>(root: HTMLElement, name: string): E {
  return root.querySelector<E>(`[data-part="${name}"]`)!;
}

/** What the scripts of all views share; each is a function by itself, since its source is sent to the browser. */
export const tools = { escape, count, picture, moved, onKeys, part };

export type Tools = typeof tools;
