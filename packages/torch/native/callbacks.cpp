// Gradients that JS computes: a node in libtorch's graph whose backward is a JS function. libtorch walks the graph on threads of its own, JS has
// one; so while such nodes exist, the engine runs on a helper thread and the JS thread waits, serving the nodes' requests as they come.
#include "addon.hpp"
#include "callbacks.hpp"

#include <ATen/ThreadLocalState.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/variable.h>

#ifdef TORCH_NODE_CUDA
#include <c10/cuda/CUDAStream.h>
#endif

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace torch_node {

using torch::autograd::variable_list;

// What a JS backward gives: either the gradients, or outputs computed anew whose gradients libtorch shall find (checkpointing).
struct Reply {
  bool recomputed = false;
  variable_list gradients;
  variable_list outputs, inputs;
};

struct Request {
  double node;
  variable_list gradients;
  Reply reply;
  bool answered = false;
  std::string error;
};

struct Callbacks {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Request*> requests;
  std::vector<double> dead;  // nodes whose graph is gone: JS drops their functions
  size_t live = 0;
  Napi::FunctionReference handler;
  std::unique_ptr<Napi::Error> thrown;  // the JS error itself, to throw again where backward was called
};

static std::shared_ptr<Callbacks> callbacksOf(State& state) {
  if (!state.callbacks) state.callbacks = std::make_shared<Callbacks>();
  return std::static_pointer_cast<Callbacks>(state.callbacks);
}

struct JsNode : torch::autograd::Node {
  JsNode(std::shared_ptr<Callbacks> callbacks, double id) : callbacks(std::move(callbacks)), id(id) {
    std::lock_guard<std::mutex> lock(this->callbacks->mutex);
    this->callbacks->live++;
  }
  ~JsNode() override {
    std::lock_guard<std::mutex> lock(callbacks->mutex);
    callbacks->live--;
    callbacks->dead.push_back(id);
  }
  std::string name() const override { return "JavaScript"; }

  variable_list apply(variable_list&& gradients) override {
    Request request{id, std::move(gradients), {}, false, {}};
    {
      std::unique_lock<std::mutex> lock(callbacks->mutex);
      callbacks->requests.push_back(&request);
      callbacks->changed.notify_all();
      callbacks->changed.wait(lock, [&] { return request.answered; });
    }
    if (!request.error.empty()) throw std::runtime_error(request.error);
    Reply& reply = request.reply;
    variable_list result = reply.recomputed ? differentiate(reply, request.gradients) : std::move(reply.gradients);
    TORCH_CHECK(result.size() == num_outputs(), "a JS backward gave ", result.size(), " gradients for ", num_outputs(), " inputs");
    return result;
  }

  // the recomputed part of the graph is walked here, on the engine's own thread, as libtorch expects of nested passes
  variable_list differentiate(const Reply& reply, const variable_list& gradients) {
    TORCH_CHECK(reply.outputs.size() == gradients.size(), "the recomputation gave ", reply.outputs.size(), " outputs, the first run ", gradients.size());
    variable_list outputs, given, inputs;
    for (size_t i = 0; i < gradients.size(); i++) {
      if (!gradients[i].defined() || !reply.outputs[i].defined() || !reply.outputs[i].requires_grad()) continue;
      outputs.push_back(reply.outputs[i]);
      given.push_back(gradients[i]);
    }
    variable_list result(reply.inputs.size());
    for (const at::Tensor& input : reply.inputs) {
      if (input.defined() && input.requires_grad()) inputs.push_back(input);
    }
    if (outputs.empty() || inputs.empty()) return result;
    const bool create = at::GradMode::is_enabled();
    const variable_list found = torch::autograd::grad(outputs, inputs, given, create, create, /*allow_unused=*/true);
    size_t next = 0;
    for (size_t i = 0; i < result.size(); i++) {
      if (reply.inputs[i].defined() && reply.inputs[i].requires_grad()) result[i] = found[next++];
    }
    return result;
  }

  std::shared_ptr<Callbacks> callbacks;
  double id;
};

// runs the JS handler for one request, on the JS thread
static void serve(State& state, Callbacks& callbacks, Request& request) {
  Napi::HandleScope scope(state.env);
  try {
    Writer writer(state);
    writer.number(static_cast<double>(request.gradients.size()));
    for (const at::Tensor& gradient : request.gradients) writer.tensor(gradient);
    const Napi::Value length = callbacks.handler.Call({Napi::Number::New(state.env, request.node), Napi::Number::New(state.env, static_cast<double>(state.wireCapacity))});
    TORCH_CHECK(length.IsNumber(), "the backward handler gave no length");
    Reader reader(state, static_cast<size_t>(length.As<Napi::Number>().DoubleValue()), state.env.Undefined());
    request.reply.recomputed = reader.boolean();
    if (request.reply.recomputed) {
      request.reply.outputs = reader.tensors();
      request.reply.inputs = reader.tensors();
    } else {
      request.reply.gradients = reader.tensors();
    }
  } catch (const Napi::Error& error) {
    callbacks.thrown = std::make_unique<Napi::Error>(error);
    request.error = "a JS backward threw";
  } catch (const c10::Error& error) {
    request.error = error.what_without_backtrace();
  } catch (const std::exception& error) {
    request.error = error.what();
  }
}

void runEngine(State& state, const std::function<void()>& engine) {
  const std::shared_ptr<Callbacks> callbacks = std::static_pointer_cast<Callbacks>(state.callbacks);
  bool needed = false;
  if (callbacks) {
    std::lock_guard<std::mutex> lock(callbacks->mutex);
    needed = callbacks->live > 0;
  }
  if (!needed) return engine();

  const at::ThreadLocalState modes;
#ifdef TORCH_NODE_CUDA
  c10::optional<c10::cuda::CUDAStream> stream;
  if (c10::cuda::device_count() > 0) stream = c10::cuda::getCurrentCUDAStream();
#endif
  std::exception_ptr failure;
  bool done = false;
  std::thread worker([&] {
    try {
      at::ThreadLocalStateGuard guard(modes);
#ifdef TORCH_NODE_CUDA
      if (stream.has_value()) {
        c10::cuda::set_device(stream->device_index());
        c10::cuda::setCurrentCUDAStream(*stream);
      }
#endif
      engine();
    } catch (...) {
      failure = std::current_exception();
    }
    std::lock_guard<std::mutex> lock(callbacks->mutex);
    done = true;
    callbacks->changed.notify_all();
  });
  {
    std::unique_lock<std::mutex> lock(callbacks->mutex);
    for (;;) {
      callbacks->changed.wait(lock, [&] { return done || !callbacks->requests.empty(); });
      if (callbacks->requests.empty()) break;
      Request* request = callbacks->requests.front();
      callbacks->requests.pop_front();
      lock.unlock();
      serve(state, *callbacks, *request);
      lock.lock();
      request->answered = true;
      callbacks->changed.notify_all();
    }
  }
  worker.join();
  if (callbacks->thrown) {
    const Napi::Error error = *callbacks->thrown;
    callbacks->thrown.reset();
    throw error;
  }
  if (failure) std::rethrow_exception(failure);
}

// setBackwardHandler(function of node and wire capacity, answering with the length of its reply on the wire)
static Napi::Value setBackwardHandler(const Napi::CallbackInfo& info) {
  TORCH_CHECK(info[0].IsFunction(), "expected a function");
  callbacksOf(State::of(info.Env()))->handler = Napi::Persistent(info[0].As<Napi::Function>());
  return info.Env().Undefined();
}

// attachNode(node, length): outputs and inputs on the wire; the outputs, as results of a JS function of the inputs, replace them there
static Napi::Value attachNode(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const double id = numberArgument(info, 0);
  Reader reader(state, static_cast<size_t>(numberArgument(info, 1)), info.Env().Undefined());
  const variable_list outputs = reader.tensors();
  const variable_list inputs = reader.tensors();
  for (const at::Tensor& tensor : outputs) TORCH_CHECK(tensor.defined() && !tensor.is_inference(), "a function with its own gradient gave null, or ran in inferenceMode");
  for (const at::Tensor& tensor : inputs) TORCH_CHECK(tensor.defined() && !tensor.is_inference(), "an input is null, or was made in inferenceMode");
#ifdef TORCH_NODE_INTRUSIVE_NODES
  auto node = c10::make_intrusive<JsNode>(callbacksOf(state), id);
#else
  std::shared_ptr<torch::autograd::Node> node(new JsNode(callbacksOf(state), id), torch::autograd::deleteNode);
#endif
  node->set_next_edges(torch::autograd::collect_next_edges(inputs));
  variable_list results;
  for (const at::Tensor& output : outputs) {
    // a fresh tensor object over the same data, so that the caller's own stays outside the graph
    at::Tensor result = output.detach();
    if (torch::autograd::isDifferentiableType(result.scalar_type())) torch::autograd::set_history(result, node);
    results.push_back(std::move(result));
  }
  Writer writer(state);
  writer.number(static_cast<double>(results.size()));
  for (at::Tensor& result : results) writer.tensor(std::move(result));
  return Napi::Number::New(info.Env(), static_cast<double>(state.wireCapacity));
}

// deadNodes(): those whose graph is gone since the last time
static Napi::Value deadNodes(const Napi::CallbackInfo& info) {
  const auto callbacks = callbacksOf(State::of(info.Env()));
  std::vector<double> dead;
  {
    std::lock_guard<std::mutex> lock(callbacks->mutex);
    dead.swap(callbacks->dead);
  }
  auto array = Napi::Array::New(info.Env(), dead.size());
  for (size_t i = 0; i < dead.size(); i++) array.Set(static_cast<uint32_t>(i), dead[i]);
  return array;
}

void defineCallbacks(Napi::Object exports) {
  define<setBackwardHandler>(exports, "setBackwardHandler");
  define<attachNode>(exports, "attachNode");
  define<deadNodes>(exports, "deadNodes");
}

}  // namespace torch_node
