/** Computes the sum of squared differences of two rows of `size` numbers, which begin at a and b. */
export function squaredDistance(rows: ArrayLike<number>, a: number, b: number, size: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += (rows[a + k] - rows[b + k]) ** 2;
  return sum;
}
