// Products of matrices.
#include "call.h"

namespace tripletlab {

Kernels products() {
  return {
      // (a, b, transpose a, transpose b)
      {"matmul",
       [](const Call& c) -> Results {
         const auto a = c.flag(2) ? c.tensor(0).transpose(-1, -2) : c.tensor(0);
         const auto b = c.flag(3) ? c.tensor(1).transpose(-1, -2) : c.tensor(1);
         return {at::matmul(a, b)};
       }},
      // (equation, tensors)
      {"einsum", [](const Call& c) -> Results { return {at::einsum(c.text(0), c.tensors(1))}; }},
  };
}

}  // namespace tripletlab
