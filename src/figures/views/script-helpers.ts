import type { Picture } from '../pictures/picture.js';

/** Writes text as HTML, as `escapeHtml` does; this copy also runs in the browser. */
function escape(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** Writes 12345 as 12,345. */
function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Shows a picture in a square of that many pixels, or its name in one. */
function picture({ name, source }: Picture, size: number, more = ''): string {
  const alt = escape(more ? `${name}, ${more}` : name);
  if (source === undefined)
    return `<span class="tl-blank" style="width:${size}px;height:${size}px">${escape(name)}</span>`;
  return `<img src="${escape(source)}" alt="${alt}" title="${escape(name)}" width="${size}" height="${size}">`;
}

/** Returns the index after a key that moves in a list of n, or undefined for any other key. */
function moved(key: string, at: number, n: number): number | undefined {
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - 10, PageDown: at + 10, Home: 0, End: n - 1 }[key];
  return to === undefined ? undefined : Math.max(0, Math.min(n - 1, to));
}

/** Handles keys on an element, but not those for a list or a text field in it; a notebook does not get handled keys. */
function onKeys(root: HTMLElement, handle: (key: string) => boolean): void {
  root.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (['INPUT', 'SELECT'].includes(target.tagName) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!handle(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Returns the one element with that mark in a view. */
function part<E extends HTMLElement = HTMLElement>(root: HTMLElement, name: string): E {
  return root.querySelector<E>(`[data-part="${name}"]`)!;
}

/** Functions that the scripts of all views share. Each is self-contained, since its source is sent to the browser. */
export const tools = { escape, count, picture, moved, onKeys, part };

export type Tools = typeof tools;
