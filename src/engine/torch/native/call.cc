#include "call.h"

#include <stdexcept>

namespace tripletlab {

uint32_t Table::add(at::Tensor tensor) {
  if (free_.empty()) {
    tensors_.push_back(std::move(tensor));
    return static_cast<uint32_t>(tensors_.size() - 1);
  }
  const auto handle = free_.back();
  free_.pop_back();
  tensors_[handle] = std::move(tensor);
  return handle;
}

const at::Tensor& Table::at(uint32_t handle) const {
  if (handle >= tensors_.size() || !tensors_[handle].defined()) throw std::invalid_argument("no tensor, or disposed of");
  return tensors_[handle];
}

void Table::remove(uint32_t handle) {
  this->at(handle);
  tensors_[handle] = at::Tensor();
  free_.push_back(handle);
}

const at::Tensor& Call::tensor(size_t i) const {
  if (!has(i) || !info_[i].IsNumber()) throw std::invalid_argument("argument " + std::to_string(i) + " is no tensor");
  return table_.at(info_[i].As<Napi::Number>().Uint32Value());
}

/** The entries of a list, each read by `read`. */
template <typename T, typename Read>
static std::vector<T> listed(const Napi::Value& list, Read read) {
  const auto array = list.As<Napi::Array>();
  std::vector<T> all;
  all.reserve(array.Length());
  for (uint32_t k = 0; k < array.Length(); k++) all.push_back(read(array.Get(k).As<Napi::Number>()));
  return all;
}

std::vector<at::Tensor> Call::tensors(size_t i) const {
  return listed<at::Tensor>(info_[i], [&](const Napi::Number& handle) { return table_.at(handle.Uint32Value()); });
}

std::vector<int64_t> Call::integers(size_t i) const {
  return listed<int64_t>(info_[i], [](const Napi::Number& number) { return number.Int64Value(); });
}

std::vector<double> Call::numbers(size_t i) const {
  return listed<double>(info_[i], [](const Napi::Number& number) { return number.DoubleValue(); });
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
