// Memory of tensors on the processor, kept for the next tensor of about its size: a training step asks for the same
// blocks over and over, and fresh pages from the system cost more than what is computed on them.
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <torch/version.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

#include "call.h"

#define TRIPLETLAB_TORCH_VERSION (TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR)

namespace tripletlab {
namespace {

constexpr size_t ALIGNMENT = 64;
/** Smaller blocks are left to the C library, which keeps them itself. */
constexpr size_t SMALL = 1 << 16;

/** Rounds up to one of 8 sizes between powers of 2, so that blocks fit again. */
size_t size_class(size_t bytes) {
  size_t step = SMALL / 8;
  while (step * 16 <= bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

class Cache {
 public:
  void* take(size_t bytes) {
    const auto size = bytes < SMALL ? std::max<size_t>(bytes, 1) : size_class(bytes);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (size >= SMALL && live_ + size > limit_) {
      shrink();
      throw std::runtime_error("out of memory: " + std::to_string(size >> 20) + " MiB more than the " +
                               std::to_string(limit_ >> 20) + " MiB that tensors may take");
    }
    void* block = nullptr;
    if (const auto found = free_.find(size); found != free_.end()) {
      block = found->second.back();
      found->second.pop_back();
      if (found->second.empty()) free_.erase(found);
      cached_ -= size;
    } else {
      // hold at most a quarter more than was in use at once
      if (cached_ > 0 && live_ + cached_ + size > peak_ + peak_ / 4) shrink();
      if (posix_memalign(&block, ALIGNMENT, size) != 0) {
        shrink();
        if (posix_memalign(&block, ALIGNMENT, size) != 0)
          throw std::runtime_error("out of memory: " + std::to_string(bytes >> 20) + " MiB more");
      }
    }
    if (size < SMALL) return block;
    sizes_[block] = size;
    live_ += size;
    peak_ = std::max(peak_, live_);
    return block;
  }

  void give(void* block) {
    if (block == nullptr) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = sizes_.find(block);
    if (found == sizes_.end()) {
      std::free(block);
      return;
    }
    const auto size = found->second;
    sizes_.erase(found);
    live_ -= size;
    cached_ += size;
    free_[size].push_back(block);
  }

  /** The system would grant more memory than there is and kill the process later: this throws an error instead. */
  void limit(size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    limit_ = bytes;
  }

  Memory memory() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {live_, cached_};
  }

 private:
  void shrink() {
    for (auto& [size, blocks] : free_)
      for (auto* block : blocks) std::free(block);
    free_.clear();
    cached_ = 0;
  }

  std::mutex mutex_;
  std::unordered_map<void*, size_t> sizes_;
  std::map<size_t, std::vector<void*>> free_;
  size_t live_ = 0, cached_ = 0, peak_ = 0, limit_ = std::numeric_limits<size_t>::max();
};

/** One for the process, never destroyed: tensors may outlive everything else. */
Cache& cache() {
  static auto* one = new Cache();
  return *one;
}

void give(void* block) { cache().give(block); }

struct CachingAllocator final : c10::Allocator {
#if TRIPLETLAB_TORCH_VERSION >= 203
  c10::DataPtr allocate(size_t bytes) override {
#else
  c10::DataPtr allocate(size_t bytes) const override {
#endif
    void* block = cache().take(bytes);
    return {block, block, &give, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &give; }
#if TRIPLETLAB_TORCH_VERSION >= 203
  void copy_data(void* to, const void* from, size_t bytes) const override { std::memcpy(to, from, bytes); }
#endif
};

}  // namespace

void keep_memory() {
  static CachingAllocator allocator;
  c10::SetCPUAllocator(&allocator, 1);
}

void limit_memory(size_t bytes) { cache().limit(bytes); }

Memory memory() { return cache().memory(); }

}  // namespace tripletlab
