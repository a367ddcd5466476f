// Products of matrices and what they need, for kernels that are computed by them.
#pragma once
#include <string>

#include "rows.h"

namespace tripletlab {

/** a b, of matrices or of as many matrices in both; either factor transposed. */
at::Tensor product(const at::Tensor& a, const at::Tensor& b, bool transpose_a, bool transpose_b);

/** The libraries of products on the processor: `BLAS`, `OpenBLAS`, `oneDNN` or `oneDNN and OpenBLAS`. */
std::string products_library();

/** Instruction sets that our loops over products differ by. */
enum class Instructions { plain, avx2, avx512 };
/** The best that the processor has, and that the variable that limits oneDNN does not forbid. */
Instructions instructions();

/** Gradients of weights with fewer inputs or outputs would leave too much of a tile of ours unused. */
constexpr int64_t NARROW = 16;

/**
 * The gradient [h, w, in, out] with respect to the filter of a convolution, by tiles of our own: of float32 in the
 * processor's memory.
 *
 * @param x [b, height, width, in]
 * @param dy [b, p, q, out]
 */
at::Tensor weight_gradient(const at::Tensor& x, const at::Tensor& dy, const std::vector<int64_t>& shape,
                           const std::vector<int64_t>& strides, const std::vector<int64_t>& padding);

/** The same of a matrix [in, out]: x^T dy, of x [n, in] and dy [n, out]. */
at::Tensor weight_gradient(const at::Tensor& x, const at::Tensor& dy);

/** The transpose [m, n] of a matrix [n, m], contiguous, with a factor [m] of its rows if given. */
at::Tensor turned(const at::Tensor& x, const at::Tensor& factor = {});

/** [h, w, in, out] -> [out, in, h, w], channels last; of depthwise convolutions, [h, w, in, times] -> [in times, 1, h, w]. */
at::Tensor filter_of(const at::Tensor& w, bool depthwise);

/**
 * The same by what is fastest for its shape: our tiles, a product of matrices, or libtorch's convolution.
 *
 * @param x [b, height, width, in]
 * @param dy [b, p, q, out]
 * @param shape of the filter
 * @param strides, padding of height and width
 */
at::Tensor filter_gradient(const at::Tensor& x, const at::Tensor& dy, const std::vector<int64_t>& shape,
                           const std::vector<int64_t>& strides, const std::vector<int64_t>& padding);

}  // namespace tripletlab
