import { distance, setGradient, distanceGradient } from './gradient';

// relu(margin - (d02 - d01)) [averaged with relu(margin - (d12 - d01))]
export function triplet(q01: f32, q02: f32, q12: f32, directed: bool, margin: f32): f32 {
  const d01 = distance(q01), d02 = distance(q02), d12 = distance(q12);
  const share: f32 = directed ? 1 : 0.5;
  const a = max<f32>(margin - (d02 - d01), 0);
  const b = directed ? <f32>0 : max<f32>(margin - (d12 - d01), 0);
  const inA: f32 = a > 0 ? share : 0, inB: f32 = b > 0 ? share : 0;
  setGradient(
    (inA + inB) * distanceGradient(q01, d01),
    -inA * distanceGradient(q02, d02),
    -inB * distanceGradient(q12, d12),
  );
  return share * (a + b);
}
