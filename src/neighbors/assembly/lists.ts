// Each query's list of candidates: a heap of int64 with the worst on top. The upper half holds the score, the lower
// half the base row, encoded so that the greater number is the better candidate: the higher score, of equal ones the
// smaller row.

// @ts-ignore: decorator
@inline
export function key(score: f32, row: i32): i64 {
  const bits = reinterpret<i32>(score);
  return (<i64>(bits ^ ((bits >> 31) & 0x7fffffff)) << 32) | <i64>(~<u32>row);
}

// @ts-ignore: decorator
@inline
export function scoreOf(k: i64): f32 {
  const bits = <i32>(k >> 32);
  return reinterpret<f32>(bits ^ ((bits >> 31) & 0x7fffffff));
}

/** Returns the base row, -1 for none. */
// @ts-ignore: decorator
@inline
export function rowOf(k: i64): i32 {
  return <i32>~(<u32>k);
}

/** Moves a value down from the top of a heap of `length` to its place. */
// @ts-ignore: decorator
@inline
export function sink(heap: usize, length: i32, value: i64): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= length) break;
    let least = load<i64>(heap + (<usize>child << 3));
    if (child + 1 < length) {
      const other = load<i64>(heap + (<usize>(child + 1) << 3));
      child += i32(other < least); // which of the two cannot be predicted: no branch
      least = min(other, least);
    }
    if (value <= least) break;
    store<i64>(heap + (<usize>at << 3), least);
    at = child;
  }
  store<i64>(heap + (<usize>at << 3), value);
}

/** Replaces the worst candidate by another one and returns the new threshold. */
export function replaceWorst(heap: usize, length: i32, score: f32, row: i32): f32 {
  sink(heap, length, key(score, row));
  return scoreOf(load<i64>(heap));
}

/** Sorts a heap in place, the best first. */
export function sortHeap(heap: usize, length: i32): void {
  for (let last = length - 1; last > 0; last--) {
    const at = heap + (<usize>last << 3), value = load<i64>(at);
    store<i64>(at, load<i64>(heap));
    sink(heap, last, value);
  }
}
