import { insideMap, placeOnMap, type MapState } from './map-state.js';
import type { Tools } from './script-helpers.js';

/** Draws a point: shapes tell groups apart where colours do not. */
export function drawMark(context: CanvasRenderingContext2D, x: number, y: number, r: number, group: number): void {
  context.beginPath();
  if (group % 3 === 0) context.arc(x, y, r, 0, 2 * Math.PI);
  else if (group % 3 === 1) context.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
  else {
    context.moveTo(x, y - 1.25 * r);
    context.lineTo(x + 1.25 * r, y + 0.95 * r);
    context.lineTo(x - 1.25 * r, y + 0.95 * r);
  }
  context.fill();
}

/** Draws the picture of a point, a tile of the sheet. */
export function drawTile(
  context: CanvasRenderingContext2D,
  { data, sheet }: MapState,
  i: number,
  x: number,
  y: number,
  size: number,
): void {
  const [column, row] = [data.tiles[i] % data.columns, Math.floor(data.tiles[i] / data.columns)];
  context.drawImage(sheet, column * data.tile, row * data.tile, data.tile, data.tile, x, y, size, size);
}

/** Draws pictures as long as they do not cover each other, and returns how many. */
export function drawMapPictures(context: CanvasRenderingContext2D, state: MapState): number {
  const { data } = state;
  const size = data.tile * 0.75;
  const taken = new Map<string, [number, number][]>();
  let pictures = 0;
  for (let i = 0; i < data.names.length; i++) {
    const [x, y] = placeOnMap(state, i);
    if (data.tiles[i] < 0 || !insideMap(data, x, y)) continue;
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
    drawTile(context, state, i, x - size / 2, y - size / 2, size);
    pictures++;
  }
  return pictures;
}

/** Draws the whole map; returns the number of pictures in it. */
export function drawMap(context: CanvasRenderingContext2D, state: MapState, withPictures: boolean): number {
  const { data, view, sheet } = state;
  context.setTransform(2, 0, 0, 2, 0, 0);
  context.clearRect(0, 0, data.width, data.height); // the page shines through, light or dark
  const density = Math.max(2, Math.min(5, 60 / Math.sqrt(data.names.length) + 1.5));
  const radius = density * Math.min(2, Math.sqrt(view.scale));
  context.globalAlpha = 0.75;
  for (let i = 0; i < data.names.length; i++) {
    const [x, y] = placeOnMap(state, i);
    if (!insideMap(data, x, y)) continue;
    context.fillStyle = data.colors[data.groups[i]];
    drawMark(context, x, y, radius, data.groups[i]);
  }
  context.globalAlpha = 1;
  const pictures = withPictures && sheet.complete && sheet.naturalWidth > 0 ? drawMapPictures(context, state) : 0;
  const [x, y] = placeOnMap(state, state.chosen);
  context.lineWidth = 5;
  context.strokeStyle = '#fff';
  context.beginPath();
  context.arc(x, y, 12, 0, 2 * Math.PI);
  context.stroke();
  context.lineWidth = 3;
  context.strokeStyle = '#D00000';
  context.stroke();
  return pictures;
}

/** Shows the chosen point large, with its name and group. */
export function tellChosen(root: HTMLElement, state: MapState, { escape, part }: Tools): void {
  const { data, sheet, chosen } = state;
  const group = data.groupNames[data.groups[chosen]];
  const small = part<HTMLCanvasElement>(root, 'small');
  const context = small.getContext('2d')!;
  context.clearRect(0, 0, small.width, small.height);
  const has = data.tiles[chosen] >= 0;
  if (has && sheet.complete && sheet.naturalWidth > 0) drawTile(context, state, chosen, 0, 0, small.width);
  small.style.display = has ? 'block' : 'none';
  small.setAttribute('aria-label', data.names[chosen]);
  part(root, 'name').innerHTML = `<b>${escape(data.names[chosen])}</b>${group ? `<br>${escape(group)}` : ''}`;
  root.dataset.chosen = data.names[chosen];
}
