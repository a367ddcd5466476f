import type { Tools } from './script-helpers.js';

/** Values of losses for places of one embedding on the circle. */
export interface ShownLosses {
  readonly angles: readonly number[];
  readonly moving: number;
  readonly names: readonly string[];
  /** The places, degrees. */
  readonly places: readonly number[];
  readonly start: number;
  readonly curves: readonly {
    readonly label: string;
    /** The loss at each place. */
    readonly values: readonly number[];
    /** -dL/dtheta at each place, for each embedding. */
    readonly descents: readonly (readonly number[])[];
  }[];
  readonly classes?: readonly number[];
  readonly teachers?: readonly (readonly number[])[];
}

/** The colours of embeddings; those of one class have the same. */
export function lossColors({ angles, classes }: ShownLosses): string[] {
  const colors = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00'];
  return angles.map((_, i) => colors[(classes ? classes[i] : i) % colors.length]);
}

/** Draws the arrow beside an embedding, `by` degrees along a circle of the given radius. */
export function lossArrow(
  angle: number,
  by: number,
  radius: number,
  color: string,
  at: (degrees: number, radius: number) => readonly [string, string],
): string {
  const [ax, ay] = at(angle, radius);
  const [bx, by2] = at(angle + by, radius);
  const sign = Math.sign(by);
  const head = [
    at(angle + by + 4 * sign, radius),
    at(angle + by - sign, radius - 7),
    at(angle + by - sign, radius + 7),
  ];
  return (
    `<path d="M${ax} ${ay}A${radius} ${radius} 0 0 ${sign > 0 ? 0 : 1} ${bx} ${by2}" fill="none" stroke="${color}" stroke-width="4"/>` +
    `<polygon points="${head.map((point) => point.join(',')).join(' ')}" fill="${color}"/>`
  );
}

/** Draws the circle: embeddings with their arrows, and rings where the teachers place them. */
export function lossCircle(data: ShownLosses, loss: number, frame: number, escape: Tools['escape']): string {
  const { descents } = data.curves[loss];
  const [cx, cy, r] = [200, 190, 122];
  const colors = lossColors(data);
  const at = (degrees: number, radius: number): readonly [string, string] => {
    const angle = (degrees * Math.PI) / 180;
    return [(cx + radius * Math.cos(angle)).toFixed(1), (cy - radius * Math.sin(angle)).toFixed(1)];
  };
  // Where two embeddings meet, a slope can be a thousand times the others: the arrows' scale is that of nine in ten.
  const sizes = descents
    .flat()
    .map(Math.abs)
    .sort((a, b) => a - b);
  const scale = sizes[Math.floor(0.9 * sizes.length)] || sizes[sizes.length - 1] || 1;
  const rings = (data.teachers ?? []).flatMap((teacher) =>
    teacher.map((angle, i) => {
      const [x, y] = at(angle, r * 0.72);
      return `<circle cx="${x}" cy="${y}" r="6" fill="none" stroke="${colors[i]}" stroke-width="3"/>`;
    }),
  );
  const marks = data.angles.map((given, i) => {
    const moves = i === data.moving;
    const angle = moves ? data.places[frame] : given;
    const color = colors[i];
    const [x, y] = at(angle, r);
    const tx = cx + (r + 36) * Math.cos((angle * Math.PI) / 180);
    const ty = cy - (r + 36) * Math.sin((angle * Math.PI) / 180);
    const anchor = Math.abs(tx - cx) < 40 ? 'middle' : tx > cx ? 'start' : 'end';
    const name = `<text x="${tx.toFixed(1)}" y="${(ty + 5).toFixed(1)}" text-anchor="${anchor}" font-weight="${moves ? 'bold' : 'normal'}">${escape(data.names[i])}</text>`;
    // At most 40 degrees; the root makes small ones visible too.
    const size = Math.min(1, Math.sqrt(Math.abs(descents[frame][i]) / scale));
    const by = 40 * Math.sign(descents[frame][i]) * size;
    const arrow = Math.abs(by) > 1.2 ? lossArrow(angle, by, moves ? r - 20 : r + 16, color, at) : '';
    const shape = moves
      ? `<circle cx="${x}" cy="${y}" r="11" fill="${color}" stroke="currentColor" stroke-width="3"/>`
      : `<circle cx="${x}" cy="${y}" r="9" fill="${color}"/>`;
    return `<line x1="${cx}" y1="${cy}" x2="${x}" y2="${y}" stroke="${color}" stroke-opacity=".35" stroke-width="2"/>${arrow}${shape}${name}`;
  });
  return `<circle cx="${cx}" cy="${cy}" r="${r}" fill="none" stroke="#999" stroke-width="1.5"/>${rings.join('')}${marks.join('')}`;
}

/** Draws the loss at all places, with the present one and those of the other embeddings marked. */
export function lossPlot(data: ShownLosses, loss: number, frame: number, escape: Tools['escape']): string {
  const { label, values } = data.curves[loss];
  const [left, right, top, bottom] = [490, 840, 50, 320];
  const colors = lossColors(data);
  const color = colors[data.moving];
  const high = Math.max(...values);
  const low = Math.min(0, ...values);
  const x = (degrees: number): number => left + ((degrees + 180) / 360) * (right - left);
  const y = (value: number): string => (bottom - ((value - low) / (high - low || 1)) * (bottom - top)).toFixed(1);
  const line = values.map((value, k) => `${x(data.places[k]).toFixed(1)},${y(value)}`).join(' ');
  const ticks = [-180, -90, 0, 90, 180].map(
    (degrees) =>
      `<line x1="${x(degrees).toFixed(1)}" y1="${bottom}" x2="${x(degrees).toFixed(1)}" y2="${top}" stroke="#888" stroke-opacity=".4"/>` +
      `<text x="${x(degrees).toFixed(1)}" y="${bottom + 20}" text-anchor="middle">${degrees}°</text>`,
  );
  const levels = [...new Set([low, (low + high) / 2, high])];
  const digits =
    [3, 4, 5, 6].find((n) => new Set(levels.map((value) => value.toPrecision(n))).size === levels.length) ?? 7;
  const steps = levels.map(
    (value) =>
      `<line x1="${left}" y1="${y(value)}" x2="${right}" y2="${y(value)}" stroke="#888" stroke-opacity=".4"/>` +
      `<text x="${left - 8}" y="${(bottom - ((value - low) / (high - low || 1)) * (bottom - top) + 5).toFixed(1)}" text-anchor="end">${Number(value.toPrecision(digits))}</text>`,
  );
  const fixed = data.angles.flatMap((angle, i) => {
    if (i === data.moving) return [];
    const place = x(((((angle + 180) % 360) + 360) % 360) - 180);
    const corners = [
      `${place.toFixed(1)},${bottom}`,
      `${(place - 7).toFixed(1)},${bottom - 12}`,
      `${(place + 7).toFixed(1)},${bottom - 12}`,
    ];
    return [`<polygon points="${corners.join(' ')}" fill="${colors[i]}"/>`];
  });
  const [px, py] = [x(data.places[frame]).toFixed(1), y(values[frame])];
  return (
    `${ticks.join('')}${steps.join('')}<polyline points="${line}" fill="none" stroke="currentColor" stroke-width="2.5"/>${fixed.join('')}` +
    `<line x1="${px}" y1="${bottom}" x2="${px}" y2="${py}" stroke="${color}" stroke-width="2" stroke-dasharray="5 4"/>` +
    `<circle cx="${px}" cy="${py}" r="8" fill="${color}" stroke="currentColor" stroke-width="2"/>` +
    `<text x="${(left + right) / 2}" y="${top - 18}" text-anchor="middle" font-size="17" font-weight="bold">${escape(label)}: ${values[frame].toPrecision(3)}</text>` +
    `<text x="${(left + right) / 2}" y="${bottom + 44}" text-anchor="middle">place of ${escape(data.names[data.moving])}; triangles mark the others</text>`
  );
}

/**
 * Draws the circle with its arrows, and beside it, on a narrow page below it, the loss at all places with the present
 * one marked.
 */
export function lossSvg(data: ShownLosses, loss: number, frame: number, { escape }: Tools, narrow = false): string {
  const { label, values } = data.curves[loss];
  const words = `${label} ${values[frame].toPrecision(3)} with ${data.names[data.moving]} at ${data.places[frame].toFixed(0)} degrees`;
  return (
    `<svg viewBox="0 0 ${narrow ? '440 770' : '860 390'}" role="img" aria-label="${escape(words)}" style="width:100%;height:auto;display:block" font-family="system-ui,sans-serif" font-size="15" fill="currentColor">` +
    `${lossCircle(data, loss, frame, escape)}<g${narrow ? ' transform="translate(-420 380)"' : ''}>${lossPlot(data, loss, frame, escape)}</g></svg>`
  );
}

/** The functions that the view's script calls by name in the browser. */
export const lossFunctions = [lossColors, lossArrow, lossCircle, lossPlot, lossSvg];
