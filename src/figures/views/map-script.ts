import { drawMap, drawMapPictures, drawMark, drawTile, tellChosen } from './map-drawing.js';
import { insideMap, nearestOnMap, placeOnMap, zoomMap, type MapState, type ShownMap } from './map-state.js';
import type { Tools } from './script-helpers.js';

/** What the listeners of a map do. */
interface MapActions {
  draw(): void;
  choose(i: number): void;
  zoom(factor: number, x: number, y: number): void;
}

/** Lets the pointer choose and drag, and the wheel zoom. */
function listenToPointer(
  root: HTMLElement,
  canvas: HTMLCanvasElement,
  state: MapState,
  { draw, choose, zoom }: MapActions,
): void {
  const pointer = (event: MouseEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * state.data.width,
      ((event.clientY - box.top) / box.height) * state.data.height,
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
      state.view = { ...state.view, x: state.view.x + x - dragged[0], y: state.view.y + y - dragged[1] };
      dragged = [x, y];
      draw();
      return;
    }
    const near = nearestOnMap(state, x, y, (dx, dy) => (Math.hypot(dx, dy) < 30 ? Math.hypot(dx, dy) : Infinity));
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
}

/** Returns the point next to the chosen one in a direction, -1 for none. */
function nextOnMap(state: MapState, direction: readonly number[]): number {
  const [x, y] = placeOnMap(state, state.chosen);
  return nearestOnMap(state, x, y, (dx, dy) => {
    const along = dx * direction[0] + dy * direction[1];
    const across = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
    return along > 1e-9 && across <= along ? Math.hypot(dx, dy) : Infinity;
  });
}

/** Lets buttons zoom, and keys zoom and choose. */
function listenToKeys(root: HTMLElement, state: MapState, { draw, choose, zoom }: MapActions, tools: Tools): void {
  const { onKeys, part } = tools;
  const zoomInMiddle = (factor: number): void => {
    const [x, y] = placeOnMap(state, state.chosen);
    if (insideMap(state.data, x, y)) zoom(factor, x, y);
    else zoom(factor, state.data.width / 2, state.data.height / 2);
  };
  const reset = (): void => {
    state.view = { scale: 1, x: 0, y: 0 };
    draw();
  };
  part(root, 'in').addEventListener('click', () => {
    zoomInMiddle(1.5);
  });
  part(root, 'out').addEventListener('click', () => {
    zoomInMiddle(1 / 1.5);
  });
  part(root, 'whole').addEventListener('click', reset);
  onKeys(root, (key) => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (direction) {
      const next = nextOnMap(state, direction);
      if (next >= 0) choose(next);
      return true;
    }
    if (key === '+' || key === '=') zoomInMiddle(1.5);
    else if (key === '-') zoomInMiddle(1 / 1.5);
    else if (key === '0') reset();
    else return false;
    return true;
  });
}

/**
 * Draws the map on a canvas and makes it interactive: wheel and buttons zoom, the pointer drags, arrow keys go to the
 * next point in their direction. Pictures are drawn as long as they do not cover each other, so that zooming in shows
 * more.
 */
export function mapScript(root: HTMLElement, data: ShownMap, tools: Tools): void {
  const { part } = tools;
  const canvas = part<HTMLCanvasElement>(root, 'canvas');
  const context = canvas.getContext('2d')!;
  const sheet = part<HTMLImageElement>(root, 'sheet');
  const withPictures = part<HTMLInputElement>(root, 'pictures');
  const bytes = Uint8Array.from(atob(data.points), (c) => c.charCodeAt(0));
  const points = new Float32Array(bytes.buffer);
  const state: MapState = { data, points, sheet, view: { scale: 1, x: 0, y: 0 }, chosen: 0 };
  canvas.width = data.width * 2;
  canvas.height = data.height * 2;
  const draw = (): void => {
    root.dataset.pictures = String(drawMap(context, state, withPictures.checked));
    root.dataset.zoom = state.view.scale.toFixed(2);
  };
  const choose = (i: number): void => {
    if (i === state.chosen) return;
    state.chosen = i;
    tellChosen(root, state, tools);
    draw();
  };
  const zoom = (factor: number, x: number, y: number): void => {
    zoomMap(state, factor, x, y);
    draw();
  };
  listenToPointer(root, canvas, state, { draw, choose, zoom });
  listenToKeys(root, state, { draw, choose, zoom }, tools);
  withPictures.addEventListener('change', draw);
  sheet.addEventListener('load', () => {
    draw();
    tellChosen(root, state, tools);
  });
  part(root, 'still').remove();
  canvas.style.display = 'block';
  draw();
  tellChosen(root, state, tools);
}

/** The functions that the script calls by name in the browser. */
export const mapFunctions = [
  placeOnMap,
  insideMap,
  zoomMap,
  nearestOnMap,
  drawMark,
  drawTile,
  drawMapPictures,
  drawMap,
  tellChosen,
  listenToPointer,
  nextOnMap,
  listenToKeys,
];
