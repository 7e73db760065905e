// The addon's entry: one State for each JS environment, and the table of contents of what JS can call.
#include "addon.hpp"
#include "operator.hpp"

namespace torch_node {

State::State(Napi::Env env) : env(env) { growWire(4096); }
State::~State() = default;

void State::growWire(size_t capacity) {
  constexpr size_t kLargest = size_t{1} << 26;
  TORCH_CHECK(capacity <= kLargest, "a call's arguments take more than ", kLargest, " numbers: pass large data as a tensor (fromTypedArray)");
  auto next = std::make_unique<double[]>(capacity);
  std::copy(wire, wire + wireCapacity, next.get());
  wire = next.get();
  wireCapacity = capacity;
  wires.push_back(std::move(next));
}

const at::Tensor& State::tensor(double handle) {
  const at::Tensor* found = tensors.find(handle);
  TORCH_CHECK(found, "this tensor has been freed (its scope ended, or free() was called): return it from the scope or keep() it to use it later");
  return *found;
}

at::Generator& State::generator(double handle) {
  at::Generator* found = generators.find(handle);
  TORCH_CHECK(found, "this generator has been freed");
  return *found;
}

std::string Reader::string() {
  const double index = number();
  TORCH_CHECK(strings_.IsArray() && index >= 0 && index < strings_.As<Napi::Array>().Length(), "a string is missing from the call");
  const Napi::Value value = strings_.As<Napi::Array>().Get(static_cast<uint32_t>(index));
  TORCH_CHECK(value.IsString(), "a string of the call is no string");
  return value.As<Napi::String>().Utf8Value();
}

at::Tensor Reader::tensor() {
  const Tag kind = tag();
  if (kind == Tag::None || kind == Tag::Default) return {};
  TORCH_CHECK(kind == Tag::Tensor, "expected a tensor");
  return state.tensor(number());
}

std::vector<at::Tensor> Reader::tensors() {
  std::vector<at::Tensor> list;
  const Tag kind = tag();
  if (kind == Tag::None || kind == Tag::Default) return list;
  if (kind == Tag::Numbers && count() == 0) return list;
  TORCH_CHECK(kind == Tag::List, "expected a list of tensors");
  const size_t length = count();
  list.reserve(length);
  for (size_t i = 0; i < length; i++) list.push_back(tensor());
  return list;
}

bool Reader::boolean(bool otherwise) {
  const Tag kind = tag();
  if (kind == Tag::None || kind == Tag::Default) return otherwise;
  TORCH_CHECK(kind == Tag::Bool, "expected true or false");
  return number() != 0;
}

void Writer::tensor(at::Tensor value) {
  if (!value.defined()) return tag(Tag::None);
  tag(Tag::Tensor);
  number(state_.tensors.add(std::move(value)));
}

int wireDevice(c10::DeviceType type) {
  switch (type) {
    case c10::DeviceType::CPU: return kWireCpu;
    case c10::DeviceType::CUDA: return kWireCuda;
    case c10::DeviceType::Meta: return kWireMeta;
    default: return kWireOther;
  }
}

c10::Device deviceOf(double wireType, double index) {
  TORCH_CHECK(index >= -1 && index < 128, "no device has the index ", index);
  const auto i = static_cast<c10::DeviceIndex>(index);
  switch (static_cast<int>(wireType)) {
    case kWireCpu: return c10::Device(c10::DeviceType::CPU);
    case kWireCuda: return c10::Device(c10::DeviceType::CUDA, i);
    case kWireMeta: return c10::Device(c10::DeviceType::Meta);
    default: TORCH_CHECK(false, "unknown device");
  }
}

c10::Device deviceOf(const std::string& text) { return c10::Device(text); }

c10::ScalarType dtypeOf(double code) {
  TORCH_CHECK(code >= 0 && code < static_cast<double>(c10::ScalarType::Undefined) && code == static_cast<int>(code), "no dtype has the number ", code);
  return static_cast<c10::ScalarType>(static_cast<int>(code));
}

// wire(capacity): the wire, grown to at least that many numbers
static Napi::Value wire(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const double asked = numberArgument(info, 0);
  TORCH_CHECK(asked >= 0 && asked < 9e15, "a wire cannot hold ", asked, " numbers");
  size_t capacity = state.wireCapacity;
  while (static_cast<double>(capacity) < asked) capacity *= 2;
  if (capacity > state.wireCapacity) state.growWire(capacity);
  // the memory belongs to the State, so that no JS action (a transfer, a collection) can free it under C++
  auto buffer = Napi::ArrayBuffer::New(info.Env(), state.wire, state.wireCapacity * sizeof(double), [](Napi::Env, void*) {});
  return Napi::Float64Array::New(info.Env(), state.wireCapacity, buffer, 0);
}

static Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new State(env));
  define<wire>(exports, "wire");
  defineTensors(exports);
  defineDispatcher(exports);
  defineAutograd(exports);
  defineCallbacks(exports);
  defineContext(exports);
  defineCuda(exports);
  defineFused(exports);
  defineDistributed(exports);
  return exports;
}

NODE_API_MODULE(torch_node, init)

}  // namespace torch_node
