// Filters of convolutions: their form for libtorch, and gradients with respect to them.
#include "products.h"

namespace tripletlab {
namespace {

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
  const auto in = shape[2], out = shape[3];
  if (shape[0] == 1 && shape[1] == 1 && padding[0] == 0 && padding[1] == 0) {
    const auto rows = x.slice(1, 0, (dy.size(1) - 1) * strides[0] + 1, strides[0]);
    const auto met = rows.slice(2, 0, (dy.size(2) - 1) * strides[1] + 1, strides[1]);
    return product(met.reshape({-1, in}), dy.reshape({-1, out}), true, false).view(shape);
  }
  if (std::min(in, out) < NARROW) return by_convolution(x, dy, shape, strides, padding);
  return weight_gradient(x, dy, shape, strides, padding);
}

}  // namespace tripletlab
