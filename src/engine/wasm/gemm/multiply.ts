import {
  add,
  addFloats,
  addVectors,
  and,
  below,
  FunctionBody,
  get,
  increase,
  integer,
  less,
  load,
  loadFloat,
  loadSplat,
  loadVector,
  repeatWhile,
  set,
  shiftLeft,
  shiftRight,
  storeFloat,
  storeVector,
  subtract,
  times,
  timesVectors,
  when,
  ZERO_VECTOR,
} from '../binary/assembler.js';
import type { Bytes } from '../binary/encoding.js';
import { FLOAT, TILE_COLUMNS, TILE_ROWS, VECTOR } from './layout.js';

/**
 * C = A B, or C += A B, for packed A [m / 4][k][4] and B [n / 8][.][8] whose panels lie `bPanel` bytes apart.
 *
 * Row i of C begins at table[i] + offset. Tiles that stick out go through the 128 bytes at `edge`.
 */
export function multiply(): FunctionBody {
  const f = new FunctionBody(10);
  const [a, b, bPanel, k, m, n, table, offset, accumulate, edge] = f.parameters.map(get);
  const [i, j, p, q, end, left, right, row, to, from] = f.locals(10);
  const sums = f.locals(TILE_ROWS * 2, 'v128');
  const [b0, b1, x] = f.locals(3, 'v128');
  const aPanel = shiftLeft(k, integer(4));
  const rows = Array.from({ length: TILE_ROWS }, (_, r) => r);
  const inner: Bytes[] = [
    set(b0, loadVector(get(q))),
    set(b1, loadVector(get(q), VECTOR)),
    ...rows.flatMap((r) => [
      set(x, loadSplat(get(p), r * FLOAT)),
      set(sums[2 * r], addVectors(get(sums[2 * r]), timesVectors(get(x), get(b0)))),
      set(sums[2 * r + 1], addVectors(get(sums[2 * r + 1]), timesVectors(get(x), get(b1)))),
    ]),
    increase(p, integer(TILE_ROWS * FLOAT)),
    increase(q, integer(TILE_COLUMNS * FLOAT)),
  ];
  const rowAddress = (r: number) => add(add(load(get(row), r * FLOAT), offset), shiftLeft(get(j), integer(2)));
  const whole = rows.flatMap((r) => [
    set(to, rowAddress(r)),
    when(accumulate, [
      set(sums[2 * r], addVectors(get(sums[2 * r]), loadVector(get(to)))),
      set(sums[2 * r + 1], addVectors(get(sums[2 * r + 1]), loadVector(get(to), VECTOR))),
    ]),
    storeVector(get(to), get(sums[2 * r])),
    storeVector(get(to), get(sums[2 * r + 1]), VECTOR),
  ]);
  const partial = [
    ...sums.map((sum, at) => storeVector(edge, get(sum), at * VECTOR)),
    set(left, subtract(m, get(i))),
    when(less(integer(TILE_ROWS), get(left)), [set(left, integer(TILE_ROWS))]),
    set(q, edge),
    repeatWhile(
      get(left),
      set(to, rowAddress(0)),
      set(from, get(q)),
      set(right, subtract(n, get(j))),
      when(less(integer(TILE_COLUMNS), get(right)), [set(right, integer(TILE_COLUMNS))]),
      repeatWhile(
        get(right),
        when(
          accumulate,
          [storeFloat(get(to), addFloats(loadFloat(get(to)), loadFloat(get(from))))],
          [storeFloat(get(to), loadFloat(get(from)))],
        ),
        increase(to, integer(FLOAT)),
        increase(from, integer(FLOAT)),
        increase(right, integer(-1)),
      ),
      increase(row, integer(FLOAT)),
      increase(q, integer(TILE_COLUMNS * FLOAT)),
      increase(left, integer(-1)),
    ),
  ];
  f.body(
    set(j, integer(0)),
    repeatWhile(
      less(get(j), n),
      set(i, integer(0)),
      set(p, a),
      repeatWhile(
        less(get(i), m),
        set(row, add(table, shiftLeft(get(i), integer(2)))),
        ...sums.map((sum) => set(sum, ZERO_VECTOR)),
        set(q, add(b, times(shiftRight(get(j), integer(3)), bPanel))),
        set(end, add(get(p), aPanel)),
        repeatWhile(below(get(p), get(end)), ...inner),
        when(and(less(add(get(i), integer(3)), m), less(add(get(j), integer(7)), n)), whole, partial),
        increase(i, integer(TILE_ROWS)),
      ),
      increase(j, integer(TILE_COLUMNS)),
    ),
  );
  return f;
}
