// A convolution with what follows it, and its gradients, in one call each: JavaScript would run slowly between the parts,
// which fill the caches with numbers.
#include "layers.h"

namespace tripletlab {
namespace {

/** Rows of a normalization's constants. */
enum { FACTOR, INVERSE, CENTRE };

/** factor = scale / sd, 1 / sd and bias - mean: [3, out]. */
at::Tensor constants(const Call& c) {
  const auto &scale = c.tensor(2), &mean = c.tensor(4), &variance = c.tensor(5);
  const auto bias = c.maybe(6);
  const auto inverse = at::rsqrt(variance + c.number(11));
  return at::stack({scale * inverse, inverse, bias.defined() ? bias - mean : at::neg(mean)});
}

/** (x, w, scale, shift, mean, variance, bias, shortcut, relu, stride, padding, epsilon): y; the scaled filter and constants */
Results unit(const Call& c) {
  const Window window(c.integer(9), c.integer(10));
  const bool relu = c.flag(8);
  if (!c.has(2))
    return {affine(convolution(c.tensor(0), c.tensor(1), window), {}, c.maybe(6), c.maybe(7), relu, true)};
  const auto all = constants(c);
  const auto filter = scaled_filter(c.tensor(1), all[FACTOR]);
  const auto offset = at::addcmul(c.tensor(3), all[CENTRE], all[FACTOR]);
  return {affine(convolution(c.tensor(0), filter, window), {}, offset, c.maybe(7), relu, true), filter, all};
}

/**
 * (dy, y, x, w, filter, constants, stride, padding, whether the gradient with respect to x is wanted, whether there are bias
 * and shortcut): gradients with respect to w, x, scale, shift, bias and shortcut, of those that there are
 */
Results unit_gradient(const Call& c) {
  const auto &x = c.tensor(2), &w = c.tensor(3);
  const bool normalized = c.has(5);
  const Window window(c.integer(6), c.integer(7));
  const auto masked = masked_sums(c.tensor(0), c.maybe(1), {}, {});
  const auto &g = masked[0], &sums = masked[1];
  Results all = {filter_gradient(x, g, w.sizes().vec(), window)};
  if (c.flag(8)) all.push_back(input_gradient(g, normalized ? c.tensor(4) : w, x.sizes().vec(), window));
  if (normalized) {
    const auto& rows = c.tensor(5);
    const auto scaled = scaled_gradient(all[0], w, rows[FACTOR]);
    all[0] = scaled[0];
    all.insert(all.end(), {at::addcmul(scaled[1], sums, rows[CENTRE]).mul_(rows[INVERSE]), sums});
  }
  if (c.flag(9)) all.push_back(normalized ? sums * c.tensor(5)[FACTOR] : sums);
  if (c.flag(10)) all.push_back(g);
  return all;
}

}  // namespace

Kernels units() {
  return {{"unit", unit}, {"unit_gradient", unit_gradient}};
}

}  // namespace tripletlab
