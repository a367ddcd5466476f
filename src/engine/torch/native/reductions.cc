// The kernels that reduce axes.
#include "call.h"

namespace tripletlab {
namespace {

at::Tensor over_all(const at::Tensor& x, const std::vector<int64_t>& axes, at::Tensor (*reduce)(const at::Tensor&, int64_t)) {
  auto result = x;
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) result = reduce(result, *axis);  // axes ascend
  return axes.empty() ? x.clone() : result;
}

/** Cumulative sums or products up to each number; with `exclusive` up to the one before, starting with `neutral`. */
at::Tensor running(const Call& c, double neutral, at::Tensor (*scan)(const at::Tensor&, int64_t, c10::optional<at::ScalarType>)) {
  const auto axis = c.integer(1);
  auto x = c.flag(3) ? at::flip(c.tensor(0), axis) : c.tensor(0);
  if (c.flag(2) && x.size(axis) > 0)
    x = at::cat({at::full_like(x.narrow(axis, 0, 1), neutral), x.narrow(axis, 0, x.size(axis) - 1)}, axis);
  const auto result = scan(x, axis, x.scalar_type());
  return c.flag(3) ? at::flip(result, axis) : result;
}

}  // namespace

Kernels reductions() {
  return {
      // (x, axes)
      {"sum",
       [](const Call& c) -> Results {
         const auto& x = c.tensor(0);
         const auto axes = c.integers(1);
         const auto type = x.scalar_type() == at::kBool ? at::kInt : x.scalar_type();
         return {axes.empty() ? x.to(type).clone() : at::sum(x, axes, false, type)};
       }},
      {"mean",
       [](const Call& c) -> Results {
         const auto axes = c.integers(1);
         return {axes.empty() ? c.tensor(0).to(at::kFloat).clone() : at::mean(c.tensor(0), axes, false, at::kFloat)};
       }},
      {"amax",
       [](const Call& c) -> Results {
         const auto axes = c.integers(1);
         return {axes.empty() ? c.tensor(0).clone() : at::amax(c.tensor(0), axes)};
       }},
      {"amin",
       [](const Call& c) -> Results {
         const auto axes = c.integers(1);
         return {axes.empty() ? c.tensor(0).clone() : at::amin(c.tensor(0), axes)};
       }},
      {"prod",
       [](const Call& c) -> Results {
         const auto type = c.tensor(0).scalar_type();
         return {over_all(c.tensor(0), c.integers(1), [](const at::Tensor& x, int64_t axis) { return at::prod(x, axis); })
                     .to(type)};
       }},
      {"all",
       [](const Call& c) -> Results {
         return {over_all(c.tensor(0), c.integers(1), [](const at::Tensor& x, int64_t axis) { return at::all(x, axis); })};
       }},
      {"any",
       [](const Call& c) -> Results {
         return {over_all(c.tensor(0), c.integers(1), [](const at::Tensor& x, int64_t axis) { return at::any(x, axis); })};
       }},
      // (x, axis)
      {"argmax", [](const Call& c) -> Results { return {at::argmax(c.tensor(0), c.integer(1)).to(at::kInt)}; }},
      {"argmin", [](const Call& c) -> Results { return {at::argmin(c.tensor(0), c.integer(1)).to(at::kInt)}; }},
      {"softmax", [](const Call& c) -> Results { return {at::softmax(c.tensor(0), c.integer(1))}; }},
      {"log_softmax", [](const Call& c) -> Results { return {at::log_softmax(c.tensor(0), c.integer(1))}; }},
      // (x, axis, exclusive, reverse)
      {"cumsum", [](const Call& c) -> Results { return {running(c, 0, at::cumsum)}; }},
      {"cumprod", [](const Call& c) -> Results { return {running(c, 1, at::cumprod)}; }},
      // (x, k): values and indexes, of equal values the first
      {"topk",
       [](const Call& c) -> Results {
         auto [values, indexes] = at::sort(c.tensor(0), true, -1, true);
         return {values.narrow(-1, 0, c.integer(1)).clone(), indexes.narrow(-1, 0, c.integer(1)).to(at::kInt)};
       }},
  };
}

}  // namespace tripletlab
