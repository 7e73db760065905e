// The few operators of the typed list that read beyond their tensors, or divide by zero, where libtorch does not check what it was given: internal
// ones, which its public functions call with arguments that they have made sound. Found by test/support/fuzz-worker.ts.
#include "operator.hpp"

#include <unordered_map>

namespace torch_node {

using c10::Stack;

static at::Tensor optionalTensor(const c10::IValue& value) { return value.isNone() ? at::Tensor() : value.toTensor(); }

// _fft_r2c, _fft_c2r, _fft_c2c (self, dim, …): no wrapping of negative dimensions, no check of any
static void transformDimensions(const Stack& stack) {
  const at::Tensor& self = stack[0].toTensor();
  const std::vector<int64_t> dimensions = stack[1].toIntVector();
  TORCH_CHECK(!dimensions.empty(), "dim is empty: name at least one dimension to transform");
  std::vector<bool> seen(static_cast<size_t>(self.dim()), false);
  for (const int64_t dimension : dimensions) {
    TORCH_CHECK(dimension >= 0 && dimension < self.dim(), "dim has ", dimension, ", but the tensor's dimensions run from 0 to ", self.dim() - 1);
    TORCH_CHECK(!seen[static_cast<size_t>(dimension)], "dim has ", dimension, " twice");
    seen[static_cast<size_t>(dimension)] = true;
    TORCH_CHECK(self.size(dimension) > 0, "dimension ", dimension, " is empty");
  }
}

static void inverseTransform(const Stack& stack) {
  transformDimensions(stack);
  const int64_t last = stack[3].toInt();
  const int64_t given = stack[0].toTensor().size(stack[1].toIntVector().back());
  TORCH_CHECK(last >= 1 && last / 2 + 1 <= given, "last_dim_size is ", last, ", but ", given, " frequencies give at most ", 2 * given - 1);
}

// native_group_norm(input, weight, bias, N, C, HxW, group, eps)
static void groupNorm(const Stack& stack) {
  const at::Tensor& input = stack[0].toTensor();
  const int64_t items = stack[3].toInt(), channels = stack[4].toInt(), positions = stack[5].toInt(), groups = stack[6].toInt();
  TORCH_CHECK(items > 0 && channels > 0 && positions > 0 && groups > 0 && channels % groups == 0 && input.dim() >= 2 && input.size(0) == items &&
                  input.size(1) == channels && positions <= input.numel() && input.numel() / items / channels == positions,
              "N, C, HxW and group (", items, ", ", channels, ", ", positions, ", ", groups, ") do not fit the input's shape ", input.sizes());
  for (const size_t i : {1, 2}) {
    const at::Tensor parameter = optionalTensor(stack[i]);
    TORCH_CHECK(!parameter.defined() || parameter.numel() == channels, "weight and bias have one element for each channel");
  }
}

// native_batch_norm(input, weight, bias, running_mean, running_var, training, …)
static void batchNorm(const Stack& stack) {
  const at::Tensor& input = stack[0].toTensor();
  TORCH_CHECK(input.dim() >= 2 && input.size(1) > 0, "the input needs a batch and channels, got the shape ", input.sizes());
  const bool training = stack[5].toBool();
  for (const size_t i : {1, 2, 3, 4}) {
    const at::Tensor parameter = optionalTensor(stack[i]);
    TORCH_CHECK(parameter.defined() || i < 3 || training, "running_mean and running_var are needed where training is false");
    TORCH_CHECK(!parameter.defined() || parameter.numel() == input.size(1), "weight, bias and running statistics have one element for each channel");
  }
}

// _weight_norm(v, g, dim)
static void weightNorm(const Stack& stack) {
  const at::Tensor& direction = stack[0].toTensor();
  const int64_t dimension = stack[2].toInt();
  TORCH_CHECK(direction.numel() > 0 && dimension >= 0 && dimension < direction.dim(), "v has the shape ", direction.sizes(), ", which has no rows along ", dimension);
  TORCH_CHECK(stack[1].toTensor().numel() == direction.size(dimension), "g has one element for each of the ", direction.size(dimension), " rows of v");
}

// reflection_pad1d, replication_pad1d (self, padding): libtorch 1.13 reads both numbers without counting them
static void padding(const Stack& stack) {
  TORCH_CHECK(stack[1].toListRef().size() == 2, "padding has two numbers, left and right, got ", stack[1].toListRef().size());
}

Check unsafeArguments(const std::string& name) {
  static const std::unordered_map<std::string, Check> checks = {
      {"aten::_fft_r2c", transformDimensions}, {"aten::_fft_c2c", transformDimensions}, {"aten::_fft_c2r", inverseTransform},
      {"aten::native_group_norm", groupNorm},  {"aten::native_batch_norm", batchNorm},  {"aten::_weight_norm", weightNorm},
      {"aten::reflection_pad1d", padding},     {"aten::replication_pad1d", padding},
  };
  const auto found = checks.find(name);
  return found == checks.end() ? nullptr : found->second;
}

}  // namespace torch_node
