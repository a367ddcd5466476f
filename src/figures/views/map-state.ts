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

/** The map in the browser: its data, how far it is zoomed and moved, and which point is chosen. */
export interface MapState {
  readonly data: ShownMap;
  readonly points: Float32Array;
  readonly sheet: HTMLImageElement;
  view: { readonly scale: number; readonly x: number; readonly y: number };
  chosen: number;
}

/** Returns where a point is on the canvas. */
export function placeOnMap({ view, points }: MapState, i: number): [number, number] {
  return [view.x + points[2 * i] * view.scale, view.y + points[2 * i + 1] * view.scale];
}

export function insideMap({ width, height }: ShownMap, x: number, y: number): boolean {
  return x > 0 && y > 0 && x < width && y < height;
}

/** Zooms so that the place (x, y) stays where it is. */
export function zoomMap(state: MapState, factor: number, x: number, y: number): void {
  const { view } = state;
  const scale = Math.max(0.5, Math.min(200, view.scale * factor));
  const by = scale / view.scale;
  state.view = { scale, x: x - (x - view.x) * by, y: y - (y - view.y) * by };
}

/** Returns the point nearest to a place by the given distance, -1 where all are infinitely far. */
export function nearestOnMap(
  state: MapState,
  x: number,
  y: number,
  distanceOf: (dx: number, dy: number) => number,
): number {
  let [best, least] = [-1, Infinity];
  for (let i = 0; i < state.data.names.length; i++) {
    const [px, py] = placeOnMap(state, i);
    const distance = distanceOf(px - x, py - y);
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}
