import type { Picture } from '../pictures/picture.js';
import type { Tools } from './script-helpers.js';

/** The data that the matrix's script shows. */
export interface ShownMatrix {
  readonly n: number;
  readonly side: number;
  readonly size: number;
  readonly low: number;
  readonly high: number;
  /** `[n, n] uint16`, base64: 0 is low, 65534 is high, 65535 none. */
  readonly values: string;
  readonly pictures: readonly Picture[];
  /** The number of items in each row. */
  readonly counts: readonly number[];
  readonly start: readonly [number, number];
}

/** Describes a cell: the pictures of its row and column, and their similarity. */
export function pairBody(data: ShownMatrix, i: number, j: number, value: number, { escape, picture }: Tools): string {
  const figure = (at: number, what: string): string =>
    `<div style="width:${data.size}px"><div style="font-size:14px">${what} ${at + 1}` +
    `${data.counts[at] > 1 ? `: ${data.counts[at]} items, such as` : ''}</div>` +
    `${picture(data.pictures[at], data.size, what)}<div class="tl-name">${escape(data.pictures[at].name)}</div></div>`;
  const mean = data.counts[i] > 1 || data.counts[j] > 1 ? 'mean similarity' : 'similarity';
  return (
    `<div style="display:flex;flex-wrap:wrap;gap:12px">${figure(i, 'row')}${figure(j, 'column')}</div>` +
    `<div style="margin-top:10px;font-size:22px"><b>${Number.isNaN(value) ? '–' : value.toFixed(3)}</b> ` +
    `<span style="font-size:16px">${mean}</span></div>`
  );
}

/** Shows the pair of the cell that a click or the arrow keys choose. */
export function similarityScript(root: HTMLElement, data: ShownMatrix, tools: Tools): void {
  const { onKeys, part } = tools;
  const bytes = Uint8Array.from(atob(data.values), (c) => c.charCodeAt(0));
  const levels = new Uint16Array(bytes.buffer);
  const matrix = part(root, 'matrix');
  const cross = part(root, 'cross');
  let [i, j] = data.start;
  const draw = (): void => {
    const level = levels[i * data.n + j];
    const value = level === 65535 ? NaN : data.low + ((data.high - data.low) * level) / 65534;
    part(root, 'pair').innerHTML = pairBody(data, i, j, value, tools);
    const percent = (at: number): string => `${(100 * at) / data.n}%`;
    cross.style.left = percent(j);
    cross.style.top = percent(i);
    cross.style.width = cross.style.height = percent(1);
    root.dataset.pair = `${i},${j}`;
  };
  matrix.addEventListener('click', (event) => {
    const box = matrix.getBoundingClientRect();
    const at = (position: number, length: number): number =>
      Math.max(0, Math.min(data.n - 1, Math.floor((position / length) * data.n)));
    [i, j] = [at(event.clientY - box.top, box.height), at(event.clientX - box.left, box.width)];
    draw();
  });
  onKeys(root, (key) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    const page = { PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -data.n], End: [0, data.n] }[key];
    const by = step ?? page;
    if (by === undefined) return false;
    i = Math.max(0, Math.min(data.n - 1, i + by[0]));
    j = Math.max(0, Math.min(data.n - 1, j + by[1]));
    draw();
    return true;
  });
  draw();
}
