import { EPSILON, setGradient } from './gradient';

// -log of the softmax of s / tau over the pairs, at pair 01; no gradient where that probability is below 1e-12, unless
// exact (then the log-softmax itself)
export function ste(s01: f32, s02: f32, s12: f32, directed: bool, tau: f32, exact: bool): f32 {
  const inverse: f32 = 1 / tau;
  const top = directed ? max<f32>(s01, s02) : max<f32>(s01, max<f32>(s02, s12));
  const x01 = (s01 - top) * inverse;
  const e01 = Mathf.exp(x01), e02 = Mathf.exp((s02 - top) * inverse);
  const e12: f32 = directed ? 0 : Mathf.exp((s12 - top) * inverse);
  const z = e01 + e02 + e12, p = e01 / z;
  if (!exact && p < EPSILON) {
    setGradient(0, 0, 0);
    return -Mathf.log(EPSILON);
  }
  const scale: f32 = inverse / z;
  setGradient((p - 1) * inverse, e02 * scale, e12 * scale);
  return exact ? Mathf.log(z) - x01 : -Mathf.log(p);
}
