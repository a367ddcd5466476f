// Convolution and pooling of pictures [b, height, width, c] by filters [h, w, in, out]: permuted, they are libtorch's
// channels_last pictures and a view of its filters, without a copy.
#include <limits>

#include "products.h"

namespace tripletlab {
namespace {

/** [b, height, width, c] -> [b, c, height, width] and back, of the same memory. */
at::Tensor inward(const at::Tensor& x) { return x.permute({0, 3, 1, 2}); }
at::Tensor outward(const at::Tensor& x) { return x.permute({0, 2, 3, 1}); }

/** A picture that is needed for its shape only: nothing reads its numbers. */
at::Tensor shape_only(const std::vector<int64_t>& nhwc, const at::Tensor& like) {
  return at::empty({nhwc[0], nhwc[3], nhwc[1], nhwc[2]}, like.options().memory_format(at::MemoryFormat::ChannelsLast));
}

/** Paddings as TensorFlow has them: the one behind may be larger than the one before, or negative. */
struct Padding {
  int64_t top, bottom, left, right;
  explicit Padding(const std::vector<int64_t>& p) : top(p[0]), bottom(p[1]), left(p[2]), right(p[3]) {}
  bool even() const { return top == bottom && left == right; }
  std::vector<int64_t> both() const { return even() ? std::vector<int64_t>{top, left} : std::vector<int64_t>{0, 0}; }
  /** Adds the padding that a kernel with equal paddings on both sides cannot add. */
  at::Tensor around(const at::Tensor& x, double value) const {
    return even() ? x : at::constant_pad_nd(x, {left, right, top, bottom}, value);
  }
  at::Tensor all_around(const at::Tensor& x, double value) const {
    return top == 0 && bottom == 0 && left == 0 && right == 0 ? x : at::constant_pad_nd(x, {left, right, top, bottom}, value);
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

at::Tensor gradient(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& w, const std::vector<int64_t>& strides,
                    const std::vector<int64_t>& padding, const std::vector<int64_t>& dilations, int64_t groups, bool by_filter) {
  const std::array<bool, 3> mask = {!by_filter, by_filter, false};
  auto both = at::convolution_backward(factor(dy), factor(x), factor(w), at::OptionalIntArrayRef(), strides, padding,
                                       dilations, false, {0, 0}, groups, mask);
  return whole(by_filter ? std::get<1>(both) : std::get<0>(both));
}

/** The number of pixels in each window, without its padding: [1, 1, p, q]. */
at::Tensor counts(const at::Tensor& x, const Padding& padding, const std::vector<int64_t>& size, const std::vector<int64_t>& strides) {
  const auto ones = padding.all_around(at::ones({1, 1, x.size(2), x.size(3)}, x.options()), 0);
  return at::avg_pool2d(ones, size, strides, {0, 0}, false, true, 1);
}

}  // namespace

Kernels pictures() {
  return {
      // (x, w, strides, paddings, dilations, depthwise)
      {"conv2d",
       [](const Call& c) -> Results {
         const auto x = inward(c.tensor(0));
         const Padding padding(c.integers(3));
         const auto depthwise = c.flag(5);
         const auto around = factor(padding.around(x, 0)), w = factor(filter_of(c.tensor(1), depthwise));
         return {outward(whole(
             at::conv2d(around, w, {}, c.integers(2), padding.both(), c.integers(4), depthwise ? x.size(1) : 1)))};
       }},
      // (dy, w, shape of x, strides, paddings, dilations, depthwise)
      {"conv2d_input",
       [](const Call& c) -> Results {
         const auto dy = inward(c.tensor(0));
         const Padding padding(c.integers(4));
         const auto shape = c.integers(2);
         const auto depthwise = c.flag(6);
         const auto& w = c.tensor(1);
         if (w.size(0) == 1 && w.size(1) == 1 && !depthwise && c.integers(3) == std::vector<int64_t>{1, 1} &&
             c.integers(4) == std::vector<int64_t>{0, 0, 0, 0} && w.is_contiguous())
           // a convolution itself; a filter that was not scaled needs no other order for it
           return {outward(whole(at::conv2d(factor(dy), factor(w.reshape({w.size(2), w.size(3), 1, 1})))))};
         const auto x = shape_only(padding.even() ? shape : padding.grown(shape), dy);
         const auto dx = gradient(dy, x, filter_of(w, depthwise), c.integers(3), padding.both(), c.integers(5),
                                  depthwise ? shape[3] : 1, false);
         return {outward(padding.inside(dx, !padding.even()))};
       }},
      // (x, dy, shape of w, strides, paddings, dilations, depthwise)
      {"conv2d_filter",
       [](const Call& c) -> Results {
         const auto x = inward(c.tensor(0));
         const Padding padding(c.integers(4));
         const auto shape = c.integers(2);
         const auto depthwise = c.flag(6);
         const auto around = padding.around(x, 0), dy = factor(inward(c.tensor(1)));
         if (!depthwise && in_reach({around, dy}) && c.integers(5) == std::vector<int64_t>{1, 1})
           return {filter_gradient(outward(around), outward(dy), shape, c.integers(3), padding.both())};
         const auto w = filter_of(at::empty(shape, x.options()), depthwise);
         const auto dw = gradient(dy, around, w, c.integers(3), padding.both(), c.integers(5), depthwise ? x.size(1) : 1, true);
         if (!depthwise) return {dw.permute({2, 3, 1, 0})};
         return {dw.reshape({shape[2], shape[3], shape[0], shape[1]}).permute({2, 3, 0, 1})};
       }},
      // (x, size, align corners)
      {"resize",
       [](const Call& c) -> Results {
         return {outward(at::upsample_bilinear2d(inward(c.tensor(0)), c.integers(1), c.flag(2)))};
       }},
      // (dy, shape of x, align corners)
      {"resize_gradient",
       [](const Call& c) -> Results {
         const auto dy = inward(c.tensor(0)).cpu();  // on CUDA its sums do not repeat; networks resize only their few positions
         const auto shape = c.integers(1);
         const auto dx = at::upsample_bilinear2d_backward(dy, {dy.size(2), dy.size(3)}, {shape[0], shape[3], shape[1], shape[2]},
                                                          c.flag(2));
         return {outward(dx.to(c.tensor(0).device()))};
       }},
      // (x, size, strides, paddings)
      {"max_pool",
       [](const Call& c) -> Results {
         const auto given = inward(c.tensor(0)).to(at::kFloat);
         const auto x = Padding(c.integers(3)).all_around(given, -std::numeric_limits<float>::infinity());
         return {outward(at::max_pool2d(x, c.integers(1), c.integers(2))).to(c.tensor(0).scalar_type())};
       }},
      // (dy, x, size, strides, paddings)
      {"max_pool_gradient",
       [](const Call& c) -> Results {
         const Padding padding(c.integers(4));
         const auto x = padding.all_around(inward(c.tensor(1)), -std::numeric_limits<float>::infinity());
         const auto size = c.integers(2), strides = c.integers(3);
         const auto indices = std::get<1>(at::max_pool2d_with_indices(x, size, strides));
         const auto dx = at::max_pool2d_with_indices_backward(inward(c.tensor(0)), x, size, strides, {0, 0}, {1, 1}, false, indices);
         return {outward(padding.inside(dx, true))};
       }},
      {"avg_pool",
       [](const Call& c) -> Results {
         const Padding padding(c.integers(3));
         const auto x = inward(c.tensor(0));
         const auto size = c.integers(1), strides = c.integers(2);
         const auto sums = at::avg_pool2d(padding.all_around(x, 0), size, strides, {0, 0}, false, true, 1);
         return {outward(sums / counts(x, padding, size, strides))};
       }},
      // (dy, shape of x, size, strides, paddings)
      {"avg_pool_gradient",
       [](const Call& c) -> Results {
         const Padding padding(c.integers(4));
         const auto dy = inward(c.tensor(0));
         const auto size = c.integers(2), strides = c.integers(3);
         const auto x = shape_only(c.integers(1), dy), around = shape_only(padding.grown(c.integers(1)), dy);
         const auto shared = dy / counts(x, padding, size, strides);
         return {outward(padding.inside(at::avg_pool2d_backward(shared, around, size, strides, {0, 0}, false, true, 1), true))};
       }},
  };
}

}  // namespace tripletlab
