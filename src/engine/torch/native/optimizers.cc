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
  for (auto i = begin; i < end; i++) {
    const float gradient = g[i] + s.coupled * w[i];
    m2[i] = s.beta1 * m[i] + (1 - s.beta1) * gradient;
    v2[i] = s.beta2 * v[i] + (1 - s.beta2) * gradient * gradient;
    w2[i] = s.kept * w[i] - s.rate * (m2[i] / (std::sqrt(v2[i]) * s.correction + s.epsilon));
  }
}

}  // namespace

Kernels optimizers() {
  return {
      // (weights, gradients, first moments, second moments, decays, decoupled, learning rate, beta1, beta2, epsilon, steps):
      // new weights, first and second moments, one tensor after the other
      {"adam",
       [](const Call& c) -> Results {
         const auto weights = c.tensors(0), gradients = c.tensors(1), first = c.tensors(2), second = c.tensors(3);
         const auto decays = c.numbers(4);
         const auto decoupled = c.flag(5);
         const auto rate = c.number(6), beta1 = c.number(7), beta2 = c.number(8), steps = c.number(10);
         Results all;
         for (size_t k = 0; k < weights.size(); k++) {
           Step step{};
           step.rate = static_cast<float>(rate / (1 - std::pow(beta1, steps)));
           step.beta1 = static_cast<float>(beta1);
           step.beta2 = static_cast<float>(beta2);
           step.epsilon = static_cast<float>(c.number(9));
           step.correction = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, steps)));
           step.coupled = decoupled ? 0 : static_cast<float>(decays[k]);
           step.kept = decoupled ? static_cast<float>(1 - rate * decays[k]) : 1;
           if (in_reach({weights[k], gradients[k]})) {
             const auto w = packed(weights[k]), g = packed(gradients[k]), m = packed(first[k]), v = packed(second[k]);
             const auto w2 = at::empty_like(w), m2 = at::empty_like(w), v2 = at::empty_like(w);
             at::parallel_for(0, w.numel(), 16384, [&](int64_t begin, int64_t end) {
               adam_run(numbers(w), numbers(g), numbers(m), numbers(v), w2.data_ptr<float>(), m2.data_ptr<float>(),
                        v2.data_ptr<float>(), step, begin, end);
             });
             all.insert(all.end(), {w2, m2, v2});
           } else {
             const auto g = step.coupled == 0 ? gradients[k] : at::add(gradients[k], weights[k], step.coupled);
             const auto m = at::mul(first[k], beta1).add_(g, 1 - beta1);
             const auto v = at::mul(second[k], beta2).addcmul_(g, g, 1 - beta2);
             const auto size = at::sqrt(v).mul_(step.correction).add_(step.epsilon);
             all.insert(all.end(), {at::mul(weights[k], step.kept).addcdiv_(m, size, -step.rate), m, v});
           }
         }
         return all;
       }},
  };
}

}  // namespace tripletlab
