// The precision of the factors of products and convolutions; sums and everything else stay float32.
#include <ATen/Context.h>
#include <torch/version.h>

#include <stdexcept>

#include "call.h"

namespace tripletlab {
namespace {

bool rounds_to_bfloat16 = false;

}  // namespace

void set_precision(const std::string& name) {
  if (name != "float32" && name != "tf32" && name != "bfloat16")
    throw std::invalid_argument("unknown precision: " + name + "; one of: float32, tf32, bfloat16");
  rounds_to_bfloat16 = name == "bfloat16";
  // by default libtorch would round the factors of convolutions on CUDA to TF32
  at::globalContext().setAllowTF32CuBLAS(name == "tf32");
  at::globalContext().setAllowTF32CuDNN(name == "tf32");
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 201
  // and partial sums of products of bfloat16 to bfloat16
  at::globalContext().setAllowBF16ReductionCuBLAS(false);
#endif
}

at::Tensor factor(const at::Tensor& x) {
  return rounds_to_bfloat16 && x.scalar_type() == at::kFloat ? x.to(at::kBFloat16) : x;
}

at::Tensor whole(const at::Tensor& x) { return x.scalar_type() == at::kBFloat16 ? x.to(at::kFloat) : x; }

}  // namespace tripletlab
