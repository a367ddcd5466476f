// The addon: kernels by name, and tensors by numbers (handles) that JavaScript releases when it no longer needs them.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include <cstring>

#include "call.h"
#include "no_signals.h"
#include "products.h"

namespace tripletlab {
namespace {

/** Runs work; an exception of libtorch becomes a JavaScript error that names the kernel. */
template <typename Work>
Napi::Value guarded(Napi::Env env, const char* name, Work work) {
  try {
    const c10::InferenceMode guard;  // no gradients are recorded: TensorFlow.js has its own
    const NoSignals quiet;
    return work();
  } catch (const c10::Error& error) {
    Napi::Error::New(env, std::string(name) + ": " + error.what_without_backtrace()).ThrowAsJavaScriptException();
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
  } catch (const std::exception& error) {
    Napi::Error::New(env, std::string(name) + ": " + error.what()).ThrowAsJavaScriptException();
  }
  return env.Undefined();
}

/** [handle, shape, dtype] */
Napi::Value describe(Napi::Env env, at::Tensor tensor) {
  const auto sizes = tensor.sizes();
  auto shape = Napi::Array::New(env, sizes.size());
  for (size_t k = 0; k < sizes.size(); k++) shape.Set(k, Napi::Number::New(env, static_cast<double>(sizes[k])));
  auto result = Napi::Array::New(env, 3);
  result.Set(2u, Napi::String::New(env, name_of(tensor.scalar_type())));
  result.Set(0u, Napi::Number::New(env, env.GetInstanceData<Table>()->add(std::move(tensor))));
  result.Set(1u, shape);
  return result;
}

Napi::Value call_kernel(const Napi::CallbackInfo& info) {
  const auto* kernel = static_cast<const Kernel*>(info.Data());
  const auto env = info.Env();
  return guarded(env, kernel->first, [&]() -> Napi::Value {
    Results results = kernel->second(Call(info));
    auto all = Napi::Array::New(env, results.size());
    for (uint32_t k = 0; k < results.size(); k++) all.Set(k, describe(env, std::move(results[k])));
    return all;
  });
}

/** tensor(typed array, shape, dtype, device): a copy of its numbers. */
Napi::Value from_values(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), "tensor", [&]() -> Napi::Value {
    const Call call(info);
    const auto values = info[0].As<Napi::TypedArray>();
    auto* data = static_cast<uint8_t*>(values.ArrayBuffer().Data()) + values.ByteOffset();
    const auto type = type_of(call.text(2));
    const auto host = at::from_blob(data, call.integers(1), type);
    const at::Device device(call.text(3));
    if (device.is_cpu()) return describe(info.Env(), host.clone());
    // a copy would wait for all that the GPU still computes; a network's step has a hundred constants
    if (host.numel() == 1) return describe(info.Env(), at::full(host.sizes(), host.item(), host.options().device(device)));
    return describe(info.Env(), host.to(device));
  });
}

/** values(handle): the tensor's numbers in a new typed array. */
Napi::Value values_of(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  return guarded(env, "values", [&]() -> Napi::Value {
    const auto tensor = Call(info).tensor(0).cpu().contiguous();
    auto buffer = Napi::ArrayBuffer::New(env, tensor.nbytes());
    if (tensor.nbytes() > 0) std::memcpy(buffer.Data(), tensor.data_ptr(), tensor.nbytes());
    const auto count = static_cast<size_t>(tensor.numel());
    if (tensor.scalar_type() == at::kFloat) return Napi::Float32Array::New(env, count, buffer, 0);
    if (tensor.scalar_type() == at::kInt) return Napi::Int32Array::New(env, count, buffer, 0);
    return Napi::Uint8Array::New(env, count, buffer, 0);
  });
}

/** release(handle) */
Napi::Value release(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  return guarded(env, "release", [&]() -> Napi::Value {
    env.GetInstanceData<Table>()->remove(info[0].As<Napi::Number>().Uint32Value());
    return env.Undefined();
  });
}

/** [bytes in use, bytes kept for later] on the processor. */
Napi::Value memory_of(const Napi::CallbackInfo& info) {
  const auto [live, kept] = memory();
  auto both = Napi::Array::New(info.Env(), 2);
  both.Set(0u, Napi::Number::New(info.Env(), static_cast<double>(live)));
  both.Set(1u, Napi::Number::New(info.Env(), static_cast<double>(kept)));
  return both;
}

/** limitMemory(bytes): limits what large tensors on the processor may take together. */
Napi::Value limit(const Napi::CallbackInfo& info) {
  limit_memory(static_cast<size_t>(info[0].As<Napi::Number>().DoubleValue()));
  return info.Env().Undefined();
}

/**
 * releaseCached(device): gives the memory that is kept for later tensors back to the system, or to the GPU's driver, which
 * loads kernels and libraries into what is left.
 */
Napi::Value release_cached(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  return guarded(env, "releaseCached", [&]() -> Napi::Value {
    try {
      // Before more than any machine has is refused, all that no tensor uses is given back. Libtorch's call for that alone
      // is in headers that need CUDA's.
      at::empty({int64_t{1} << 50}, at::TensorOptions().dtype(at::kByte).device(at::Device(Call(info).text(0))));
    } catch (const std::exception&) {
    }
    return env.Undefined();
  });
}

/** setPrecision(name): sets the precision of the factors of products and convolutions. */
Napi::Value precision(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), "precision", [&]() -> Napi::Value {
    set_precision(Call(info).text(0));
    return info.Env().Undefined();
  });
}

/**
 * repeatOnCuda(): makes what CUDA computes repeat bit by bit, so that a run that goes on ends as one that was not
 * interrupted. Operations that cannot repeat warn.
 */
Napi::Value repeat_on_cuda(const Napi::CallbackInfo& info) {
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setDeterministicAlgorithms(true, true);
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 202
  at::globalContext().setDeterministicFillUninitializedMemory(false);
#endif
  return info.Env().Undefined();
}

Napi::Value set_threads(const Napi::CallbackInfo& info) {
  const auto threads = info[0].As<Napi::Number>().Int32Value();
  at::set_num_threads(threads);
#ifdef _OPENMP
  omp_set_num_threads(threads);  // PyTorch's wheels bring an OpenMP of their own
#endif
  return info.Env().Undefined();
}

Napi::Object start(Napi::Env env, Napi::Object exports) {
  static const Kernels all = [] {
    Kernels joined;
    for (const auto& family : {elementwise(), reductions(), shapes(), products(), pictures(), layers(), units(), optimizers(),
                               attention()})
      joined.insert(joined.end(), family.begin(), family.end());
    return joined;
  }();
  keep_memory();
  set_precision("float32");
  env.SetInstanceData(new Table());
  auto kernels = Napi::Object::New(env);
  for (const auto& kernel : all)
    kernels.Set(kernel.first, Napi::Function::New(env, call_kernel, kernel.first, const_cast<Kernel*>(&kernel)));
  exports.Set("kernels", kernels);
  exports.Set("tensor", Napi::Function::New(env, from_values));
  exports.Set("values", Napi::Function::New(env, values_of));
  exports.Set("release", Napi::Function::New(env, release));
  exports.Set("memory", Napi::Function::New(env, memory_of));
  exports.Set("limitMemory", Napi::Function::New(env, limit));
  exports.Set("releaseCached", Napi::Function::New(env, release_cached));
  exports.Set("setPrecision", Napi::Function::New(env, precision));
  exports.Set("repeatOnCuda", Napi::Function::New(env, repeat_on_cuda));
  exports.Set("setThreads", Napi::Function::New(env, set_threads));
  exports.Set("version", Napi::String::New(env, TORCH_VERSION));
  exports.Set("products", Napi::String::New(env, products_library()));
  // hasCUDA() would be false without a GPU, too
  const bool has_cuda = at::globalContext().hasCUDART();
  exports.Set("hasCuda", Napi::Boolean::New(env, has_cuda));
  exports.Set("gpus", Napi::Number::New(env, has_cuda ? at::detail::getCUDAHooks().getNumGPUs() : 0));
  return exports;
}

}  // namespace
}  // namespace tripletlab

static Napi::Object init(Napi::Env env, Napi::Object exports) { return tripletlab::start(env, exports); }
NODE_API_MODULE(torch, init)
