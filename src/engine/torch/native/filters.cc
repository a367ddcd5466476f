// Filters of convolutions: their form for libtorch, and gradients with respect to them.
#include <c10/core/InferenceMode.h>

#include "products.h"

namespace tripletlab {
namespace {

/** The number of pixels that are multiplied at once. */
constexpr int64_t PIXELS = 2048;
/** With AVX-512, gradients from fewer pixels are OpenBLAS's. */
constexpr int64_t FEW_PIXELS = 1024;
/** Products with fewer channels are too narrow. */
constexpr int64_t NARROW = 16;

/** What strides and padding make of one axis. */
struct Axis {
  int64_t size, filter, stride, padding, outputs;

  /** By how many places of `outputs` a filter reaches further. */
  int64_t reach() const { return (filter - 1) / stride; }
  /** Places of a row whose padding behind is that before the next row. */
  int64_t places() const { return outputs + reach() - (stride == 1 ? padding : 0); }
  /** The first place that has a number of x with this remainder by the stride, this number, and how many there are. */
  int64_t place(int64_t remainder) const { return std::max<int64_t>(0, (padding - remainder + stride - 1) / stride); }
  int64_t first(int64_t remainder) const { return stride * place(remainder) + remainder - padding; }
  int64_t count(int64_t remainder, int64_t all) const {
    return std::max<int64_t>(0, std::min(all - place(remainder), (size - first(remainder) + stride - 1) / stride));
  }
  at::Tensor taken(const at::Tensor& x, int64_t axis, int64_t remainder, int64_t count) const {
    const auto begin = std::min(first(remainder), size);
    return x.slice(axis, begin, std::min(size, begin + stride * count), stride);
  }
};

/**
 * The gradient by a product for each of the filter's places, of all outputs' gradients and the pixels that they meet
 * there. So that these lie at an equal distance, rows of all pictures lie in turns, with zeros between them; pixels that
 * a stride separates lie apart.
 */
at::Tensor by_places(const at::Tensor& x, const at::Tensor& dy, const Axis& y_axis, const Axis& x_axis) {
  const auto pictures = x.size(0), in = x.size(3), out = dy.size(3);
  const auto places = x_axis.places(), lines = y_axis.outputs + y_axis.reach(), line = pictures * places;
  const auto pixels = at::zeros({y_axis.stride, x_axis.stride, lines * line + x_axis.reach(), in}, x.options());
  for (int64_t v = 0; v < y_axis.stride; v++)
    for (int64_t h = 0; h < x_axis.stride; h++) {
      const auto rows = y_axis.count(v, lines), columns = x_axis.count(h, places);
      const auto to = pixels.select(0, v).select(0, h).narrow(0, 0, lines * line).view({lines, pictures, places, in});
      to.narrow(0, y_axis.place(v), rows)
          .narrow(2, x_axis.place(h), columns)
          .copy_(x_axis.taken(y_axis.taken(x, 1, v, rows), 2, h, columns).permute({1, 0, 2, 3}));
    }
  auto gradients = at::zeros({y_axis.outputs, pictures, places, out}, dy.options());
  gradients.narrow(2, 0, x_axis.outputs).copy_(dy.permute({1, 0, 2, 3}));
  gradients = gradients.view({-1, out});
  const auto dw = at::zeros({y_axis.filter, x_axis.filter, in, out}, x.options());
  const int64_t axis = in >= out ? 0 : 1, length = std::max(in, out), share = share_of(length), all = gradients.size(0);
  at::parallel_for(0, (length + share - 1) / share, 1, [&](int64_t begin, int64_t end) {
    const c10::InferenceMode guard;
    for (auto part = begin; part < end; part++) {
      const auto channel = part * share, channels = std::min(share, length - channel);
      for (int64_t first = 0; first < all; first += PIXELS)  // few enough to stay in the cache for all places
        for (int64_t v = 0; v < y_axis.filter; v++)
          for (int64_t h = 0; h < x_axis.filter; h++) {
            const auto count = std::min(PIXELS, all - first);
            const auto met = first + v / y_axis.stride * line + h / x_axis.stride;
            auto left = pixels.select(0, v % y_axis.stride).select(0, h % x_axis.stride).narrow(0, met, count).t();
            auto right = gradients.narrow(0, first, count);
            (axis == 0 ? left : right) = axis == 0 ? left.narrow(0, channel, channels) : right.narrow(1, channel, channels);
            dw.select(0, v).select(0, h).narrow(axis, channel, channels).addmm_(left, right);
          }
    }
  });
  return dw;
}

/** The gradient by libtorch's convolution, brought back into the order of the filter. */
at::Tensor by_convolution(const at::Tensor& x, const at::Tensor& dy, const std::vector<int64_t>& shape,
                          const std::vector<int64_t>& strides, const std::vector<int64_t>& padding) {
  const auto height = shape[0], width = shape[1], in = shape[2], out = shape[3];
  const auto w = at::empty({out, in, height, width}, x.options());
  const auto dw = std::get<1>(at::convolution_backward(dy.permute({0, 3, 1, 2}), x.permute({0, 3, 1, 2}), w,
                                                       at::OptionalIntArrayRef(), strides, padding, {1, 1}, false, {0, 0}, 1,
                                                       {false, true, false}));
  if (!dw.is_contiguous()) return turned(dw.permute({0, 2, 3, 1}).reshape({out, -1})).view(shape);
  return turned(dw.view({out, -1})).view({in, height, width, out}).permute({1, 2, 0, 3}).contiguous();
}

constexpr int64_t TILE = 32, BLOCK = 4;

/** Transposes, with a factor of each column. Where sizes are constants, compilers permute vectors. */
inline void turn_block(const float* from, const float* factor, float* to, int64_t rows, int64_t columns, int64_t height,
                       int64_t width) {
  float block[BLOCK][BLOCK];
  for (int64_t i = 0; i < height; i++)
    for (int64_t j = 0; j < width; j++) block[j][i] = from[i * columns + j] * factor[j];
  for (int64_t j = 0; j < width; j++)
    for (int64_t i = 0; i < height; i++) to[j * rows + i] = block[j][i];
}

void turn_tile(const float* from, const float* factor, float* to, int64_t rows, int64_t columns, int64_t height,
               int64_t width) {
  for (int64_t j = 0; j < width; j += BLOCK)
    for (int64_t i = 0; i < height; i += BLOCK) {
      const auto *part = from + i * columns + j, *factors = factor + j;
      auto* turned = to + j * rows + i;
      if (i + BLOCK <= height && j + BLOCK <= width)
        turn_block(part, factors, turned, rows, columns, BLOCK, BLOCK);
      else
        turn_block(part, factors, turned, rows, columns, std::min(BLOCK, height - i), std::min(BLOCK, width - j));
    }
}

}  // namespace

at::Tensor turned(const at::Tensor& x, const at::Tensor& factor) {
  const auto over = x.t();
  if (!factor.defined() && over.is_contiguous()) return over;
  if (!in_reach({x, factor})) return (factor.defined() ? x * factor : x).t().contiguous();
  const auto from = packed(x);
  const auto rows = from.size(0), columns = from.size(1);
  const auto factors = factor.defined() ? packed(factor) : at::ones({columns}, from.options());
  const auto y = at::empty({columns, rows}, from.options().memory_format(at::MemoryFormat::Contiguous));
  auto* to = y.data_ptr<float>();
  at::parallel_for(0, (columns + TILE - 1) / TILE, grain(rows * TILE), [&](int64_t begin, int64_t end) {
    for (auto j = begin * TILE; j < std::min(end * TILE, columns); j += TILE)
      for (int64_t i = 0; i < rows; i += TILE)
        turn_tile(numbers(from) + i * columns + j, numbers(factors) + j, to + j * rows + i, rows, columns,
                  std::min(TILE, rows - i), std::min(TILE, columns - j));
  });
  return y;
}

at::Tensor filter_of(const at::Tensor& w, bool depthwise) {
  if (depthwise) return w.permute({2, 3, 0, 1}).reshape({w.size(2) * w.size(3), 1, w.size(0), w.size(1)});
  // libtorch would copy the permuted filter number by number
  const auto out = w.size(3);
  return turned(w.reshape({-1, out})).view({out, w.size(0), w.size(1), w.size(2)}).permute({0, 3, 1, 2});
}

at::Tensor filter_gradient(const at::Tensor& x, const at::Tensor& dy, const std::vector<int64_t>& shape,
                           const std::vector<int64_t>& strides, const std::vector<int64_t>& padding) {
  const auto in = shape[2], out = shape[3], pixels = dy.numel() / std::max<int64_t>(1, out);
  const Axis y_axis{x.size(1), shape[0], strides[0], padding[0], dy.size(1)};
  const Axis x_axis{x.size(2), shape[1], strides[1], padding[1], dy.size(2)};
  if (shape[0] == 1 && shape[1] == 1 && padding[0] == 0 && padding[1] == 0) {
    const auto met = x_axis.taken(y_axis.taken(x, 1, 0, y_axis.outputs), 2, 0, x_axis.outputs).reshape({-1, in});
    return product(met, dy.reshape({-1, out}), true, false).reshape(shape);
  }
  if (std::min(in, out) >= NARROW && gradient_by_openblas(pixels, FEW_PIXELS)) return by_places(x, dy, y_axis, x_axis);
  return by_convolution(x, dy, shape, strides, padding);
}

}  // namespace tripletlab
