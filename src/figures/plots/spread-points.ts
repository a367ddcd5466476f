/**
 * Chooses points of a plane that lie far from each other, to write names beside them. The first is the point farthest
 * from the centre, each further one the farthest from those chosen (farthest-point sampling).
 *
 * @param points `[n, 2]`
 * @returns indexes of `count` points, or of all where there are fewer
 */
export function spreadPoints(points: ArrayLike<number>, count: number): number[] {
  const n = points.length / 2;
  const squared = (i: number, x: number, y: number): number => (points[2 * i] - x) ** 2 + (points[2 * i + 1] - y) ** 2;
  const nearest = Float64Array.from({ length: n }, () => Infinity);
  const centre = [0, 1].map((axis) =>
    Array.from({ length: n }, (_, i) => points[2 * i + axis] / n).reduce((a, b) => a + b, 0),
  );
  const chosen: number[] = [];
  const farthest = (distance: (i: number) => number): number => {
    let best = 0;
    for (let i = 1; i < n; i++) if (distance(i) > distance(best)) best = i;
    return best;
  };
  while (chosen.length < Math.min(count, n)) {
    const next = chosen.length === 0 ? farthest((i) => squared(i, centre[0], centre[1])) : farthest((i) => nearest[i]);
    chosen.push(next);
    for (let i = 0; i < n; i++) nearest[i] = Math.min(nearest[i], squared(i, points[2 * next], points[2 * next + 1]));
  }
  return chosen;
}
