// Matrix products.
#include "call.h"

#include <dlfcn.h>

#include <cstdlib>
#include <string>

namespace tripletlab {
namespace {

/** The number of products from which on oneDNN is worth its preparation. */
constexpr int64_t LARGE = 1 << 22;

/** Rows as pictures of one column, channels last: [n, c] -> [1, c, n, 1]. */
at::Tensor as_picture(const at::Tensor& x) { return x.unsqueeze(0).unsqueeze(2).permute({0, 3, 1, 2}); }
at::Tensor as_filter(const at::Tensor& w) { return w.unsqueeze(-1).unsqueeze(-1); }

/** Whether oneDNN may use AVX-512: the processor has it, and the variable that limits oneDNN does not forbid it. */
bool has_avx512() {
#if defined(__x86_64__)
  const char* limit = std::getenv("ONEDNN_MAX_CPU_ISA");
  if (limit == nullptr) limit = std::getenv("DNNL_MAX_CPU_ISA");
  const std::string isa = limit == nullptr ? "ALL" : limit;
  const bool limited = isa.find("SSE") != std::string::npos || (isa.rfind("AVX", 0) == 0 && isa.rfind("AVX512", 0) != 0);
  return !limited && __builtin_cpu_supports("avx512f");
#else
  return true;  // other processors: not measured
#endif
}

bool has_openblas() { return dlopen("libopenblas.so.0", RTLD_NOLOAD | RTLD_LAZY) != nullptr; }

}  // namespace

/**
 * MKL's products are the fastest where libtorch has them. Without it, libtorch calls the system's BLAS. oneDNN, which
 * libtorch has for convolutions, multiplies up to twice as fast as OpenBLAS with AVX-512. With AVX2 alone it is no faster,
 * and takes three times as long for gradients of weights; the reference BLAS is slower than both. The choice follows from the machine, so that a run that goes on
 * rounds as before.
 */
bool products_by_onednn() {
  static const bool chosen = !at::hasMKL() && (has_avx512() || !has_openblas());
  return chosen;
}

namespace {

/** a b by oneDNN: convolutions with filters of 1 x 1 are products of matrices. */
at::Tensor by_convolution(const at::Tensor& a, const at::Tensor& b, bool transpose_a, bool transpose_b) {
  if (transpose_a) {
    // [k, m]^T [k, n]: the gradient with respect to a filter [n, m, 1, 1], from rows a and their outputs' gradient b
    const auto w = as_filter(at::empty({b.size(1), a.size(1)}, a.options()));
    const auto both = at::convolution_backward(as_picture(b), as_picture(a), w, at::OptionalIntArrayRef(), {1, 1}, {0, 0},
                                               {1, 1}, false, {0, 0}, 1, {false, true, false});
    return std::get<1>(both).reshape({b.size(1), a.size(1)}).t();
  }
  const auto w = transpose_b ? b : b.t().contiguous();
  return at::conv2d(as_picture(a), as_filter(w)).permute({0, 2, 3, 1}).reshape({a.size(0), w.size(0)});
}

at::Tensor product(const at::Tensor& a, const at::Tensor& b, bool transpose_a, bool transpose_b) {
  const bool plain = a.dim() == 2 && b.dim() == 2 && a.is_contiguous() && b.is_contiguous() && !(transpose_a && transpose_b);
  if (plain && a.is_cpu() && a.scalar_type() == at::kFloat && products_by_onednn() && a.numel() * b.size(transpose_b ? 0 : 1) >= LARGE)
    return by_convolution(a, b, transpose_a, transpose_b);
  return at::matmul(transpose_a ? a.transpose(-1, -2) : a, transpose_b ? b.transpose(-1, -2) : b);
}

}  // namespace

Kernels products() {
  return {
      // (a, b, transpose a, transpose b)
      {"matmul",
       [](const Call& c) -> Results {
         return {whole(product(factor(c.tensor(0)), factor(c.tensor(1)), c.flag(2), c.flag(3)))};
       }},
      // (equation, tensors)
      {"einsum",
       [](const Call& c) -> Results {
         auto factors = c.tensors(1);
         for (auto& x : factors) x = factor(x);
         return {whole(at::einsum(c.text(0), factors))};
       }},
  };
}

}  // namespace tripletlab
