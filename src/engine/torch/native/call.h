// One call from JavaScript: its arguments as tensors and numbers, and what is given back.
#pragma once
#include <ATen/ATen.h>
#include <napi.h>

#include <string>
#include <utility>
#include <vector>

namespace tripletlab {

/** The tensors that JavaScript holds, each by a number that it releases when it no longer needs the tensor. */
class Table {
 public:
  uint32_t add(at::Tensor tensor);
  /** @throws std::invalid_argument where there is none of this number */
  const at::Tensor& at(uint32_t handle) const;
  /** Frees its memory. */
  void remove(uint32_t handle);

 private:
  std::vector<at::Tensor> tensors_;
  std::vector<uint32_t> free_;
};

class Call {
 public:
  explicit Call(const Napi::CallbackInfo& info) : info_(info), table_(*info.Env().GetInstanceData<Table>()) {}

  /** Whether an argument was given: neither undefined nor null. */
  bool has(size_t i) const { return i < info_.Length() && !info_[i].IsUndefined() && !info_[i].IsNull(); }
  const at::Tensor& tensor(size_t i) const;
  /** The tensor, or one that is not defined. */
  at::Tensor maybe(size_t i) const { return has(i) ? tensor(i) : at::Tensor(); }
  std::vector<at::Tensor> tensors(size_t i) const;
  double number(size_t i) const { return info_[i].As<Napi::Number>().DoubleValue(); }
  int64_t integer(size_t i) const { return info_[i].As<Napi::Number>().Int64Value(); }
  bool flag(size_t i) const { return has(i) && info_[i].ToBoolean(); }
  std::string text(size_t i) const { return info_[i].As<Napi::String>(); }
  std::vector<int64_t> integers(size_t i) const;
  std::vector<double> numbers(size_t i) const;

 private:
  const Napi::CallbackInfo& info_;
  const Table& table_;
};

using Results = std::vector<at::Tensor>;
/** A kernel by its name. */
using Kernel = std::pair<const char*, Results (*)(const Call&)>;
using Kernels = std::vector<Kernel>;

Kernels elementwise();
Kernels reductions();
Kernels shapes();
Kernels products();
Kernels pictures();
Kernels layers();
Kernels units();
Kernels optimizers();
/** Empty where libtorch is older than 2.1. */
Kernels attention();

/** Makes tensors on the processor take their memory from blocks that are kept. */
void keep_memory();

/** Bytes of large blocks on the processor: in use, and kept for later. */
struct Memory {
  size_t live, kept;
};
Memory memory();

/** Limits what large blocks may take together; more throws. */
void limit_memory(size_t bytes);

/** Sets the precision of factors: `float32`, `tf32` (on CUDA: 10 bits of fraction) or `bfloat16` (7 bits). */
void set_precision(const std::string& name);
/** `factor` rounds a factor to the precision; `whole` makes a result float32 again. */
at::Tensor factor(const at::Tensor& x);
at::Tensor whole(const at::Tensor& x);

/** TensorFlow.js's name of a type, and the type of a name. */
const char* name_of(at::ScalarType type);
at::ScalarType type_of(const std::string& name);

}  // namespace tripletlab
