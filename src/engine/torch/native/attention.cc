// Attention on a GPU by libtorch's fused kernels, which never hold a weight for every pair of rows.
#include <ATen/Context.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include "call.h"

#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 201
#define TRIPLETLAB_FUSED_ATTENTION
#endif

namespace tripletlab {

#ifdef TRIPLETLAB_FUSED_ATTENTION
namespace {

/**
 * As long as it exists, libtorch takes kernels of attention whose sums repeat, where that is asked for (repeatOnCuda()).
 * Where other operations may warn instead, it would take faster ones, which do not.
 */
class Repeating {
 public:
  Repeating() : warns_(context().deterministicAlgorithmsWarnOnly()) {
    if (warns_) context().setDeterministicAlgorithms(true, false);
  }
  ~Repeating() {
    if (warns_) context().setDeterministicAlgorithms(true, true);
  }
  Repeating(const Repeating&) = delete;
  Repeating& operator=(const Repeating&) = delete;

 private:
  static at::Context& context() { return at::globalContext(); }
  const bool warns_;
};

/** Rows of queries, keys and values of all heads, [b n, 3 heads size], as [3, b, heads, n, size]. */
at::Tensor by_head(const at::Tensor& qkv, int64_t batch, int64_t heads) {
  return qkv.reshape({batch, qkv.size(0) / batch, 3, heads, -1}).permute({2, 0, 3, 1, 4});
}

/** softmax(q k^T / sqrt(size)) v of each head, as rows [b n, heads size]. */
at::Tensor attend(const at::Tensor& qkv, int64_t batch, int64_t heads) {
  const auto parts = by_head(qkv, batch, heads);
  const auto value = at::scaled_dot_product_attention(parts[0], parts[1], parts[2]);
  return value.transpose(1, 2).reshape({qkv.size(0), -1});
}

}  // namespace

Kernels attention() {
  return {
      // (qkv, batch, heads)
      {"attention",
       [](const Call& c) -> Results {
         const Repeating repeating;
         return {whole(attend(factor(c.tensor(0)), c.integer(1), c.integer(2)))};
       }},
      // (dy, qkv, batch, heads): the gradient, by libtorch's own; the forward pass is computed again, a tenth of a layer
      {"attention_gradient",
       [](const Call& c) -> Results {
         const Repeating repeating;
         const c10::InferenceMode recorded(false);
         const c10::AutoGradMode record(true);
         const auto leaf = factor(c.tensor(1)).clone().detach().requires_grad_();
         const auto dy = factor(c.tensor(0)).clone();
         const auto value = attend(leaf, c.integer(2), c.integer(3));
         return {whole(torch::autograd::grad({value}, {leaf}, {dy}).front()).detach()};
       }},
  };
}
#else
Kernels attention() { return {}; }
#endif

}  // namespace tripletlab
