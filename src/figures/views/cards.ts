import { palette } from '../palette.js';
import type { Picture } from '../pictures/picture.js';
import { html, safeHtml } from '../../html/template.js';
import { type Tools, tools } from './script-helpers.js';
import { makeView, type View } from './view.js';

/** A picture on a card, with its role in words and a frame that differs in line style as well as in colour. */
export interface Place {
  /** Index among the pictures. */
  readonly picture: number;
  readonly role: string;
  readonly frame: 'solid' | 'dashed' | 'double';
}

/** Pictures that belong together, with text about them. */
export interface Card {
  readonly title: string;
  readonly places: readonly Place[];
  readonly lines: readonly string[];
  /** For each filter, the option that the card belongs to. */
  readonly facets: readonly number[];
}

const colors = { solid: palette[0], dashed: palette[1], double: 'currentColor' };

type Colored = Cards & { readonly colors: typeof colors };

/** Cards that pass filters, page by page. */
export interface Cards {
  /** What a card shows, in the plural. */
  readonly what: string;
  readonly pictures: readonly Picture[];
  readonly size: number;
  readonly perPage: number;
  readonly filters: readonly {
    readonly label: string;
    readonly options: readonly string[];
    readonly selected?: number;
  }[];
  /** Are the options separate kinds, so that their shares of all cards mean nothing? */
  readonly kinds?: boolean;
  /** The number of elements for each combination of facets (`0,1`), with or without cards. */
  readonly counts: Readonly<Record<string, number>>;
  readonly cards: readonly Card[];
}

/** Returns the cards that pass the filters; -1 passes all. */
function passing({ cards }: Cards, selected: readonly number[]): Card[] {
  return cards.filter(({ facets }) => selected.every((option, f) => option < 0 || facets[f] === option));
}

function cardsBody(data: Colored, cards: readonly Card[], page: number, { escape, picture }: Tools): string {
  const shown = cards.slice(page * data.perPage, (page + 1) * data.perPage);
  if (shown.length === 0) return '<p>None here passes the filters.</p>';
  // Only the mark is coloured: text keeps the colour of the page.
  const classes: Record<string, string> = { '✓': 'tl-right', '✗': 'tl-wrong' };
  const written = (line: string): string =>
    line[0] in classes ? `<span class="${classes[line[0]]}">${line[0]}</span>${escape(line.slice(1))}` : escape(line);
  const html = shown.map(({ title, places, lines }) => {
    const row = places.map(
      ({ picture: at, role, frame }) =>
        `<div style="border:3px ${frame} ${data.colors[frame]};padding:4px;flex:0 1 ${data.size + 14}px;min-width:0">` +
        `${picture(data.pictures[at], data.size, role)}<div style="font-size:14px;font-weight:bold">${escape(role)}</div>` +
        `<div class="tl-name">${escape(data.pictures[at].name)}</div></div>`,
    );
    return (
      `<div class="tl-line"><div style="font-size:14px;margin-bottom:4px">` +
      `${escape(title)}</div><div class="tl-row">${row.join('')}</div>` +
      `${lines.map((line) => `<div style="margin-top:4px;font-size:15px">${written(line)}</div>`).join('')}</div>`
    );
  });
  const width = Math.max(...data.cards.map(({ places }) => places.length)) * (data.size + 20);
  return (
    `<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,${width}px),1fr));gap:0 24px">` +
    `${html.join('')}</div>`
  );
}

/** Says how many pass the filters, and how many of those have cards. */
function cardsSummary(data: Cards, selected: readonly number[], here: number, count: Tools['count']): string {
  let all = 0;
  let total = 0;
  for (const [key, n] of Object.entries(data.counts)) {
    total += n;
    if (key.split(',').every((facet, f) => selected[f] < 0 || Number(facet) === selected[f])) all += n;
  }
  if (data.kinds) return `the first ${count(here)} of ${count(all)}`;
  const share = total > 0 ? ` (${((100 * all) / total).toFixed(1)} %)` : '';
  return `${count(all)} of ${count(total)} ${data.what}${share}; ${count(here)} of them here`;
}

function cardBrowser(root: HTMLElement, data: Colored, tools: Tools): void {
  const { count, moved, onKeys, part } = tools;
  const selects = data.filters.map((_, f) => part<HTMLSelectElement>(root, `filter-${f}`));
  let page = 0;
  const draw = (): void => {
    const selected = selects.map(({ value }) => Number(value));
    const cards = passing(data, selected);
    const pages = Math.max(1, Math.ceil(cards.length / data.perPage));
    page = Math.max(0, Math.min(pages - 1, page));
    part(root, 'body').innerHTML = cardsBody(data, cards, page, tools);
    part(root, 'summary').textContent = cardsSummary(data, selected, cards.length, count);
    part(root, 'page').textContent = `page ${page + 1} of ${pages}`;
    part<HTMLButtonElement>(root, 'previous').disabled = page === 0;
    part<HTMLButtonElement>(root, 'next').disabled = page === pages - 1;
    root.dataset.page = String(page + 1);
  };
  const turn = (to: number): boolean => {
    page = to;
    draw();
    return true;
  };
  selects.forEach((select) => {
    select.addEventListener('change', () => turn(0));
  });
  part(root, 'previous').addEventListener('click', () => turn(page - 1));
  part(root, 'next').addEventListener('click', () => turn(page + 1));
  onKeys(root, (key) => {
    const to = moved(key, page, 1e9);
    return to !== undefined && turn(to);
  });
  draw();
}

/** Makes a view of cards with a list for each filter; arrow keys turn the pages. */
export function cardsView(cards: Cards, words: { title: string; alt: string; note: string }): View {
  const data = { ...cards, colors };
  const selected = data.filters.map(({ selected = -1 }) => selected);
  const lists = data.filters.map(({ label, options }, f) => {
    const choices = ['all', ...options].map((option, o) =>
      o === 0 && data.kinds
        ? undefined
        : html`<option value="${o - 1}"${o - 1 === selected[f] ? ' selected' : ''}>${option}</option>`,
    );
    return html`<label>${label} <select data-part="filter-${f}">${choices}</select></label>`;
  });
  const here = passing(data, selected);
  return makeView({
    ...words,
    note: `${words.note} Keys: left and right turn the pages.`,
    controls: html`
      ${lists}<span style="display:inline-flex;gap:8px;align-items:center;white-space:nowrap">
      <button type="button" data-part="previous">‹ previous</button>
      <span data-part="page">page 1 of ${Math.max(1, Math.ceil(here.length / data.perPage))}</span>
      <button type="button" data-part="next">next ›</button></span>
      <span data-part="summary" role="status">${cardsSummary(data, selected, here.length, tools.count)}</span>
    `,
    data,
    body: safeHtml(cardsBody(data, here, 0, tools)),
    script: cardBrowser,
    functions: [passing, cardsBody, cardsSummary],
  });
}
