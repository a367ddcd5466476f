import { escapeHtml } from '../../../src/html/escape.js';
import { seriesColor } from '../../../src/figures/palette.js';

// Static figures as SVG: curves on logarithmic axes, and bars. The same numbers give the same bytes on every machine.

/** Values at growing sizes. */
export interface Line {
  readonly name: string;
  readonly points: readonly { readonly size: number; readonly value: number }[];
}

/** One pair of logarithmic axes. */
export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Writes a value of the upright axis. */
  readonly label: (value: number) => string;
}

const WIDTH = 960;
const [LEFT, RIGHT, TOP, HEIGHT, GAP] = [70, 20, 44, 270, 80];
const LEGEND_ROW = 24;
const LEGEND_COLUMNS = 3;
const CLOSE = 46; // pixels between two labels

const px = (value: number): string => value.toFixed(1);
const text = (x: number, y: number, words: string, attributes = ''): string =>
  `<text x="${px(x)}" y="${px(y)}"${attributes && ` ${attributes}`}>${escapeHtml(words)}</text>`;
const middle = 'text-anchor="middle"';
const end = 'text-anchor="end"';

/** Shapes that tell lines apart where colours do not; the second half is hollow. */
function marker(n: number, x: number, y: number): string {
  const color = seriesColor(n);
  const paint = `fill="${n % 8 < 4 ? color : '#fff'}" stroke="${color}" stroke-width="2"`;
  const polygon = (...corners: readonly (readonly [number, number])[]): string =>
    `<polygon points="${corners.map(([dx, dy]) => `${px(x + dx)},${px(y + dy)}`).join(' ')}" ${paint}/>`;
  const shapes = [
    () => `<circle cx="${px(x)}" cy="${px(y)}" r="4" ${paint}/>`,
    () => polygon([-4, -4], [4, -4], [4, 4], [-4, 4]),
    () => polygon([0, -5], [5, 0], [0, 5], [-5, 0]),
    () => polygon([0, -5], [5, 4], [-5, 4]),
  ];
  return shapes[n % 4]();
}

/** 1, 2 and 5 times powers of ten, or powers alone where they are many, around the values and over a factor of ten at least. */
export function ticksOf(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const [from, to] = [Math.floor(Math.log10(least)) - 1, Math.ceil(Math.log10(most))];
  const steps = Math.log10(most / least) < 2 ? [1, 2, 5] : [1];
  const all = Array.from({ length: to - from + 1 }, (_, i) =>
    steps.map((step) => Number(`${step}e${from + i}`)),
  ).flat();
  const last = all.find((tick) => tick >= most)!;
  const first = all.findLast((tick) => tick <= least && tick <= last / 10)!;
  return all.filter((tick) => tick >= first && tick <= last);
}

/** A count in few characters: 300, 60.5 k, 1.4 M. */
export function shortCount(count: number): string {
  const [divisor, letter] = count >= 1e6 ? [1e6, ' M'] : count >= 1e4 ? [1e3, ' k'] : [1, ''];
  return `${Number((count / divisor).toPrecision(3)).toLocaleString('en-US')}${letter}`;
}

function drawPanel({ title, lines, label }: Panel, unit: string, left: number, width: number): string {
  const points = lines.flatMap((line) => line.points);
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b);
  const ticks = ticksOf(points.map(({ value }) => value));
  const share = (value: number, from: number, to: number): number => Math.log(value / from) / Math.log(to / from);
  const inner = { left: left + 12, width: width - 24 };
  const x = (size: number): number => inner.left + inner.width * share(size, sizes[0], sizes[sizes.length - 1]);
  const y = (value: number): number => TOP + HEIGHT * (1 - share(value, ticks[0], ticks[ticks.length - 1]));
  const bottom = TOP + HEIGHT;
  let free = Infinity;
  const labelled = sizes.toReversed().filter((size) => {
    if (free - x(size) < CLOSE) return false;
    free = x(size);
    return true;
  });
  return [
    text(left + width / 2, TOP - 16, title, `${middle} font-size="16"`),
    ...ticks.flatMap((tick) => [
      `<path d="M${px(left)} ${px(y(tick))}h${px(width)}" stroke="#ddd"/>`,
      text(left - 6, y(tick) + 4, label(tick), end),
    ]),
    ...sizes.map((size) => `<path d="M${px(x(size))} ${px(bottom)}v5" stroke="#444"/>`),
    ...labelled.map((size) => text(x(size), bottom + 20, shortCount(size), middle)),
    text(left + width / 2, bottom + 40, unit, middle),
    `<path d="M${px(left)} ${TOP}V${bottom}H${px(left + width)}" fill="none" stroke="#444"/>`,
    ...lines.flatMap((line, n) => [
      `<path d="M${line.points.map(({ size, value }) => `${px(x(size))} ${px(y(value))}`).join('L')}" fill="none" stroke="${seriesColor(n)}" stroke-width="2"/>`,
      ...line.points.map(({ size, value }) => marker(n, x(size), y(value))),
    ]),
  ].join('\n');
}

/** A white page of text with its words for those who do not see it. */
const svg = (height: number, alt: string, content: readonly string[]): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui,sans-serif" font-size="13" fill="#111" role="img">
<title>${escapeHtml(alt)}</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${content.join('\n')}
</svg>
`; // prettier-ignore

/**
 * Panels side by side over the same sizes, with one legend.
 *
 * @param legend of the lines, in their order
 */
export function curves(panels: readonly Panel[], unit: string, legend: readonly string[], alt: string): string {
  const width = (WIDTH - LEFT - RIGHT - GAP * (panels.length - 1)) / panels.length;
  const top = TOP + HEIGHT + 66;
  const rows = Math.ceil(legend.length / LEGEND_COLUMNS);
  const column = (WIDTH - LEFT) / Math.min(LEGEND_COLUMNS, legend.length);
  const entries = legend.flatMap((words, n) => {
    const [x, y] = [LEFT + column * (n % LEGEND_COLUMNS), top + LEGEND_ROW * Math.floor(n / LEGEND_COLUMNS)];
    return [marker(n, x, y), text(x + 12, y + 4, words)];
  });
  const drawn = panels.map((panel, i) => drawPanel(panel, unit, LEFT + i * (width + GAP), width));
  return svg(top + LEGEND_ROW * rows, alt, [...drawn, ...entries]);
}

/** A bar for each name, a thin grey one under it where there is a value to compare with. */
export function bars(
  rows: readonly { readonly name: string; readonly value: number; readonly other?: number }[],
  label: (value: number) => string,
  alt: string,
): string {
  const [left, step] = [430, 44];
  const most = Math.max(...rows.flatMap(({ value, other }) => [value, other ?? 0]));
  const long = (value: number): number => ((WIDTH - left - 90) * value) / most;
  const bar = (y: number, height: number, value: number, color: string): string =>
    `<rect x="${left}" y="${y}" width="${px(long(value))}" height="${height}" fill="${color}"/>` +
    text(left + long(value) + 6, y + height / 2 + 4, label(value));
  const drawn = rows.flatMap(({ name, value, other }, i) => {
    const y = 14 + i * step;
    return [
      text(left - 10, y + 14, name, end),
      bar(y, 18, value, seriesColor(0)),
      ...(other === undefined ? [] : [bar(y + 20, 10, other, '#999')]),
    ];
  });
  return svg(14 + rows.length * step + 8, alt, drawn);
}
