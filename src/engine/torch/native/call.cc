#include "call.h"

#include <stdexcept>

namespace tripletlab {

const at::Tensor& Call::tensor(size_t i) const {
  if (!has(i) || !info_[i].IsExternal()) throw std::invalid_argument("argument " + std::to_string(i) + " is no tensor");
  const at::Tensor& tensor = *info_[i].As<Napi::External<at::Tensor>>().Data();
  if (!tensor.defined()) throw std::invalid_argument("argument " + std::to_string(i) + " has been disposed of");
  return tensor;
}

std::vector<at::Tensor> Call::tensors(size_t i) const {
  const auto array = info_[i].As<Napi::Array>();
  std::vector<at::Tensor> all;
  all.reserve(array.Length());
  for (uint32_t k = 0; k < array.Length(); k++)
    all.push_back(*array.Get(k).As<Napi::External<at::Tensor>>().Data());
  return all;
}

std::vector<int64_t> Call::integers(size_t i) const {
  const auto array = info_[i].As<Napi::Array>();
  std::vector<int64_t> all;
  all.reserve(array.Length());
  for (uint32_t k = 0; k < array.Length(); k++) all.push_back(array.Get(k).As<Napi::Number>().Int64Value());
  return all;
}

std::vector<double> Call::numbers(size_t i) const {
  const auto array = info_[i].As<Napi::Array>();
  std::vector<double> all;
  all.reserve(array.Length());
  for (uint32_t k = 0; k < array.Length(); k++) all.push_back(array.Get(k).As<Napi::Number>().DoubleValue());
  return all;
}

const char* name_of(at::ScalarType type) {
  switch (type) {
    case at::kFloat: return "float32";
    case at::kInt: return "int32";
    case at::kBool: return "bool";
    default: throw std::invalid_argument(std::string("a result of type ") + c10::toString(type));
  }
}

at::ScalarType type_of(const std::string& name) {
  if (name == "float32") return at::kFloat;
  if (name == "int32") return at::kInt;
  if (name == "bool") return at::kBool;
  throw std::invalid_argument("tensors of type " + name + " are not supported; use float32, int32 or bool");
}

}  // namespace tripletlab
