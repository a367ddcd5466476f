// Loops over rows of channels in the processor's memory, which several threads share.
#pragma once
#include <ATen/Parallel.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "call.h"

// Compiled for several instruction sets; the best one that the processor has is used.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) && __GNUC__ >= 12
#define TRIPLETLAB_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TRIPLETLAB_CLONES
#endif

namespace tripletlab {

/** Whether the loops can take these tensors: on the processor, of floats. */
inline bool in_reach(std::initializer_list<at::Tensor> all) {
  return std::all_of(all.begin(), all.end(), [](const at::Tensor& x) {
    return !x.defined() || (x.is_cpu() && x.scalar_type() == at::kFloat);
  });
}

/** The tensor with its numbers in the order of its axes. */
inline at::Tensor packed(const at::Tensor& x) { return x.defined() ? x.contiguous() : x; }
inline const float* numbers(const at::Tensor& x) { return x.defined() ? x.data_ptr<float>() : nullptr; }

/** The number of rows, and of channels in each. */
inline std::pair<int64_t, int64_t> rows_of(const at::Tensor& x) {
  const auto channels = x.size(-1);
  return {channels == 0 ? 0 : x.numel() / channels, channels};
}

/** The least number of rows for a thread. */
inline int64_t grain(int64_t channels) { return std::max<int64_t>(1, 16384 / std::max<int64_t>(1, channels)); }

/** Whether a result may be written over a tensor: no other tensor uses its memory. */
inline bool own(const at::Tensor& x) { return x.is_contiguous() && x.storage().use_count() == 1; }

/**
 * Sums over the rows: `add(sums, begin, end)` adds those of some rows to `sums`, `count` numbers long. The threads'
 * sums are added in the order of the rows, so that the result does not depend on which thread is first.
 */
template <typename Add>
at::Tensor summed(int64_t rows, int64_t count, int64_t channels, const at::Tensor& like, Add add) {
  auto total = at::zeros({count}, like.options().memory_format(at::MemoryFormat::Contiguous));
  const auto threads = std::max(1, at::get_num_threads());
  const auto share = std::max((rows + threads - 1) / threads, grain(channels));
  const auto parts = std::max<int64_t>(1, (rows + share - 1) / share);
  if (parts == 1) {
    add(total.data_ptr<float>(), 0, rows);
    return total;
  }
  auto sums = at::zeros({parts, count}, total.options());
  auto* to = sums.data_ptr<float>();
  at::parallel_for(0, parts, 1, [&](int64_t begin, int64_t end) {
    for (auto part = begin; part < end; part++)
      add(to + part * count, part * share, std::min(rows, (part + 1) * share));
  });
  return sums.sum(0);
}

}  // namespace tripletlab
