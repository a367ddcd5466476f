// Convolution and pooling of pictures [b, height, width, c] by filters [h, w, in, out]: permuted, they are libtorch's
// channels_last pictures and a view of its filters, without a copy.
#include <limits>

#include "layers.h"

namespace tripletlab {
namespace {

/** A picture that is needed for its shape only: nothing reads its numbers. */
at::Tensor shape_only(const std::vector<int64_t>& nhwc, const at::Tensor& like) {
  return at::empty({nhwc[0], nhwc[3], nhwc[1], nhwc[2]}, like.options().memory_format(at::MemoryFormat::ChannelsLast));
}

at::Tensor gradient(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& w, const Window& window, int64_t groups,
                    bool by_filter) {
  const std::array<bool, 3> mask = {!by_filter, by_filter, false};
  auto both = at::convolution_backward(factor(dy), factor(x), factor(w), at::OptionalIntArrayRef(), window.strides,
                                       window.padding.both(), window.dilations, false, {0, 0}, groups, mask);
  return whole(by_filter ? std::get<1>(both) : std::get<0>(both));
}

/** The number of pixels in each window, without its padding: [1, 1, p, q]. */
at::Tensor counts(const at::Tensor& x, const Padding& padding, const std::vector<int64_t>& size, const std::vector<int64_t>& strides) {
  const auto ones = padding.all_around(at::ones({1, 1, x.size(2), x.size(3)}, x.options()), 0);
  return at::avg_pool2d(ones, size, strides, {0, 0}, false, true, 1);
}

}  // namespace

at::Tensor convolution(const at::Tensor& given, const at::Tensor& filter, const Window& window) {
  const auto x = inward(given);
  const auto around = factor(window.padding.around(x, 0)), w = factor(filter_of(filter, window.depthwise));
  const auto groups = window.depthwise ? x.size(1) : 1;
  return outward(whole(at::conv2d(around, w, {}, window.strides, window.padding.both(), window.dilations, groups)));
}

at::Tensor input_gradient(const at::Tensor& given, const at::Tensor& w, const std::vector<int64_t>& shape, const Window& window) {
  const auto dy = inward(given);
  const auto& padding = window.padding;
  if (w.size(0) == 1 && w.size(1) == 1 && !window.depthwise && window.strides == std::vector<int64_t>{1, 1} && padding.none() &&
      w.is_contiguous())
    // a convolution itself; a filter that was not scaled needs no other order for it
    return outward(whole(at::conv2d(factor(dy), factor(w.reshape({w.size(2), w.size(3), 1, 1})))));
  const auto x = shape_only(padding.even() ? shape : padding.grown(shape), dy);
  const auto dx = gradient(dy, x, filter_of(w, window.depthwise), window, window.depthwise ? shape[3] : 1, false);
  return outward(padding.inside(dx, !padding.even()));
}

at::Tensor filter_gradient(const at::Tensor& given, const at::Tensor& dy, const std::vector<int64_t>& shape,
                           const Window& window) {
  const auto x = inward(given);
  const auto around = window.padding.around(x, 0), g = factor(inward(dy));
  if (!window.depthwise && in_reach({around, g}) && window.dilations == std::vector<int64_t>{1, 1})
    return filter_gradient(outward(around), outward(g), shape, window.strides, window.padding.both());
  const auto w = filter_of(at::empty(shape, x.options()), window.depthwise);
  const auto dw = gradient(g, around, w, window, window.depthwise ? x.size(1) : 1, true);
  if (!window.depthwise) return dw.permute({2, 3, 1, 0});
  return dw.reshape({shape[2], shape[3], shape[0], shape[1]}).permute({2, 3, 0, 1});
}

Kernels pictures() {
  return {
      // (x, w, strides, paddings, dilations, depthwise)
      {"conv2d",
       [](const Call& c) -> Results { return {convolution(c.tensor(0), c.tensor(1), {c, 2})}; }},
      // (dy, w, shape of x, strides, paddings, dilations, depthwise)
      {"conv2d_input",
       [](const Call& c) -> Results { return {input_gradient(c.tensor(0), c.tensor(1), c.integers(2), {c, 3})}; }},
      // (x, dy, shape of w, strides, paddings, dilations, depthwise)
      {"conv2d_filter",
       [](const Call& c) -> Results { return {filter_gradient(c.tensor(0), c.tensor(1), c.integers(2), {c, 3})}; }},
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
