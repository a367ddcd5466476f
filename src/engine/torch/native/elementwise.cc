// The elementwise kernels.
#include "call.h"

namespace tripletlab {
namespace {

at::Tensor as_float(const at::Tensor& x) { return x.is_floating_point() ? x : x.to(at::kFloat); }

template <at::Tensor (*compute)(const at::Tensor&)>
Results unary(const Call& call) {
  return {compute(call.tensor(0))};
}

template <at::Tensor (*compute)(const at::Tensor&)>
Results smooth(const Call& call) {
  return {compute(as_float(call.tensor(0)))};
}

template <at::Tensor (*compute)(const at::Tensor&, const at::Tensor&)>
Results binary(const Call& call) {
  return {compute(call.tensor(0), call.tensor(1))};
}

at::Tensor minus(const at::Tensor& a, const at::Tensor& b) { return at::sub(a, b); }
at::Tensor plus(const at::Tensor& a, const at::Tensor& b) { return at::add(a, b); }

at::Tensor power(const at::Tensor& a, const at::Tensor& b) { return at::pow(a, b).to(a.scalar_type()); }

at::Tensor squared_difference(const at::Tensor& a, const at::Tensor& b) {
  const auto difference = at::sub(a, b);
  return at::mul(difference, difference);
}

at::Tensor floor_divide(const at::Tensor& a, const at::Tensor& b) { return at::div(a, b, "floor"); }

}  // namespace

Kernels elementwise() {
  return {
      {"abs", unary<at::abs>},
      {"acos", smooth<at::acos>},
      {"asin", smooth<at::asin>},
      {"atan", smooth<at::atan>},
      {"ceil", unary<at::ceil>},
      {"cos", smooth<at::cos>},
      {"erf", smooth<at::erf>},
      {"exp", smooth<at::exp>},
      {"expm1", smooth<at::expm1>},
      {"floor", unary<at::floor>},
      {"isnan", unary<at::isnan>},
      {"log", smooth<at::log>},
      {"log1p", smooth<at::log1p>},
      {"logical_not", unary<at::logical_not>},
      {"neg", unary<at::neg>},
      {"reciprocal", smooth<at::reciprocal>},
      {"relu", unary<at::relu>},
      {"round", unary<at::round>},
      {"rsqrt", smooth<at::rsqrt>},
      {"sigmoid", smooth<at::sigmoid>},
      {"sign", unary<at::sign>},
      {"sin", smooth<at::sin>},
      {"sqrt", smooth<at::sqrt>},
      {"square", unary<at::square>},
      {"tan", smooth<at::tan>},
      {"tanh", smooth<at::tanh>},
      {"relu6", [](const Call& c) -> Results { return {at::clamp(c.tensor(0), 0, 6)}; }},
      {"prelu", [](const Call& c) -> Results { return {at::where(at::ge(c.tensor(0), 0), c.tensor(0), c.tensor(0) * c.tensor(1))}; }},
      {"leaky_relu", [](const Call& c) -> Results { return {at::leaky_relu(c.tensor(0), c.number(1))}; }},
      // (dy, y)
      {"elu_gradient",
       [](const Call& c) -> Results {
         return {at::where(at::ge(c.tensor(1), 0), c.tensor(0), c.tensor(0) * (c.tensor(1) + 1))};
       }},
      {"softplus", [](const Call& c) -> Results { return {at::softplus(c.tensor(0))}; }},
      {"elu", [](const Call& c) -> Results { return {at::elu(c.tensor(0))}; }},
      {"isfinite", [](const Call& c) -> Results { return {at::isfinite(c.tensor(0))}; }},
      {"step",
       [](const Call& c) -> Results {
         const auto& x = c.tensor(0);
         const auto alpha = c.number(1);
         const auto up = at::gt(x, 0).to(x.scalar_type());
         const auto result = alpha == 0 ? up : at::where(at::gt(x, 0), up, at::full_like(x, alpha));
         return {x.is_floating_point() ? at::where(at::isnan(x), x, result) : result};
       }},
      {"clamp", [](const Call& c) -> Results { return {at::clamp(c.tensor(0), c.number(1), c.number(2)).to(c.tensor(0).scalar_type())}; }},
      {"cast",
       [](const Call& c) -> Results {
         const auto type = type_of(c.text(1));
         return {c.tensor(0).scalar_type() == type ? c.tensor(0).alias() : c.tensor(0).to(type)};
       }},
      {"add", binary<plus>},
      {"sub", binary<minus>},
      {"mul", binary<at::mul>},
      {"div",
       [](const Call& c) -> Results { return {at::div(as_float(c.tensor(0)), as_float(c.tensor(1)))}; }},
      {"maximum", binary<at::maximum>},
      {"minimum", binary<at::minimum>},
      {"pow", binary<power>},
      {"squared_difference", binary<squared_difference>},
      {"floor_divide", binary<floor_divide>},
      {"remainder", binary<at::remainder>},
      {"atan2", binary<at::atan2>},
      {"eq", binary<at::eq>},
      {"ne", binary<at::ne>},
      {"lt", binary<at::lt>},
      {"le", binary<at::le>},
      {"gt", binary<at::gt>},
      {"ge", binary<at::ge>},
      {"logical_and", binary<at::logical_and>},
      {"logical_or", binary<at::logical_or>},
      {"where",
       [](const Call& c) -> Results { return {at::where(c.tensor(0).to(at::kBool), c.tensor(1), c.tensor(2))}; }},
      {"sum_of",
       [](const Call& c) -> Results {
         const auto all = c.tensors(0);
         auto total = all[0].clone();
         for (size_t i = 1; i < all.size(); i++) total.add_(all[i]);
         return {total};
       }},
  };
}

}  // namespace tripletlab
