// A whole step of an optimizer in one call.
#include <cmath>

#include "rows.h"

namespace tripletlab {
namespace {

struct Step {
  float rate, beta1, beta2, epsilon, correction, coupled, kept;
};

TRIPLETLAB_CLONES void adam_run(const float* w, const float* g, const float* m, const float* v, float* w2, float* m2, float* v2,
                                const Step& s, int64_t begin, int64_t end) {
#pragma omp simd
  for (auto i = begin; i < end; i++) {
    const float gradient = g[i] + s.coupled * w[i];
    m2[i] = s.beta1 * m[i] + (1 - s.beta1) * gradient;
    v2[i] = s.beta2 * v[i] + (1 - s.beta2) * gradient * gradient;
    w2[i] = s.kept * w[i] - s.rate * (m2[i] / (std::sqrt(v2[i]) * s.correction + s.epsilon));
  }
}

/** Takes a step on tensors in the processor's memory, in one pass over each; `over` it if no other tensor uses that. */
Results adam_by_loops(const std::vector<at::Tensor>& weights, const std::vector<at::Tensor>& gradients,
                      const std::vector<at::Tensor>& first, const std::vector<at::Tensor>& second,
                      const std::vector<Step>& steps, bool over) {
  Results all;
  const auto new_of = [&](const at::Tensor& x) {
    return over && own(x) ? x : at::empty_like(x, at::MemoryFormat::Contiguous);
  };
  for (size_t k = 0; k < weights.size(); k++) {
    const auto w = packed(weights[k]), g = packed(gradients[k]), m = packed(first[k]), v = packed(second[k]);
    const auto w2 = new_of(w), m2 = new_of(m), v2 = new_of(v);
    at::parallel_for(0, w.numel(), 16384, [&](int64_t begin, int64_t end) {
      adam_run(numbers(w), numbers(g), numbers(m), numbers(v), w2.data_ptr<float>(), m2.data_ptr<float>(),
               v2.data_ptr<float>(), steps[k], begin, end);
    });
    all.insert(all.end(), {w2, m2, v2});
  }
  return all;
}

/** The same step with operations over all tensors at once: a few launches on a GPU, not a few for each tensor. */
Results adam_by_operations(const std::vector<at::Tensor>& weights, const std::vector<at::Tensor>& given,
                           const std::vector<at::Tensor>& first, const std::vector<at::Tensor>& second,
                           const std::vector<Step>& steps) {
  std::vector<at::Scalar> coupled, kept;
  std::vector<at::Tensor> gradients;
  for (size_t k = 0; k < weights.size(); k++) {
    coupled.emplace_back(steps[k].coupled);
    kept.emplace_back(steps[k].kept);
    // one tensor in another order of its axes, as gradients of filters are, and libtorch would take all one by one
    gradients.push_back(packed(given[k]));
  }
  if (std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.coupled != 0; }))
    gradients = at::_foreach_add(at::_foreach_mul(weights, coupled), gradients);
  const auto& step = steps.front();
  auto m = at::_foreach_mul(first, step.beta1);
  at::_foreach_add_(m, at::_foreach_mul(gradients, 1 - step.beta1));
  auto v = at::_foreach_mul(second, step.beta2);
  at::_foreach_addcmul_(v, gradients, gradients, 1 - step.beta2);
  auto sizes = at::_foreach_sqrt(v);
  at::_foreach_mul_(sizes, step.correction);
  at::_foreach_add_(sizes, step.epsilon);
  auto w = at::_foreach_mul(weights, kept);
  at::_foreach_addcdiv_(w, m, sizes, -step.rate);
  Results all;
  for (size_t k = 0; k < w.size(); k++) all.insert(all.end(), {w[k], m[k], v[k]});
  return all;
}

}  // namespace

Kernels optimizers() {
  return {
      // (weights, gradients, first moments, second moments, decays, decoupled, learning rate, beta1, beta2, epsilon,
      // steps, whether results may be written over what was given, whether to use operations on any device): new
      // weights, first and second moments, tensor after tensor
      {"adam",
       [](const Call& c) -> Results {
         const auto weights = c.tensors(0), gradients = c.tensors(1), first = c.tensors(2), second = c.tensors(3);
         const auto decays = c.numbers(4);
         const auto decoupled = c.flag(5);
         const auto rate = c.number(6), beta1 = c.number(7), beta2 = c.number(8), count = c.number(10);
         std::vector<Step> steps;
         bool near = !c.flag(12);
         for (size_t k = 0; k < weights.size(); k++) {
           Step step{};
           step.rate = static_cast<float>(rate / (1 - std::pow(beta1, count)));
           step.beta1 = static_cast<float>(beta1);
           step.beta2 = static_cast<float>(beta2);
           step.epsilon = static_cast<float>(c.number(9));
           step.correction = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, count)));
           step.coupled = decoupled ? 0 : static_cast<float>(decays[k]);
           step.kept = decoupled ? static_cast<float>(1 - rate * decays[k]) : 1;
           steps.push_back(step);
           near = near && in_reach({weights[k], gradients[k]});
         }
         if (weights.empty()) return {};
         if (!near) return adam_by_operations(weights, gradients, first, second, steps);
         return adam_by_loops(weights, gradients, first, second, steps, c.flag(11));
       }},
  };
}

}  // namespace tripletlab
