// Elementwise functions compiled at run time from a few lines of CUDA, through libtorch's own compiler (its "jiterator"): one kernel where operators
// would be several, each of which reads and writes whole tensors. The gradient is a second such function.
#include "addon.hpp"

#ifdef TORCH_NODE_CUDA

#include <ATen/ATen.h>
#include <ATen/ExpandUtils.h>
#include <ATen/core/grad_mode.h>
#include <ATen/cuda/jiterator.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/csrc/autograd/variable.h>

namespace torch_node {

using torch::autograd::variable_list;

struct Kernel {
  std::string code, name;
};

static variable_list launch(const Kernel& kernel, const variable_list& inputs, size_t outputs) {
  const auto results = at::cuda::CompileAndLaunchKernel(kernel.code, kernel.name, static_cast<int>(outputs),
                                                        c10::SmallVector<at::Tensor>(inputs.begin(), inputs.end()), {}, outputs > 1);
  return variable_list(results.begin(), results.end());
}

// gradient kernel: (gradients of the outputs, inputs) to gradients of the inputs
struct FusedNode : torch::autograd::Node {
  std::string name() const override { return "Fused"; }
  variable_list apply(variable_list&& gradients) override {
    TORCH_CHECK(!saved.empty(), "Trying to backward through the graph a second time: use retainGraph");
    variable_list inputs, given;
    for (const auto& variable : saved) inputs.push_back(variable.unpack());
    for (size_t i = 0; i < gradients.size(); i++) {
      given.push_back(gradients[i].defined() ? gradients[i] : at::zeros(sizes[i], options[i]));
    }
    given.insert(given.end(), inputs.begin(), inputs.end());
    at::NoGradGuard guard;  // once differentiable
    variable_list results = launch(backward, given, inputs.size());
    for (size_t i = 0; i < inputs.size(); i++) {
      if (!task_should_compute_output(i)) {
        results[i] = at::Tensor();
      } else {
        // an input that was repeated to fit the others gets the sum over its repetitions
        results[i] = at::sum_to(results[i], inputs[i].sizes());
        if (results[i].scalar_type() != inputs[i].scalar_type()) results[i] = results[i].to(inputs[i].scalar_type());
      }
    }
    return results;
  }
  void release_variables() override { saved.clear(); }

  Kernel backward;
  std::vector<torch::autograd::SavedVariable> saved;
  std::vector<std::vector<int64_t>> sizes;
  std::vector<at::TensorOptions> options;
};

// fused(length, strings): inputs, number of outputs, and code and name of both kernels on the wire; outputs on the wire
static Napi::Value fused(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  Reader reader(state, static_cast<size_t>(numberArgument(info, 0)), info[1]);
  const variable_list inputs = reader.tensors();
  TORCH_CHECK(reader.tag() == Tag::Number, "expected a number of outputs");
  const double outputs = reader.number();
  const auto text = [&] {
    TORCH_CHECK(reader.tag() == Tag::String, "expected a string");
    return reader.string();
  };
  const std::string forwardCode = text(), forwardName = text(), backwardCode = text(), backwardName = text();
  const Kernel forward{forwardCode, forwardName};
  const Kernel backward{backwardCode, backwardName};
  TORCH_CHECK(outputs >= 1 && outputs <= 8 && inputs.size() + static_cast<size_t>(outputs) <= 8, "a fused function has at most 8 inputs and outputs together");
  bool record = false;
  for (const at::Tensor& input : inputs) {
    TORCH_CHECK(input.defined() && input.is_cuda(), "a fused function takes GPU tensors");
    record = record || (at::GradMode::is_enabled() && input.requires_grad());
  }
  variable_list results;
  {
    at::NoGradGuard guard;
    results = launch(forward, inputs, static_cast<size_t>(outputs));
  }
  if (record) {
#ifdef TORCH_NODE_INTRUSIVE_NODES
    auto node = c10::make_intrusive<FusedNode>();
#else
    std::shared_ptr<FusedNode> node(new FusedNode(), torch::autograd::deleteNode);
#endif
    node->backward = backward;
    for (const at::Tensor& input : inputs) node->saved.emplace_back(input, false);
    node->set_next_edges(torch::autograd::collect_next_edges(inputs));
    for (const at::Tensor& result : results) {
      node->sizes.push_back(result.sizes().vec());
      node->options.push_back(result.options());
      torch::autograd::set_history(result, node);
    }
  }
  Writer writer(state);
  writer.number(static_cast<double>(results.size()));
  for (at::Tensor& result : results) writer.tensor(std::move(result));
  return Napi::Number::New(info.Env(), static_cast<double>(state.wireCapacity));
}

void defineFused(Napi::Object exports) { define<fused>(exports, "fused"); }

}  // namespace torch_node

#else

namespace torch_node {
void defineFused(Napi::Object) {}
}  // namespace torch_node

#endif
