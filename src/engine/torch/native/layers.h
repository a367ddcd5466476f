// Pieces of image networks' layers, for kernels that are made of several.
#pragma once
#include "products.h"

namespace tripletlab {

/** [b, height, width, c] -> [b, c, height, width] and back, of the same memory. */
inline at::Tensor inward(const at::Tensor& x) { return x.permute({0, 3, 1, 2}); }
inline at::Tensor outward(const at::Tensor& x) { return x.permute({0, 2, 3, 1}); }

/** Paddings as TensorFlow has them: the one behind may be larger than the one before, or negative. */
struct Padding {
  int64_t top, bottom, left, right;
  explicit Padding(const std::vector<int64_t>& p) : top(p[0]), bottom(p[1]), left(p[2]), right(p[3]) {}
  bool none() const { return top == 0 && bottom == 0 && left == 0 && right == 0; }
  bool even() const { return top == bottom && left == right; }
  std::vector<int64_t> both() const { return even() ? std::vector<int64_t>{top, left} : std::vector<int64_t>{0, 0}; }
  /** Adds the padding that a kernel with equal paddings on both sides cannot add. */
  at::Tensor around(const at::Tensor& x, double value) const {
    return even() ? x : at::constant_pad_nd(x, {left, right, top, bottom}, value);
  }
  at::Tensor all_around(const at::Tensor& x, double value) const {
    return none() ? x : at::constant_pad_nd(x, {left, right, top, bottom}, value);
  }
  /** Removes that padding again. */
  at::Tensor inside(const at::Tensor& x, bool padded) const {
    return padded ? at::constant_pad_nd(x, {-left, -right, -top, -bottom}, 0) : x;
  }
  std::vector<int64_t> grown(std::vector<int64_t> nhwc) const {
    nhwc[1] += top + bottom, nhwc[2] += left + right;
    return nhwc;
  }
};

/** How a filter moves over pictures. */
struct Window {
  std::vector<int64_t> strides;
  Padding padding;
  std::vector<int64_t> dilations;
  bool depthwise;

  /** From a call's arguments: (..., strides, paddings, dilations, depthwise) */
  Window(const Call& c, size_t first)
      : strides(c.integers(first)), padding(c.integers(first + 1)), dilations(c.integers(first + 2)),
        depthwise(c.flag(first + 3)) {}
  /** Equal strides, and equal padding on all sides. */
  Window(int64_t stride, int64_t around)
      : strides{stride, stride}, padding(std::vector<int64_t>(4, around)), dilations{1, 1}, depthwise(false) {}
};

/** Pictures [b, height, width, in] by filters [h, w, in, out]: [b, p, q, out]; `w` may be `scaled_filter`'s. */
at::Tensor convolution(const at::Tensor& x, const at::Tensor& w, const Window& window);
/** Its gradient with respect to x, of a shape. */
at::Tensor input_gradient(const at::Tensor& dy, const at::Tensor& w, const std::vector<int64_t>& shape, const Window& window);
/** Its gradient with respect to w, of a shape. */
at::Tensor filter_gradient(const at::Tensor& x, const at::Tensor& dy, const std::vector<int64_t>& shape, const Window& window);

/** relu(x factor + offset + shortcut), of those that are defined; `over` x if nothing else uses its memory. */
at::Tensor affine(const at::Tensor& x, const at::Tensor& factor, const at::Tensor& offset, const at::Tensor& shortcut, bool relu,
                  bool over);
/** A filter [h, w, in, out] times a factor [out], in the order in which convolutions read filters: output after output. */
at::Tensor scaled_filter(const at::Tensor& w, const at::Tensor& factor);
/** g = dy where y > 0, else 0 (without y: dy), its sums over the rows, and with x and mean the sums of g (x - mean). */
Results masked_sums(const at::Tensor& dy, const at::Tensor& y, const at::Tensor& x, const at::Tensor& mean);
/** dv factor, and the sums of dv w over the rows. */
Results scaled_gradient(const at::Tensor& dv, const at::Tensor& w, const at::Tensor& factor);

}  // namespace tripletlab
