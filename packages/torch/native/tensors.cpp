// Tensors as JS sees them: what they are, their numbers in and out of typed arrays, and when they go.
#include "addon.hpp"

#include <ATen/ATen.h>

namespace torch_node {

// describe(tensor): dtype, device, device index, requires grad, leaf, rank and sizes, on the wire
static Napi::Value describe(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const at::Tensor& tensor = state.tensor(numberArgument(info, 0));
  Writer writer(state);
  writer.number(static_cast<double>(static_cast<int>(tensor.scalar_type())));
  writer.number(wireDevice(tensor.device().type()));
  writer.number(tensor.device().has_index() ? tensor.device().index() : -1);
  writer.number(tensor.requires_grad() ? 1 : 0);
  writer.number(tensor.is_leaf() ? 1 : 0);
  writer.number(static_cast<double>(tensor.dim()));
  for (const int64_t size : tensor.sizes()) writer.number(static_cast<double>(size));
  return Napi::Number::New(info.Env(), static_cast<double>(state.wireCapacity));
}

// strides(tensor): on the wire, rank first
static Napi::Value strides(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const at::Tensor& tensor = state.tensor(numberArgument(info, 0));
  Writer writer(state);
  writer.number(static_cast<double>(tensor.dim()));
  for (const int64_t stride : tensor.strides()) writer.number(static_cast<double>(stride));
  return Napi::Number::New(info.Env(), static_cast<double>(state.wireCapacity));
}

// item(tensor): its one element as a number or boolean; waits for the device
static Napi::Value item(const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = State::of(info.Env()).tensor(numberArgument(info, 0));
  TORCH_CHECK(tensor.numel() == 1, "item() needs a tensor with one element, got one of shape ", tensor.sizes());
  const at::Scalar value = tensor.item();
  TORCH_CHECK(!value.isComplex(), "item() of a complex tensor: take real() or imag() first");
  if (value.isBoolean()) return Napi::Boolean::New(info.Env(), value.toBool());
  return Napi::Number::New(info.Env(), value.toDouble());
}

static at::Tensor plainOnCpu(const at::Tensor& tensor) {
  TORCH_CHECK(tensor.layout() == at::kStrided, "only dense tensors have plain bytes");
  TORCH_CHECK(!tensor.is_meta(), "a meta tensor has no data");
  return tensor.detach().to(at::kCPU).resolve_conj().resolve_neg().contiguous();
}

// bytes(tensor): a fresh ArrayBuffer with its elements in row-major order
static Napi::Value bytes(const Napi::CallbackInfo& info) {
  const at::Tensor plain = plainOnCpu(State::of(info.Env()).tensor(numberArgument(info, 0)));
  auto buffer = Napi::ArrayBuffer::New(info.Env(), plain.nbytes());
  if (plain.nbytes() > 0) std::memcpy(buffer.Data(), plain.data_ptr(), plain.nbytes());
  return buffer;
}

// view(tensor): an ArrayBuffer over the tensor's own memory; each keeps the memory alive
static Napi::Value view(const Napi::CallbackInfo& info) {
  const at::Tensor& tensor = State::of(info.Env()).tensor(numberArgument(info, 0));
  TORCH_CHECK(tensor.device().is_cpu() && tensor.layout() == at::kStrided && tensor.is_contiguous() && !tensor.is_conj() && !tensor.is_neg(),
              "only a contiguous CPU tensor can be seen as a typed array without a copy: use toTypedArray()");
  if (tensor.nbytes() == 0) return Napi::ArrayBuffer::New(info.Env(), 0);
  // a resize would give the storage other memory and free what JS sees
  tensor.storage().unsafeGetStorageImpl()->set_resizable(false);
  auto* owner = new at::Tensor(tensor.detach());
  return Napi::ArrayBuffer::New(
      info.Env(), owner->data_ptr(), owner->nbytes(), [](Napi::Env, void*, at::Tensor* held) { delete held; }, owner);
}

// fromBytes(bytes, dtype, rank), sizes on the wire: a tensor with a copy of the bytes
static Napi::Value fromBytes(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  TORCH_CHECK(info[0].IsTypedArray(), "expected a typed array");
  const auto array = info[0].As<Napi::TypedArray>();
  const c10::ScalarType dtype = dtypeOf(numberArgument(info, 1));
  const double rank = numberArgument(info, 2);
  TORCH_CHECK(rank >= 0 && rank <= 64, "a tensor has at most 64 dimensions");
  Reader reader(state, static_cast<size_t>(rank), info.Env().Undefined());
  std::vector<int64_t> sizes;
  double elements = 1;
  for (int i = 0; i < static_cast<int>(rank); i++) {
    const double size = reader.number();
    TORCH_CHECK(size >= 0 && size <= 9007199254740992.0 && size == std::floor(size), "a shape holds whole numbers from 0 on, got ", size);
    elements *= size;
    sizes.push_back(static_cast<int64_t>(size));
  }
  const size_t width = c10::elementSize(dtype);
  TORCH_CHECK(elements * static_cast<double>(width) == static_cast<double>(array.ByteLength()), "shape ", at::IntArrayRef(sizes), " of ",
              c10::toString(dtype), " takes ", elements * static_cast<double>(width), " bytes, got ", array.ByteLength());
  // not an inference tensor, whatever mode is on: data may become a parameter
  c10::InferenceMode normal(false);
  at::Tensor tensor = at::empty(sizes, at::TensorOptions().dtype(dtype));
  if (array.ByteLength() > 0) {
    std::memcpy(tensor.data_ptr(), static_cast<const char*>(array.ArrayBuffer().Data()) + array.ByteOffset(), array.ByteLength());
  }
  return Napi::Number::New(info.Env(), state.tensors.add(std::move(tensor)));
}

// free(count): the tensors whose handles stand on the wire; unknown handles are skipped, so that freeing twice is harmless
static Napi::Value freeTensors(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const double count = numberArgument(info, 0);
  TORCH_CHECK(count >= 0 && count <= static_cast<double>(state.wireCapacity), "malformed free");
  int64_t accounted = 0;
  for (size_t i = 0; i < static_cast<size_t>(count); i++) accounted += state.tensors.remove(state.wire[i]);
  if (accounted != 0) Napi::MemoryManagement::AdjustExternalMemory(info.Env(), -accounted);
  return info.Env().Undefined();
}

// account(tensor): tells the garbage collector how much memory hangs on this small object
static Napi::Value account(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const double handle = numberArgument(info, 0);
  const at::Tensor& tensor = state.tensor(handle);
  int64_t* accounted = state.tensors.accounted(handle);
  // a view costs nothing beyond its base, which is accounted where it was made
  if (*accounted == 0 && tensor.has_storage() && tensor.storage().use_count() == 1) {
    *accounted = static_cast<int64_t>(tensor.storage().nbytes());
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), *accounted);
  }
  return info.Env().Undefined();
}

static Napi::Value liveTensors(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(State::of(info.Env()).tensors.live()));
}

void defineTensors(Napi::Object exports) {
  define<describe>(exports, "describe");
  define<strides>(exports, "strides");
  define<item>(exports, "item");
  define<bytes>(exports, "bytes");
  define<view>(exports, "view");
  define<fromBytes>(exports, "fromBytes");
  define<freeTensors>(exports, "freeTensors");
  define<account>(exports, "account");
  define<liveTensors>(exports, "liveTensors");
}

}  // namespace torch_node
