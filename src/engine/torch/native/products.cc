// Matrix products.
#include "products.h"

#include <c10/core/InferenceMode.h>
#include <dlfcn.h>

#include <string>

namespace tripletlab {
namespace {

/** The number of products from which on oneDNN is worth its preparation. */
constexpr int64_t LARGE = 1 << 22;
/** The number of products from which on threads share those of OpenBLAS. */
constexpr int64_t SHARED = 1 << 20;

/** Rows as pictures of one column, channels last: [n, c] -> [1, c, n, 1]. */
at::Tensor as_picture(const at::Tensor& x) { return x.unsqueeze(0).unsqueeze(2).permute({0, 3, 1, 2}); }
at::Tensor as_filter(const at::Tensor& w) { return w.unsqueeze(-1).unsqueeze(-1); }

/**
 * Whether libtorch's BLAS is OpenBLAS. Its threads wait busily after each product, on the cores that libtorch's threads
 * need: it gets one, and libtorch's threads share its work.
 */
bool has_openblas() {
  static const bool found = [] {
    if (at::hasMKL()) return false;
    void* library = dlopen("libopenblas.so.0", RTLD_NOLOAD | RTLD_LAZY);
    if (library == nullptr) return false;
    const auto set_threads = reinterpret_cast<void (*)(int)>(dlsym(library, "openblas_set_num_threads"));
    if (set_threads != nullptr) set_threads(1);
    return set_threads != nullptr;
  }();
  return found;
}

/** Whether oneDNN computes large products. */
bool by_onednn() {
#if defined(__x86_64__)
  const bool faster = instructions() == Instructions::avx512;
#else
  const bool faster = true;  // not measured
#endif
  static const bool chosen = !at::hasMKL() && (faster || !has_openblas());
  return chosen;
}

}  // namespace

/**
 * MKL's products are the fastest where libtorch has them. Without it, libtorch calls the system's BLAS. oneDNN, which
 * libtorch has for convolutions, is faster than OpenBLAS with AVX-512, and no faster with AVX2 alone. Our tiles are faster
 * than both for gradients of weights. The reference BLAS is slower than all. The choice follows from the machine and the
 * shapes, so that a run that goes on rounds as before.
 */
std::string products_library() {
  if (at::hasMKL()) return "BLAS";
  if (!has_openblas()) return "oneDNN";
  return by_onednn() ? "oneDNN and OpenBLAS" : "OpenBLAS";
}

namespace {

/** a b by oneDNN: convolutions with filters of 1 x 1 are products of matrices. */
at::Tensor by_convolution(const at::Tensor& a, const at::Tensor& b, bool transpose_b) {
  const auto w = transpose_b ? b : turned(b);
  return at::conv2d(as_picture(a), as_filter(w)).permute({0, 2, 3, 1}).reshape({a.size(0), w.size(0)});
}

/** A thread's share of a side of a matrix: whole lines of the cache. */
int64_t share_of(int64_t length) {
  const int64_t threads = at::get_num_threads();
  return std::max<int64_t>(32, ((length + threads - 1) / threads + 31) / 32 * 32);
}

/** a b of [n, i, k] and [n, k, j] by OpenBLAS: threads share the matrices; of few, the longer side of the results. */
at::Tensor by_openblas(const at::Tensor& a, const at::Tensor& b) {
  const int64_t count = a.size(0), rows = a.size(1), columns = b.size(2), threads = at::get_num_threads();
  const auto c = at::empty({count, rows, columns}, a.options().memory_format(at::MemoryFormat::Contiguous));
  const int64_t axis = rows >= columns ? 0 : 1, length = std::max(rows, columns);
  const auto share = count >= threads ? length : share_of(length);
  const auto parts = (length + share - 1) / share;
  at::parallel_for(0, count * parts, 1, [&](int64_t begin, int64_t end) {
    const c10::InferenceMode guard;
    for (auto task = begin; task < end; task++) {
      const auto at = task / parts, first = task % parts * share, size = std::min(share, length - first);
      auto part = c.select(0, at).narrow(axis, first, size);
      const auto left = a.select(0, at), right = b.select(0, at);
      at::mm_out(part, axis == 0 ? left.narrow(0, first, size) : left, axis == 1 ? right.narrow(1, first, size) : right);
    }
  });
  return c;
}

}  // namespace

at::Tensor product(const at::Tensor& a, const at::Tensor& b, bool transpose_a, bool transpose_b) {
  const auto left = transpose_a ? a.transpose(-1, -2) : a, right = transpose_b ? b.transpose(-1, -2) : b;
  const bool near = in_reach({a, b}) && a.dim() >= 2 && a.dim() == b.dim();
  const auto multiplications = near ? left.numel() * right.size(-1) : 0;
  if (multiplications >= LARGE && !at::hasMKL() && a.dim() == 2 && a.is_contiguous() && b.is_contiguous()) {
    if (transpose_a && !transpose_b && std::min(a.size(1), b.size(1)) >= NARROW) return weight_gradient(a, b);
    if (!transpose_a && by_onednn()) return by_convolution(a, b, transpose_b);
  }
  auto shape = left.sizes().vec();
  shape.back() = right.size(-1);
  const auto batch = left.sizes().slice(0, left.dim() - 2);
  if (multiplications >= SHARED && has_openblas() && batch == right.sizes().slice(0, right.dim() - 2))
    return by_openblas(left.reshape({-1, left.size(-2), left.size(-1)}), right.reshape({-1, right.size(-2), right.size(-1)}))
        .reshape(shape);
  return at::matmul(left, right);
}

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
