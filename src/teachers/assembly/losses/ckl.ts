import { setGradient } from './gradient';

// -log of k01 over the sum of k over the pairs, k = 1 / (mu + q)
export function ckl(q01: f32, q02: f32, q12: f32, directed: bool, mu: f32): f32 {
  const k01: f32 = 1 / (mu + q01), k02: f32 = 1 / (mu + q02);
  const k12: f32 = directed ? 0 : 1 / (mu + q12);
  const z = k01 + k02 + k12;
  // the derivative with respect to the similarity s, since q = |a|^2 + |b|^2 - 2 s
  const twice: f32 = 2 / z;
  setGradient(-twice * k01 * (k02 + k12), twice * k02 * k02, twice * k12 * k12);
  return Mathf.log(z * (mu + q01));
}
