// Gradients: backward and grad through libtorch's engine, and the modes that record none.
#include "addon.hpp"
#include "callbacks.hpp"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

namespace torch_node {

using torch::autograd::variable_list;

static Reader readerOf(const Napi::CallbackInfo& info) {
  const double length = numberArgument(info, 0);
  TORCH_CHECK(length >= 0 && length < 9e15, "malformed call");
  return Reader(State::of(info.Env()), static_cast<size_t>(length), info.Env().Undefined());
}

// fewer gradients than outputs means none given
static void checkOutputs(const variable_list& outputs, const variable_list& gradOutputs) {
  TORCH_CHECK(!outputs.empty(), "there is nothing to differentiate: the list of outputs is empty");
  TORCH_CHECK(gradOutputs.empty() || gradOutputs.size() == outputs.size(), "got ", gradOutputs.size(), " output gradients for ", outputs.size(),
              " outputs");
  for (const at::Tensor& output : outputs) TORCH_CHECK(output.defined(), "an output to differentiate is null");
}

// backward: outputs, output gradients, inputs (empty: all leaves), retain graph, create graph
static Napi::Value backward(const Napi::CallbackInfo& info) {
  Reader reader = readerOf(info);
  const variable_list outputs = reader.tensors();
  const variable_list gradOutputs = reader.tensors();
  const variable_list inputs = reader.tensors();
  const bool retainGraph = reader.boolean();
  const bool createGraph = reader.boolean();
  checkOutputs(outputs, gradOutputs);
  for (const at::Tensor& input : inputs) TORCH_CHECK(input.defined(), "an input to differentiate for is null");
  runEngine(reader.state, [&] { torch::autograd::backward(outputs, gradOutputs, retainGraph || createGraph, createGraph, inputs); });
  return info.Env().Undefined();
}

// grad: outputs, inputs, output gradients, retain graph, create graph, allow unused; the gradients on the wire
static Napi::Value grad(const Napi::CallbackInfo& info) {
  Reader reader = readerOf(info);
  const variable_list outputs = reader.tensors();
  const variable_list inputs = reader.tensors();
  const variable_list gradOutputs = reader.tensors();
  const bool retainGraph = reader.boolean();
  const bool createGraph = reader.boolean();
  const bool allowUnused = reader.boolean();
  checkOutputs(outputs, gradOutputs);
  TORCH_CHECK(!inputs.empty(), "there is nothing to differentiate for: the list of inputs is empty");
  for (const at::Tensor& input : inputs) TORCH_CHECK(input.defined(), "an input to differentiate for is null");
  variable_list gradients;
  runEngine(reader.state,
            [&] { gradients = torch::autograd::grad(outputs, inputs, gradOutputs, retainGraph || createGraph, createGraph, allowUnused); });
  Writer writer(reader.state);
  writer.number(static_cast<double>(gradients.size()));
  for (const at::Tensor& gradient : gradients) writer.tensor(gradient);
  return Napi::Number::New(info.Env(), static_cast<double>(reader.state.wireCapacity));
}

// setRequiresGrad(tensor, on)
static Napi::Value setRequiresGrad(const Napi::CallbackInfo& info) {
  at::Tensor tensor = State::of(info.Env()).tensor(numberArgument(info, 0));
  const bool on = info[1].ToBoolean();
  TORCH_CHECK(tensor.is_leaf() || on, "only a leaf can stop requiring gradients: use detach()");
  tensor.set_requires_grad(on);
  return info.Env().Undefined();
}

// gradient(tensor): what backward() has accumulated, on the wire
static Napi::Value gradient(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const at::Tensor& tensor = state.tensor(numberArgument(info, 0));
  // asking a non-leaf warns on the console; it has none
  Writer(state).tensor(tensor.is_leaf() || tensor.retains_grad() ? tensor.grad() : at::Tensor());
  return info.Env().Undefined();
}

// setGradient(tensor, gradient or null)
static Napi::Value setGradient(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  at::Tensor tensor = state.tensor(numberArgument(info, 0));
  at::Tensor value;
  if (!info[1].IsNull()) {
    value = state.tensor(numberArgument(info, 1));
    TORCH_CHECK(value.sizes() == tensor.sizes() && value.device() == tensor.device() && value.scalar_type() == tensor.scalar_type(),
                "a gradient has the shape, dtype and device of its tensor: ", tensor.sizes(), " ", tensor.scalar_type(), " on ", tensor.device(),
                ", got ", value.sizes(), " ", value.scalar_type(), " on ", value.device());
  }
  tensor.mutable_grad() = value;
  return info.Env().Undefined();
}

// setGradMode(on): returns what it was
static Napi::Value setGradMode(const Napi::CallbackInfo& info) {
  const bool before = at::GradMode::is_enabled();
  at::GradMode::set_enabled(info[0].ToBoolean());
  return Napi::Boolean::New(info.Env(), before);
}

static Napi::Value enterInferenceMode(const Napi::CallbackInfo& info) {
  State::of(info.Env()).inferenceModes.push_back(std::make_unique<c10::InferenceMode>());
  return info.Env().Undefined();
}

static Napi::Value leaveInferenceMode(const Napi::CallbackInfo& info) {
  auto& modes = State::of(info.Env()).inferenceModes;
  TORCH_CHECK(!modes.empty(), "no inference mode to leave");
  modes.pop_back();
  return info.Env().Undefined();
}

void defineAutograd(Napi::Object exports) {
  define<backward>(exports, "backward");
  define<grad>(exports, "grad");
  define<setRequiresGrad>(exports, "setRequiresGrad");
  define<gradient>(exports, "gradient");
  define<setGradient>(exports, "setGradient");
  define<setGradMode>(exports, "setGradMode");
  define<enterInferenceMode>(exports, "enterInferenceMode");
  define<leaveInferenceMode>(exports, "leaveInferenceMode");
}

}  // namespace torch_node
