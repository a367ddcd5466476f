import { distance, setGradient, distanceGradient } from './gradient';

// relu(margin + d01 - d02)^2 [averaged with relu(margin + d01 - d12)^2]
export function soe(q01: f32, q02: f32, q12: f32, directed: bool, margin: f32): f32 {
  const d01 = distance(q01), d02 = distance(q02), d12 = distance(q12);
  const share: f32 = directed ? 1 : 0.5;
  const a = max<f32>(margin + d01 - d02, 0);
  const b = directed ? <f32>0 : max<f32>(margin + d01 - d12, 0);
  const twice: f32 = 2 * share;
  setGradient(
    twice * (a + b) * distanceGradient(q01, d01),
    -twice * a * distanceGradient(q02, d02),
    -twice * b * distanceGradient(q12, d12),
  );
  return share * (a * a + b * b);
}
