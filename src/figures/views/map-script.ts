import type { Tools } from './tools.js';

/** The data that the map's script draws. */
export interface ShownMap {
  readonly width: number;
  readonly height: number;
  /** `[n, 2] float32`, base64: pixels from the left and from the top. */
  readonly points: string;
  readonly names: readonly string[];
  /** For each point, the group that gives its colour. */
  readonly groups: readonly number[];
  readonly groupNames: readonly string[];
  readonly colors: readonly string[];
  /** For each point, its tile of the sheet, -1 for none. */
  readonly tiles: readonly number[];
  readonly columns: number;
  readonly tile: number;
}

/**
 * Draws the map on a canvas and makes it interactive: wheel and buttons zoom, the pointer drags, arrow keys go to the
 * next point in their direction. Pictures are drawn as long as they do not cover each other, so that zooming in shows
 * more.
 */
export function mapScript(root: HTMLElement, data: ShownMap, tools: Tools): void {
  const { escape, onKeys, part } = tools;
  const canvas = part<HTMLCanvasElement>(root, 'canvas');
  const context = canvas.getContext('2d')!;
  const sheet = part<HTMLImageElement>(root, 'sheet');
  const withPictures = part<HTMLInputElement>(root, 'pictures');
  const bytes = Uint8Array.from(atob(data.points), (c) => c.charCodeAt(0));
  const points = new Float32Array(bytes.buffer);
  const n = data.names.length;
  const whole = { scale: 1, x: 0, y: 0 };
  let view = { ...whole };
  let chosen = 0;
  const density = Math.max(2, Math.min(5, 60 / Math.sqrt(n) + 1.5));
  canvas.width = data.width * 2;
  canvas.height = data.height * 2;

  const place = (i: number): [number, number] => [
    view.x + points[2 * i] * view.scale,
    view.y + points[2 * i + 1] * view.scale,
  ];
  const inside = (x: number, y: number): boolean => x > 0 && y > 0 && x < data.width && y < data.height;
  /** Draws a point: shapes tell groups apart where colours do not. */
  const mark = (x: number, y: number, r: number, group: number): void => {
    context.beginPath();
    if (group % 3 === 0) context.arc(x, y, r, 0, 2 * Math.PI);
    else if (group % 3 === 1) context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
    else {
      context.moveTo(x, y - 1.25 * r);
      context.lineTo(x + 1.25 * r, y + 0.95 * r);
      context.lineTo(x - 1.25 * r, y + 0.95 * r);
    }
    context.fill();
  };
  const tile = (target: CanvasRenderingContext2D, i: number, x: number, y: number, size: number): void => {
    const [column, row] = [data.tiles[i] % data.columns, Math.floor(data.tiles[i] / data.columns)];
    target.drawImage(sheet, column * data.tile, row * data.tile, data.tile, data.tile, x, y, size, size);
  };
  const draw = (): void => {
    context.setTransform(2, 0, 0, 2, 0, 0);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, data.width, data.height);
    const radius = density * Math.min(2, Math.sqrt(view.scale));
    context.globalAlpha = 0.75;
    for (let i = 0; i < n; i++) {
      const [x, y] = place(i);
      if (!inside(x, y)) continue;
      context.fillStyle = data.colors[data.groups[i]];
      mark(x, y, radius, data.groups[i]);
    }
    context.globalAlpha = 1;
    let pictures = 0;
    if (withPictures.checked && sheet.complete && sheet.naturalWidth > 0) {
      const size = data.tile * 0.75;
      const taken = new Map<string, [number, number][]>();
      for (let i = 0; i < n; i++) {
        const [x, y] = place(i);
        if (data.tiles[i] < 0 || !inside(x, y)) continue;
        const [cx, cy] = [Math.floor(x / size), Math.floor(y / size)];
        let free = true;
        for (let dx = -1; dx <= 1 && free; dx++)
          for (let dy = -1; dy <= 1 && free; dy++)
            free = !(taken.get(`${cx + dx},${cy + dy}`) ?? []).some(
              ([a, b]) => Math.abs(a - x) < size + 3 && Math.abs(b - y) < size + 3,
            );
        if (!free) continue;
        taken.set(`${cx},${cy}`, [[x, y], ...(taken.get(`${cx},${cy}`) ?? [])]);
        context.fillStyle = data.colors[data.groups[i]];
        context.fillRect(x - size / 2 - 2, y - size / 2 - 2, size + 4, size + 4);
        tile(context, i, x - size / 2, y - size / 2, size);
        pictures++;
      }
    }
    const [x, y] = place(chosen);
    context.lineWidth = 5;
    context.strokeStyle = '#fff';
    context.beginPath();
    context.arc(x, y, 12, 0, 2 * Math.PI);
    context.stroke();
    context.lineWidth = 3;
    context.strokeStyle = '#D00000';
    context.stroke();
    root.dataset.pictures = String(pictures);
    root.dataset.zoom = view.scale.toFixed(2);
  };
  const tell = (): void => {
    const group = data.groupNames[data.groups[chosen]];
    const small = part<HTMLCanvasElement>(root, 'small');
    const target = small.getContext('2d')!;
    target.clearRect(0, 0, small.width, small.height);
    const has = data.tiles[chosen] >= 0;
    if (has && sheet.complete && sheet.naturalWidth > 0) tile(target, chosen, 0, 0, small.width);
    small.style.display = has ? 'block' : 'none';
    small.setAttribute('aria-label', data.names[chosen]);
    part(root, 'name').innerHTML = `<b>${escape(data.names[chosen])}</b>${group ? `<br>${escape(group)}` : ''}`;
    root.dataset.chosen = data.names[chosen];
  };
  const choose = (i: number): void => {
    if (i === chosen) return;
    chosen = i;
    tell();
    draw();
  };
  const zoom = (factor: number, x: number, y: number): void => {
    const scale = Math.max(0.5, Math.min(200, view.scale * factor));
    const by = scale / view.scale;
    view = { scale, x: x - (x - view.x) * by, y: y - (y - view.y) * by };
    draw();
  };
  /** Returns the point nearest to a place by the given distance. */
  const nearest = (x: number, y: number, far: (dx: number, dy: number) => number): number => {
    let [best, least] = [-1, Infinity];
    for (let i = 0; i < n; i++) {
      const [px, py] = place(i);
      const distance = far(px - x, py - y);
      if (distance < least) [best, least] = [i, distance];
    }
    return best;
  };
  const pointer = (event: MouseEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * data.width,
      ((event.clientY - box.top) / box.height) * data.height,
    ];
  };
  let dragged: [number, number] | undefined;
  canvas.addEventListener('pointerdown', (event) => {
    dragged = pointer(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointerup', () => (dragged = undefined));
  canvas.addEventListener('pointermove', (event) => {
    const [x, y] = pointer(event);
    if (dragged) {
      view = { ...view, x: view.x + x - dragged[0], y: view.y + y - dragged[1] };
      dragged = [x, y];
      draw();
      return;
    }
    const near = nearest(x, y, (dx, dy) => (Math.hypot(dx, dy) < 30 ? Math.hypot(dx, dy) : Infinity));
    if (near >= 0) choose(near);
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      // A page with many views must scroll: the wheel zooms only the view in use.
      if (!root.contains(document.activeElement)) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.25 : 0.8, ...pointer(event));
    },
    { passive: false },
  );
  const middle = (): [number, number] => {
    const [x, y] = place(chosen);
    return inside(x, y) ? [x, y] : [data.width / 2, data.height / 2];
  };
  const reset = (): void => {
    view = { ...whole };
    draw();
  };
  part(root, 'in').addEventListener('click', () => {
    zoom(1.5, ...middle());
  });
  part(root, 'out').addEventListener('click', () => {
    zoom(1 / 1.5, ...middle());
  });
  part(root, 'whole').addEventListener('click', reset);
  withPictures.addEventListener('change', draw);
  onKeys(root, (key) => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (direction) {
      const [x, y] = place(chosen);
      const next = nearest(x, y, (dx, dy) => {
        const along = dx * direction[0] + dy * direction[1];
        const across = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
        return along > 1e-9 && across <= along ? Math.hypot(dx, dy) : Infinity;
      });
      if (next >= 0) choose(next);
      return true;
    }
    if (key === '+' || key === '=') zoom(1.5, ...middle());
    else if (key === '-') zoom(1 / 1.5, ...middle());
    else if (key === '0') reset();
    else return false;
    return true;
  });
  sheet.addEventListener('load', () => {
    draw();
    tell();
  });
  part(root, 'still').remove();
  canvas.style.display = 'block';
  draw();
  tell();
}
