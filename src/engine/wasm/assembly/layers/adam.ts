/**
 * Takes a step of Adam on n numbers: g2 = g + coupled w, m2 = beta1 m + (1 - beta1) g2, v2 = beta2 v + (1 - beta2) g2^2,
 * w2 = kept w - rate m2 / (correction sqrt(v2) + epsilon).
 */
export function adam(w: usize, g: usize, m: usize, v: usize, w2: usize, m2: usize, v2: usize, n: usize, rate: f32, beta1: f32, beta2: f32, epsilon: f32, correction: f32, coupled: f32, kept: f32): void {
  const bytes = n << 2, whole = bytes & ~15;
  const share1: f32 = 1 - beta1, share2: f32 = 1 - beta2;
  for (let at: usize = 0; at < whole; at += 16) {
    const weight = v128.load(w + at);
    const gradient = f32x4.add(v128.load(g + at), f32x4.mul(f32x4.splat(coupled), weight));
    const first = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(m + at)), f32x4.mul(f32x4.splat(share1), gradient));
    const square = f32x4.mul(f32x4.mul(f32x4.splat(share2), gradient), gradient);
    const second = f32x4.add(f32x4.mul(f32x4.splat(beta2), v128.load(v + at)), square);
    const size = f32x4.add(f32x4.mul(f32x4.sqrt(second), f32x4.splat(correction)), f32x4.splat(epsilon));
    v128.store(m2 + at, first);
    v128.store(v2 + at, second);
    const step = f32x4.mul(f32x4.splat(rate), f32x4.div(first, size));
    v128.store(w2 + at, f32x4.sub(f32x4.mul(f32x4.splat(kept), weight), step));
  }
  for (let at = whole; at < bytes; at += 4) {
    const weight = load<f32>(w + at);
    const gradient = load<f32>(g + at) + coupled * weight;
    const first = beta1 * load<f32>(m + at) + share1 * gradient;
    const second = beta2 * load<f32>(v + at) + share2 * gradient * gradient;
    store<f32>(m2 + at, first);
    store<f32>(v2 + at, second);
    store<f32>(w2 + at, kept * weight - rate * (first / (sqrt<f32>(second) * correction + epsilon)));
  }
}
