// What image networks compute before and after products, each in one pass over its rows; on a GPU with libtorch's own
// operations. A tensor that is not defined was not given.
#include "layers.h"

namespace tripletlab {
namespace {

/** Sums over rows are first taken over chunks of this many, for precision. */
constexpr int64_t CHUNK = 64;

TRIPLETLAB_CLONES void affine_rows(const float* x, const float* factor, const float* offset, const float* shortcut, bool relu,
                                   float* y, int64_t begin, int64_t end, int64_t channels) {
  for (auto row = begin; row < end; row++) {
    const float *from = x + row * channels, *added = shortcut ? shortcut + row * channels : nullptr;
    float* to = y + row * channels;
    if (factor)
      for (int64_t c = 0; c < channels; c++) to[c] = from[c] * factor[c];
    else if (to != from)
      std::copy(from, from + channels, to);
    if (offset)
      for (int64_t c = 0; c < channels; c++) to[c] += offset[c];
    if (added)
      for (int64_t c = 0; c < channels; c++) to[c] += added[c];
    if (relu)
      for (int64_t c = 0; c < channels; c++) to[c] = to[c] < 0 ? 0 : to[c];
  }
}

}  // namespace

at::Tensor scaled_filter(const at::Tensor& w, const at::Tensor& factor) {
  return turned(w.reshape({-1, w.size(3)}), factor).t().view(w.sizes());
}

at::Tensor affine(const at::Tensor& x, const at::Tensor& factor, const at::Tensor& offset, const at::Tensor& shortcut, bool relu,
                  bool over) {
  if (!in_reach({x, factor, offset, shortcut})) {
    auto y = factor.defined() ? x * factor : over && own(x) ? x : x.clone();
    if (offset.defined()) y.add_(offset);
    if (shortcut.defined()) y.add_(shortcut);
    return relu ? y.relu_() : y;
  }
  const auto from = packed(x), f = packed(factor), o = packed(offset), s = packed(shortcut);
  const auto y = over && own(from) ? from : at::empty_like(from, at::MemoryFormat::Contiguous);
  const auto [rows, channels] = rows_of(from);
  const auto columns = channels;
  at::parallel_for(0, rows, grain(channels), [&](int64_t begin, int64_t end) {
    affine_rows(numbers(from), numbers(f), numbers(o), numbers(s), relu, y.data_ptr<float>(), begin, end, columns);
  });
  return y;
}

namespace {

TRIPLETLAB_CLONES void masked_rows(const float* dy, const float* y, const float* x, const float* mean, float* g, float* sums,
                                   float* products, float* local, int64_t begin, int64_t end, int64_t channels) {
  float *sum = local, *product = local + channels;
  for (auto first = begin; first < end; first += CHUNK) {
    std::fill(local, local + 2 * channels, 0.0f);
    for (auto row = first; row < std::min(end, first + CHUNK); row++) {
      const float* from = dy + row * channels;
      if (y) {
        const float* value = y + row * channels;
        float* to = g + row * channels;
        for (int64_t c = 0; c < channels; c++) {
          to[c] = value[c] > 0 ? from[c] : 0;
          sum[c] += to[c];
        }
        from = to;
      } else {
        for (int64_t c = 0; c < channels; c++) sum[c] += from[c];
      }
      if (x) {
        const float* input = x + row * channels;
        for (int64_t c = 0; c < channels; c++) product[c] += from[c] * (input[c] - mean[c]);
      }
    }
    for (int64_t c = 0; c < channels; c++) sums[c] += sum[c];
    if (x)
      for (int64_t c = 0; c < channels; c++) products[c] += product[c];
  }
}

}  // namespace

Results masked_sums(const at::Tensor& dy, const at::Tensor& y, const at::Tensor& x, const at::Tensor& mean) {
  const auto channels = dy.size(-1);
  if (!in_reach({dy, y, x, mean})) {
    const auto g = y.defined() ? dy.masked_fill(at::le(y, 0), 0) : dy.alias();
    const auto sums = g.reshape({-1, channels}).sum(0);
    if (!x.defined()) return {g, sums};
    return {g, sums, (g * (x - mean)).reshape({-1, channels}).sum(0)};
  }
  const auto from = packed(dy), value = packed(y), input = packed(x), centre = packed(mean);
  const auto g = y.defined() ? at::empty_like(from, at::MemoryFormat::Contiguous) : dy.alias();
  auto* to = y.defined() ? g.data_ptr<float>() : nullptr;
  const auto both = summed(rows_of(from).first, 2 * channels, channels, from, [&](float* sums, int64_t begin, int64_t end) {
    std::vector<float> local(2 * channels);
    masked_rows(numbers(from), numbers(value), numbers(input), numbers(centre), to, sums, sums + channels, local.data(), begin,
                end, channels);
  });
  if (!x.defined()) return {g, both.narrow(0, 0, channels)};
  return {g, both.narrow(0, 0, channels), both.narrow(0, channels, channels)};
}

namespace {

TRIPLETLAB_CLONES void scaled_rows(const float* dv, const float* w, const float* factor, float* to, float* sums, float* local,
                                   int64_t begin, int64_t end, int64_t channels) {
  for (auto first = begin; first < end; first += CHUNK) {
    std::fill(local, local + channels, 0.0f);
    for (auto at = first * channels; at < std::min(end, first + CHUNK) * channels; at += channels)
      for (int64_t c = 0; c < channels; c++) {
        const float value = dv[at + c];
        local[c] += value * w[at + c];
        to[at + c] = value * factor[c];
      }
    for (int64_t c = 0; c < channels; c++) sums[c] += local[c];
  }
}

}  // namespace

Results scaled_gradient(const at::Tensor& dv, const at::Tensor& w, const at::Tensor& factor) {
  const auto channels = dv.size(-1);
  if (!in_reach({dv, w, factor})) return {dv * factor, (dv * w).reshape({-1, channels}).sum(0)};
  const auto from = packed(dv), weights = packed(w), f = packed(factor);
  const auto y = own(from) ? from : at::empty_like(from, at::MemoryFormat::Contiguous);
  auto* to = y.data_ptr<float>();
  const auto sums = summed(rows_of(from).first, channels, channels, from, [&](float* all, int64_t begin, int64_t end) {
    std::vector<float> local(channels);
    scaled_rows(numbers(from), numbers(weights), numbers(f), to, all, local.data(), begin, end, channels);
  });
  return {y, sums};
}

namespace {

TRIPLETLAB_CLONES void square_rows(const float* x, const float* mean, float* sums, float* local, int64_t begin, int64_t end,
                                   int64_t channels) {
  for (auto first = begin; first < end; first += CHUNK) {
    std::fill(local, local + channels, 0.0f);
    for (auto row = first; row < std::min(end, first + CHUNK); row++)
      for (int64_t c = 0; c < channels; c++) {
        const float value = x[row * channels + c] - mean[c];
        local[c] += value * value;
      }
    for (int64_t c = 0; c < channels; c++) sums[c] += local[c];
  }
}

/** Sums of (x - mean)^2 over the rows. */
at::Tensor squares(const at::Tensor& x, const at::Tensor& mean) {
  const auto channels = x.size(-1);
  if (!in_reach({x, mean})) return (x - mean).square_().reshape({-1, channels}).sum(0);
  const auto from = packed(x), centre = packed(mean);
  return summed(rows_of(from).first, channels, channels, from, [&](float* sums, int64_t begin, int64_t end) {
    std::vector<float> local(channels);
    square_rows(numbers(from), numbers(centre), sums, local.data(), begin, end, channels);
  });
}

TRIPLETLAB_CLONES void combine_rows(const float* p, const float* q, const float* a, const float* b, const float* offset, float* y,
                                    int64_t begin, int64_t end, int64_t channels) {
  for (auto row = begin; row < end; row++)
    for (int64_t c = 0; c < channels; c++) {
      const auto at = row * channels + c;
      y[at] = p[at] * a[c] + q[at] * b[c] + offset[c];
    }
}

/** a p + b q + offset */
at::Tensor combine(const at::Tensor& p, const at::Tensor& q, const at::Tensor& a, const at::Tensor& b, const at::Tensor& offset) {
  if (!in_reach({p, q, a, b, offset})) return at::addcmul(at::addcmul(offset, p, a), q, b);
  const auto left = packed(p), right = packed(q), f = packed(a), g = packed(b), o = packed(offset);
  const auto y = at::empty_like(left, at::MemoryFormat::Contiguous);
  const auto [rows, channels] = rows_of(left);
  const auto columns = channels;
  at::parallel_for(0, rows, grain(channels), [&](int64_t begin, int64_t end) {
    combine_rows(numbers(left), numbers(right), numbers(f), numbers(g), numbers(o), y.data_ptr<float>(), begin, end, columns);
  });
  return y;
}

TRIPLETLAB_CLONES void softmax_rows(const float* dy, const float* y, float* dx, float factor, int64_t begin, int64_t end,
                                    int64_t length) {
  for (auto row = begin; row < end; row++) {
    const float *from = dy + row * length, *value = y + row * length;
    float along = 0, *to = dx + row * length;
#pragma omp simd reduction(+ : along)
    for (int64_t c = 0; c < length; c++) along += from[c] * value[c];
    for (int64_t c = 0; c < length; c++) to[c] = factor * value[c] * (from[c] - along);
  }
}

/** The gradient of y = softmax(factor x): factor y (dy - sum of dy y). */
at::Tensor softmax_gradient(const at::Tensor& dy, const at::Tensor& y, double factor) {
  if (!in_reach({dy, y})) return at::_softmax_backward_data(dy, y, -1, at::kFloat).mul_(factor);
  const auto from = packed(dy), value = packed(y);
  const auto dx = own(from) ? from : at::empty_like(from, at::MemoryFormat::Contiguous);
  const auto [rows, length] = rows_of(from);
  const auto columns = length;
  at::parallel_for(0, rows, grain(length), [&](int64_t begin, int64_t end) {
    softmax_rows(numbers(from), numbers(value), dx.data_ptr<float>(), static_cast<float>(factor), begin, end, columns);
  });
  return dx;
}

at::Tensor vector(const at::Tensor& x) { return x.reshape({-1}); }

}  // namespace

Kernels layers() {
  return {
      // (x, factor, offset, shortcut, relu, over)
      {"affine",
       [](const Call& c) -> Results {
         return {affine(c.tensor(0), c.maybe(1), c.maybe(2), c.maybe(3), c.flag(4), c.flag(5))};
       }},
      // (dy, y, x, mean)
      {"masked_sums",
       [](const Call& c) -> Results { return masked_sums(c.tensor(0), c.maybe(1), c.maybe(2), c.maybe(3)); }},
      // (x, mean, variance, offset, scale, epsilon): (x - mean) / sqrt(variance + epsilon) scale + offset
      {"batch_norm",
       [](const Call& c) -> Results {
         auto factor = at::rsqrt(c.tensor(2) + c.number(5));
         if (c.has(4)) factor = factor * c.tensor(4);
         const auto y = (c.tensor(0) - c.tensor(1)) * factor;
         return {c.has(3) ? y + c.tensor(3) : y};
       }},
      // (dv, w, factor): dv factor, and the sums of dv w
      {"scaled_gradient",
       [](const Call& c) -> Results { return scaled_gradient(c.tensor(0), c.tensor(1), c.tensor(2)); }},
      {"squares", [](const Call& c) -> Results { return {squares(c.tensor(0), c.tensor(1))}; }},
      // (p, q, a, b, offset)
      {"combine",
       [](const Call& c) -> Results {
         return {combine(c.tensor(0), c.tensor(1), c.tensor(2), c.tensor(3), c.tensor(4))};
       }},
      // (x, scale, shift, epsilon): y, means and inverse standard deviations
      {"layer_norm",
       [](const Call& c) -> Results {
         const auto x = c.tensor(0).contiguous();
         auto [y, means, inverses] = at::native_layer_norm(x, {x.size(-1)}, c.maybe(1), c.maybe(2), c.number(3));
         return {y, vector(means), vector(inverses)};
       }},
      // (dy, x, scale, means, inverses)
      {"layer_norm_gradient",
       [](const Call& c) -> Results {
         const auto x = c.tensor(1).contiguous();
         const auto scale = c.maybe(2);
         const bool has = scale.defined();
         const auto shift = has ? at::zeros_like(scale) : at::Tensor();
         auto [dx, dscale, dshift] =
             at::native_layer_norm_backward(c.tensor(0).contiguous(), x, {x.size(-1)}, c.tensor(3).reshape({x.size(0), 1}),
                                            c.tensor(4).reshape({x.size(0), 1}), scale, shift, {true, has, has});
         return has ? Results{dx, dscale, dshift} : Results{dx};
       }},
      {"gelu", [](const Call& c) -> Results { return {at::gelu(c.tensor(0))}; }},
      {"gelu_gradient", [](const Call& c) -> Results { return {at::gelu_backward(c.tensor(0), c.tensor(1))}; }},
      // (dy, y, factor)
      {"softmax_gradient",
       [](const Call& c) -> Results { return {softmax_gradient(c.tensor(0), c.tensor(1), c.number(2))}; }},
  };
}

}  // namespace tripletlab
