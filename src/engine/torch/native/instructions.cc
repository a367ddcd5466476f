// Which instructions our loops over products, and the choice of libraries, may count on.
#include <cctype>
#include <cstdlib>
#include <string>

#include "products.h"

namespace tripletlab {
namespace {

Instructions allowed() {
  const char* given = std::getenv("ONEDNN_MAX_CPU_ISA");
  if (given == nullptr) given = std::getenv("DNNL_MAX_CPU_ISA");
  std::string limit = given == nullptr ? "ALL" : given;
  std::transform(limit.begin(), limit.end(), limit.begin(), [](unsigned char c) { return std::toupper(c); });
  if (limit.rfind("SSE", 0) == 0 || limit == "AVX") return Instructions::plain;
  return limit.rfind("AVX2", 0) == 0 ? Instructions::avx2 : Instructions::avx512;
}

Instructions supported() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return Instructions::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Instructions::avx2;
#endif
  return Instructions::plain;
}

}  // namespace

Instructions instructions() {
  static const Instructions best = std::min(allowed(), supported());
  return best;
}

}  // namespace tripletlab
