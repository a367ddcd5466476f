import type { Tools } from './tools.js';

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

/** Draws the circle with its arrows, and beside it the loss at all places with the present one marked. */
export function lossSvg(data: ShownLosses, loss: number, frame: number, { escape }: Tools): string {
  const colors = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00'];
  const { label, values, descents } = data.curves[loss];
  const [cx, cy, r] = [200, 190, 130];
  const at = (degrees: number, radius: number): [number, number] => {
    const angle = (degrees * Math.PI) / 180;
    return [cx + radius * Math.cos(angle), cy - radius * Math.sin(angle)];
  };
  const f = (x: number): string => x.toFixed(1);
  const angles = data.angles.map((angle, i) => (i === data.moving ? data.places[frame] : angle));
  const color = (i: number): string => colors[(data.classes ? data.classes[i] : i) % colors.length];
  const most = Math.max(...descents.flat().map(Math.abs)) || 1;
  const rings = (data.teachers ?? []).flatMap((teacher) =>
    teacher.map((angle, i) => {
      const [x, y] = at(angle, r * 0.72);
      return `<circle cx="${f(x)}" cy="${f(y)}" r="6" fill="#fff" stroke="${color(i)}" stroke-width="3"/>`;
    }),
  );
  const marks = angles.map((angle, i) => {
    const [x, y] = at(angle, r);
    const [tx, ty] = at(angle, r + 26);
    const anchor = Math.abs(tx - cx) < 40 ? 'middle' : tx > cx ? 'start' : 'end';
    const name = `<text x="${f(tx)}" y="${f(ty + 5)}" text-anchor="${anchor}" font-weight="${i === data.moving ? 'bold' : 'normal'}">${escape(data.names[i])}</text>`;
    const by = (40 * descents[frame][i]) / most; // degrees; 40 for the largest
    let arrow = '';
    if (Math.abs(by) > 1.2) {
      const radius = r + 11;
      const [ax, ay] = at(angle, radius);
      const [bx, by2] = at(angle + by, radius);
      const sign = Math.sign(by);
      const head = [
        at(angle + by + 4 * sign, radius),
        at(angle + by - sign, radius - 7),
        at(angle + by - sign, radius + 7),
      ];
      arrow =
        `<path d="M${f(ax)} ${f(ay)}A${radius} ${radius} 0 0 ${sign > 0 ? 0 : 1} ${f(bx)} ${f(by2)}" fill="none" stroke="${color(i)}" stroke-width="4"/>` +
        `<polygon points="${head.map(([hx, hy]) => `${f(hx)},${f(hy)}`).join(' ')}" fill="${color(i)}"/>`;
    }
    const shape =
      i === data.moving
        ? `<circle cx="${f(x)}" cy="${f(y)}" r="11" fill="${color(i)}" stroke="#111" stroke-width="3"/>`
        : `<circle cx="${f(x)}" cy="${f(y)}" r="9" fill="${color(i)}"/>`;
    return `<line x1="${cx}" y1="${cy}" x2="${f(x)}" y2="${f(y)}" stroke="${color(i)}" stroke-opacity=".35" stroke-width="2"/>${arrow}${shape}${name}`;
  });
  const [left, right, top, bottom] = [490, 840, 50, 320];
  const high = Math.max(...values);
  const low = Math.min(0, ...values);
  const x = (degrees: number): number => left + ((degrees + 180) / 360) * (right - left);
  const y = (value: number): number => bottom - ((value - low) / (high - low || 1)) * (bottom - top);
  const line = values.map((value, k) => `${f(x(data.places[k]))},${f(y(value))}`).join(' ');
  const ticks = [-180, -90, 0, 90, 180].map(
    (degrees) =>
      `<line x1="${f(x(degrees))}" y1="${bottom}" x2="${f(x(degrees))}" y2="${top}" stroke="#ddd"/>` +
      `<text x="${f(x(degrees))}" y="${bottom + 20}" text-anchor="middle">${degrees}°</text>`,
  );
  const steps = [low, (low + high) / 2, high].map(
    (value) =>
      `<line x1="${left}" y1="${f(y(value))}" x2="${right}" y2="${f(y(value))}" stroke="#ddd"/>` +
      `<text x="${left - 8}" y="${f(y(value) + 5)}" text-anchor="end">${Number(value.toPrecision(3))}</text>`,
  );
  const fixed = data.angles.flatMap((angle, i) => {
    if (i === data.moving) return [];
    const place = ((((angle + 180) % 360) + 360) % 360) - 180;
    return [
      `<polygon points="${f(x(place))},${bottom} ${f(x(place) - 7)},${bottom - 12} ${f(x(place) + 7)},${bottom - 12}" fill="${color(i)}"/>`,
    ];
  });
  const [px, py] = [x(data.places[frame]), y(values[frame])];
  const words = `${label} ${values[frame].toPrecision(3)} with ${data.names[data.moving]} at ${data.places[frame].toFixed(0)} degrees`;
  return (
    `<svg viewBox="0 0 860 390" role="img" aria-label="${escape(words)}" style="width:100%;height:auto;display:block" font-family="system-ui,sans-serif" font-size="15" fill="#111">` +
    `<circle cx="${cx}" cy="${cy}" r="${r}" fill="none" stroke="#999" stroke-width="1.5"/>${rings.join('')}${marks.join('')}` +
    `${ticks.join('')}${steps.join('')}<polyline points="${line}" fill="none" stroke="#111" stroke-width="2.5"/>${fixed.join('')}` +
    `<line x1="${f(px)}" y1="${bottom}" x2="${f(px)}" y2="${f(py)}" stroke="${color(data.moving)}" stroke-width="2" stroke-dasharray="5 4"/>` +
    `<circle cx="${f(px)}" cy="${f(py)}" r="8" fill="${color(data.moving)}" stroke="#111" stroke-width="2"/>` +
    `<text x="${(left + right) / 2}" y="${top - 18}" text-anchor="middle" font-size="17" font-weight="bold">${escape(label)}: ${values[frame].toPrecision(3)}</text>` +
    `<text x="${(left + right) / 2}" y="${bottom + 44}" text-anchor="middle">place of ${escape(data.names[data.moving])}; triangles mark the others</text></svg>`
  );
}

export function lossScript(root: HTMLElement, data: ShownLosses, tools: Tools): void {
  const { moved, onKeys, part } = tools;
  const slider = part<HTMLInputElement>(root, 'place');
  const select = root.querySelector<HTMLSelectElement>('[data-part="loss"]');
  const draw = (): void => {
    const [loss, frame] = [Number(select?.value ?? 0), Number(slider.value)];
    const { values, descents } = data.curves[loss];
    part(root, 'body').innerHTML = lossSvg(data, loss, frame, tools);
    part(root, 'told').textContent =
      `${data.places[frame].toFixed(0)}°, loss ${values[frame].toPrecision(3)}, descent ${descents[frame][data.moving].toPrecision(2)} a radian`;
    root.dataset.frame = `${loss},${frame}`;
  };
  slider.addEventListener('input', draw);
  // A notebook uses arrow keys itself.
  slider.addEventListener('keydown', (event) => {
    event.stopPropagation();
  });
  select?.addEventListener('change', draw);
  onKeys(root, (key) => {
    const to = moved(key, Number(slider.value), data.places.length);
    if (to === undefined) return false;
    slider.value = String(to);
    draw();
    return true;
  });
  draw();
}
