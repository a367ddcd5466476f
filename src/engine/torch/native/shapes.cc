// The kernels that move numbers without computing. If possible, they return a view of the same memory.
#include <stdexcept>

#include "call.h"

namespace tripletlab {

Kernels shapes() {
  return {
      {"alias", [](const Call& c) -> Results { return {c.tensor(0).alias()}; }},
      {"reshape", [](const Call& c) -> Results { return {c.tensor(0).reshape(c.integers(1))}; }},
      {"permute", [](const Call& c) -> Results { return {c.tensor(0).permute(c.integers(1))}; }},
      {"expand", [](const Call& c) -> Results { return {c.tensor(0).expand(c.integers(1))}; }},
      {"flip", [](const Call& c) -> Results { return {at::flip(c.tensor(0), c.integers(1))}; }},
      {"repeat", [](const Call& c) -> Results { return {c.tensor(0).repeat(c.integers(1))}; }},
      // (tensors, axis)
      {"cat", [](const Call& c) -> Results { return {at::cat(c.tensors(0), c.integer(1))}; }},
      {"stack", [](const Call& c) -> Results { return {at::stack(c.tensors(0), c.integer(1))}; }},
      {"unbind", [](const Call& c) -> Results { return at::unbind(c.tensor(0), c.integer(1)); }},
      // (x, sizes, axis)
      {"split", [](const Call& c) -> Results { return at::split_with_sizes(c.tensor(0), c.integers(1), c.integer(2)); }},
      // (x, begin, size)
      {"slice",
       [](const Call& c) -> Results {
         auto x = c.tensor(0);
         const auto begin = c.integers(1), size = c.integers(2);
         for (size_t axis = 0; axis < begin.size(); axis++)
           if (size[axis] != x.size(axis)) x = x.narrow(axis, begin[axis], size[axis]);
         return {x.alias()};
       }},
      // (x, begin, end, strides), strides of any sign
      {"strided_slice",
       [](const Call& c) -> Results {
         auto x = c.tensor(0);
         const auto begin = c.integers(1), end = c.integers(2), strides = c.integers(3);
         for (size_t axis = 0; axis < begin.size(); axis++) {
           const auto step = strides[axis];
           if (step > 0) {
             x = x.slice(axis, begin[axis], end[axis], step);
           } else {
             const auto count = std::max<int64_t>(0, (begin[axis] - end[axis] - step - 1) / -step);
             x = at::index_select(x, axis, at::arange(count, x.options().dtype(at::kLong)) * step + begin[axis]);
           }
         }
         return {x.alias()};
       }},
      // (x, paddings from the last axis on, value)
      {"pad", [](const Call& c) -> Results { return {at::constant_pad_nd(c.tensor(0), c.integers(1), c.number(2))}; }},
      // (x, indexes, axis): axis replaced by the indexes' shape
      {"gather",
       [](const Call& c) -> Results {
         const auto &x = c.tensor(0), &indexes = c.tensor(1);
         const auto axis = c.integer(2);
         auto shape = x.sizes().slice(0, axis).vec();
         shape.insert(shape.end(), indexes.sizes().begin(), indexes.sizes().end());
         shape.insert(shape.end(), x.sizes().begin() + axis + 1, x.sizes().end());
         const auto flat = indexes.reshape({-1}).to(at::kLong);
         // on CUDA an index out of range would make every later call fail too
         if (!x.is_cpu() && flat.numel() > 0 && at::logical_or(at::lt(flat, 0), at::ge(flat, x.size(axis))).any().item<bool>())
           throw std::out_of_range("index out of range");
         return {at::index_select(x, axis, flat).reshape(shape)};
       }},
      // (x, indexes, count): sums of the rows of each index
      {"segment_sum",
       [](const Call& c) -> Results {
         const auto& x = c.tensor(0);
         auto shape = x.sizes().vec();
         const auto count = c.integer(2);
         shape[0] = count + 1;  // one more row for indexes out of range, which are ignored
         const auto& given = c.tensor(1);
         const auto inside = at::logical_and(at::ge(given, 0), at::lt(given, count));
         const auto indexes = at::where(inside, given, at::full_like(given, count)).to(at::kLong);
         return {at::zeros(shape, x.options()).index_add_(0, indexes, x).narrow(0, 0, count)};
       }},
      // (indexes, depth, on, off, dtype)
      {"one_hot",
       [](const Call& c) -> Results {
         const auto& indexes = c.tensor(0);
         const auto places = at::eq(indexes.unsqueeze(-1), at::arange(c.integer(1), indexes.options()));
         const auto options = indexes.options().dtype(type_of(c.text(4)));
         return {at::where(places, at::full({}, c.number(2), options), at::full({}, c.number(3), options))};
       }},
      // (shape, value, dtype, device)
      {"full",
       [](const Call& c) -> Results {
         const auto options = at::TensorOptions().dtype(type_of(c.text(2))).device(at::Device(c.text(3)));
         return {at::full(c.integers(0), c.number(1), options)};
       }},
      {"zeros_like", [](const Call& c) -> Results { return {at::zeros_like(c.tensor(0), at::MemoryFormat::Contiguous)}; }},
      {"ones_like", [](const Call& c) -> Results { return {at::ones_like(c.tensor(0), at::MemoryFormat::Contiguous)}; }},
  };
}

}  // namespace tripletlab
