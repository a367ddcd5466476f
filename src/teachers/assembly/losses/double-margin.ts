import { distance, setGradient, distanceGradient } from './gradient';

// relu(d01 - (beta - margin)) + relu(beta + margin - d02) [averaged with the same for 12]
export function doubleMargin(q01: f32, q02: f32, q12: f32, directed: bool, margin: f32, beta: f32): f32 {
  const d01 = distance(q01), d02 = distance(q02), d12 = distance(q12);
  const share: f32 = directed ? 1 : 0.5;
  const positive = max<f32>(d01 - (beta - margin), 0), negative02 = max<f32>(beta + margin - d02, 0);
  const negative12 = directed ? <f32>0 : max<f32>(beta + margin - d12, 0);
  setGradient(
    positive > 0 ? distanceGradient(q01, d01) : 0,
    negative02 > 0 ? -share * distanceGradient(q02, d02) : 0,
    negative12 > 0 ? -share * distanceGradient(q12, d12) : 0,
  );
  return positive + share * (negative02 + negative12);
}
