import {
  add,
  and,
  below,
  equal,
  FunctionBody,
  get,
  increase,
  integer,
  less,
  load,
  loadFloat,
  loadVector,
  repeatWhile,
  set,
  shiftLeft,
  shuffle,
  storeFloat,
  storeVector,
  when,
  ZERO_VECTOR,
} from '../binary/assembler.js';
import { FLOAT, VECTOR } from './layout.js';

/** Packs `count` rows k of `width` floats, the row k at table[k] + offset, as [panel][k][unit]; zeros fill up the last panel. */
export function packRows(unit: number): FunctionBody {
  const f = new FunctionBody(6);
  const [table, offset, count, width, target, panel] = f.parameters.map(get);
  const [entry, end, from, to, left, stride] = f.locals(6);
  const vectors = Array.from({ length: unit / 4 }, (_, i) => i * VECTOR);
  f.body(
    set(entry, table),
    set(end, add(table, shiftLeft(count, integer(2)))),
    set(stride, target),
    repeatWhile(
      below(get(entry), get(end)),
      set(from, add(load(get(entry)), offset)),
      set(to, get(stride)),
      set(left, width),
      repeatWhile(
        less(integer(unit - 1), get(left)),
        ...vectors.map((at) => storeVector(get(to), loadVector(get(from), at), at)),
        increase(from, integer(unit * FLOAT)),
        increase(to, panel),
        increase(left, integer(-unit)),
      ),
      when(get(left), [
        ...vectors.map((at) => storeVector(get(to), ZERO_VECTOR, at)),
        repeatWhile(
          get(left),
          storeFloat(get(to), loadFloat(get(from))),
          increase(from, integer(FLOAT)),
          increase(to, integer(FLOAT)),
          increase(left, integer(-1)),
        ),
      ]),
      increase(entry, integer(FLOAT)),
      increase(stride, integer(unit * FLOAT)),
    ),
  );
  return f;
}

/** Packs `count` columns (a multiple of the unit) of `depth` floats, the column m at table[m] + offset, as [panel][k][unit]. */
export function packColumns(unit: number): FunctionBody {
  const f = new FunctionBody(6);
  const [table, offset, count, depth, target, panel] = f.parameters.map(get);
  const [m, k, to, base] = f.locals(4);
  const columns = f.locals(4);
  const rows = f.locals(4, 'v128');
  const halves = f.locals(4, 'v128');
  const [r0, r1, r2, r3] = rows.map(get);
  const [h0, h1, h2, h3] = halves.map(get);
  const step = unit * FLOAT;
  f.body(
    set(m, integer(0)),
    set(base, target),
    repeatWhile(
      less(get(m), count),
      ...columns.map((column, i) =>
        set(column, add(load(add(table, shiftLeft(get(m), integer(2))), i * FLOAT), offset)),
      ),
      set(to, unit === 4 ? get(base) : add(get(base), shiftLeft(and(get(m), integer(4)), integer(2)))),
      set(k, depth),
      repeatWhile(
        less(integer(3), get(k)),
        ...columns.map((column, i) => set(rows[i], loadVector(get(column)))),
        set(halves[0], shuffle(r0, r1, [0, 4, 1, 5])),
        set(halves[1], shuffle(r2, r3, [0, 4, 1, 5])),
        set(halves[2], shuffle(r0, r1, [2, 6, 3, 7])),
        set(halves[3], shuffle(r2, r3, [2, 6, 3, 7])),
        storeVector(get(to), shuffle(h0, h1, [0, 1, 4, 5])),
        storeVector(get(to), shuffle(h0, h1, [2, 3, 6, 7]), step),
        storeVector(get(to), shuffle(h2, h3, [0, 1, 4, 5]), 2 * step),
        storeVector(get(to), shuffle(h2, h3, [2, 3, 6, 7]), 3 * step),
        ...columns.map((column) => increase(column, integer(VECTOR))),
        increase(to, integer(4 * step)),
        increase(k, integer(-4)),
      ),
      repeatWhile(
        get(k),
        ...columns.map((column, i) => storeFloat(get(to), loadFloat(get(column)), i * FLOAT)),
        ...columns.map((column) => increase(column, integer(FLOAT))),
        increase(to, integer(step)),
        increase(k, integer(-1)),
      ),
      increase(m, integer(4)),
      when(equal(and(get(m), integer(unit - 1)), integer(0)), [increase(base, panel)]),
    ),
  );
  return f;
}
