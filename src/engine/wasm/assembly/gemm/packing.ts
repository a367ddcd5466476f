// @ts-ignore: decorator
@inline
function rows(unit: i32, table: usize, offset: usize, count: i32, width: i32, target: usize, panel: usize): void {
  const end = table + (<usize>count << 2);
  for (let entry = table, start = target; entry < end; entry += 4, start += <usize>(unit * 4)) {
    let from = load<usize>(entry) + offset, to = start, left = width;
    for (; left >= unit; left -= unit) {
      v128.store(to, v128.load(from));
      if (unit == 8) v128.store(to, v128.load(from, 16), 16);
      from += <usize>(unit * 4);
      to += panel;
    }
    if (left > 0) {
      v128.store(to, f32x4.splat(0));
      if (unit == 8) v128.store(to, f32x4.splat(0), 16);
      for (; left > 0; left--, from += 4, to += 4) store<f32>(to, load<f32>(from));
    }
  }
}

/** Packs `count` rows of `width` floats, row k at table[k] + offset, as [panel][k][4]; zeros fill up the last panel. */
export function packRows4(table: usize, offset: usize, count: i32, width: i32, target: usize, panel: usize): void {
  rows(4, table, offset, count, width, target, panel);
}

/** Does the same as `packRows4` with 8 in place of 4. */
export function packRows8(table: usize, offset: usize, count: i32, width: i32, target: usize, panel: usize): void {
  rows(8, table, offset, count, width, target, panel);
}

// @ts-ignore: decorator
@inline
function columns(unit: i32, table: usize, offset: usize, count: i32, depth: i32, target: usize, panel: usize): void {
  const step: usize = unit * 4;
  let base = target;
  for (let m = 0; m < count; m += 4) {
    const entry = table + (<usize>m << 2);
    let c0 = load<usize>(entry) + offset, c1 = load<usize>(entry, 4) + offset;
    let c2 = load<usize>(entry, 8) + offset, c3 = load<usize>(entry, 12) + offset;
    let to = unit == 4 ? base : base + (<usize>(m & 4) << 2);
    let k = depth;
    for (; k > 3; k -= 4) {
      const r0 = v128.load(c0), r1 = v128.load(c1), r2 = v128.load(c2), r3 = v128.load(c3);
      const h0 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), h1 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
      const h2 = i32x4.shuffle(r0, r1, 2, 6, 3, 7), h3 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      v128.store(to, i32x4.shuffle(h0, h1, 0, 1, 4, 5));
      v128.store(to + step, i32x4.shuffle(h0, h1, 2, 3, 6, 7));
      v128.store(to + 2 * step, i32x4.shuffle(h2, h3, 0, 1, 4, 5));
      v128.store(to + 3 * step, i32x4.shuffle(h2, h3, 2, 3, 6, 7));
      c0 += 16;
      c1 += 16;
      c2 += 16;
      c3 += 16;
      to += 4 * step;
    }
    for (; k > 0; k--) {
      store<f32>(to, load<f32>(c0));
      store<f32>(to, load<f32>(c1), 4);
      store<f32>(to, load<f32>(c2), 8);
      store<f32>(to, load<f32>(c3), 12);
      c0 += 4;
      c1 += 4;
      c2 += 4;
      c3 += 4;
      to += step;
    }
    if (((m + 4) & (unit - 1)) == 0) base += panel;
  }
}

/** Packs `count` columns (a multiple of 4) of `depth` floats, column m at table[m] + offset, as [panel][k][4]. */
export function packColumns4(table: usize, offset: usize, count: i32, depth: i32, target: usize, panel: usize): void {
  columns(4, table, offset, count, depth, target, panel);
}

/** Does the same as `packColumns4` with 8 in place of 4. */
export function packColumns8(table: usize, offset: usize, count: i32, depth: i32, target: usize, panel: usize): void {
  columns(8, table, offset, count, depth, target, panel);
}
