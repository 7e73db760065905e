// What the addon's files share: the table of live tensors, the wire that carries arguments, and the guard that turns C++ errors into JS errors.
#pragma once

#define NAPI_CPP_EXCEPTIONS
#include <napi.h>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include <memory>
#include <string>
#include <vector>

namespace torch_node {

#define TORCH_AT_LEAST(major, minor) (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

// Device numbers that both ends of the wire agree on whatever libtorch's own enum says.
constexpr int kWireCpu = 0, kWireCuda = 1, kWireMeta = 2, kWireOther = 3;

// A JS value on the wire: one tag, then its payload. src/wire.ts holds the other end.
enum class Tag : int {
  None = 0,       // null
  Tensor = 1,     // handle
  Number = 2,     // value
  Bool = 3,       // 0 or 1
  String = 4,     // index into the call's strings
  List = 5,       // count, then that many tagged values
  Numbers = 6,    // count, then that many bare numbers
  BigInt = 7,     // high 32 bits (signed), low 32 bits
  Generator = 8,  // handle
  Default = 9,    // undefined: what the schema says
  DType = 10,     // c10::ScalarType
  Device = 11,    // wire device, index (-1: current)
  Argument = 12,  // results only: the argument of this index itself, as in-place operators return
};

// Objects that JS holds by number. A number is (generation, index), so a stale one is recognised instead of reaching freed memory.
template <typename T>
class HandleTable {
 public:
  double add(T value) {
    uint32_t index;
    if (free_.empty()) {
      TORCH_CHECK(slots_.size() < kIndices, "more than ", kIndices, " tensors are alive: free some, or use scope()");
      index = static_cast<uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      index = free_.back();
      free_.pop_back();
    }
    Slot& slot = slots_[index];
    slot.value = std::move(value);
    slot.live = true;
    return static_cast<double>(slot.generation) * kIndices + index;
  }
  // null when the handle was never given out or its object has been freed
  T* find(double handle) {
    Slot* slot = slotOf(handle);
    return slot ? &slot->value : nullptr;
  }
  int64_t* accounted(double handle) {
    Slot* slot = slotOf(handle);
    return slot ? &slot->accounted : nullptr;
  }
  // returns the bytes that were accounted to the garbage collector
  int64_t remove(double handle) {
    Slot* slot = slotOf(handle);
    if (!slot) return 0;
    // moved out first: a destructor that runs long or re-enters must see a consistent table
    T value = std::move(slot->value);
    slot->value = T();
    slot->live = false;
    slot->generation++;
    const int64_t bytes = slot->accounted;
    slot->accounted = 0;
    free_.push_back(static_cast<uint32_t>(slot - slots_.data()));
    return bytes;
  }
  size_t live() const { return slots_.size() - free_.size(); }

 private:
  static constexpr uint32_t kIndices = 1u << 24;
  struct Slot {
    T value;
    uint32_t generation = 1;
    bool live = false;
    int64_t accounted = 0;
  };
  Slot* slotOf(double handle) {
    // the comparison is false for NaN; 2^53 bounds the cast
    if (!(handle >= kIndices && handle < 9007199254740992.0)) return nullptr;
    const auto bits = static_cast<uint64_t>(handle);
    const size_t index = bits % kIndices;
    if (index >= slots_.size()) return nullptr;
    Slot& slot = slots_[index];
    return slot.live && slot.generation == bits / kIndices ? &slot : nullptr;
  }
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
};

struct Operator;

// Everything that belongs to one JS environment (the main thread or one worker).
struct State {
  explicit State(Napi::Env env);
  ~State();
  static State& of(Napi::Env env) { return *env.GetInstanceData<State>(); }

  Napi::Env env;
  HandleTable<at::Tensor> tensors;
  HandleTable<at::Generator> generators;
  std::vector<std::unique_ptr<Operator>> operators;
  std::vector<std::unique_ptr<c10::InferenceMode>> inferenceModes;
  // what only cuda.cpp, distributed.cpp and callbacks.cpp know
  std::shared_ptr<void> gpu;
  std::shared_ptr<void> groups;
  std::shared_ptr<void> callbacks;

  // The wire is memory that C++ owns and JS sees as a Float64Array. It grows by doubling; old wires stay until the environment ends,
  // since JS may still hold them.
  double* wire = nullptr;
  size_t wireCapacity = 0;
  std::vector<std::unique_ptr<double[]>> wires;
  void growWire(size_t capacity);

  const at::Tensor& tensor(double handle);
  at::Generator& generator(double handle);
};

// Reads a call's arguments. Every read is checked: what comes from JS is never trusted.
class Reader {
 public:
  Reader(State& state, size_t length, Napi::Value strings) : state(state), length_(length), strings_(strings) {
    TORCH_CHECK(length <= state.wireCapacity, "the call says ", length, " wire numbers but the wire holds ", state.wireCapacity);
  }
  double number() {
    TORCH_CHECK(position_ < length_, "the call's arguments end too early");
    return state.wire[position_++];
  }
  // what comes next, without taking it
  Tag peek() const {
    TORCH_CHECK(position_ < length_, "the call's arguments end too early");
    return static_cast<Tag>(static_cast<int>(state.wire[position_]));
  }
  Tag tag() { return static_cast<Tag>(static_cast<int>(number())); }
  // a length as it stands in the wire: the values that follow take at least one number each
  size_t count() {
    const double value = number();
    TORCH_CHECK(value >= 0 && value <= static_cast<double>(length_ - position_), "a list on the wire is longer than the wire");
    return static_cast<size_t>(value);
  }
  std::string string();

  at::Tensor tensor();                    // a tensor, or an undefined one for null and undefined
  std::vector<at::Tensor> tensors();      // a list of them; null and undefined are an empty list
  bool boolean(bool otherwise = false);

  State& state;

 private:
  size_t position_ = 0;
  size_t length_;
  Napi::Value strings_;
};

// Writes results over the arguments, which have been read by then.
class Writer {
 public:
  explicit Writer(State& state) : state_(state) {}
  void number(double value) {
    if (position_ == state_.wireCapacity) state_.growWire(2 * state_.wireCapacity);
    state_.wire[position_++] = value;
  }
  void tag(Tag tag) { number(static_cast<double>(tag)); }
  void tensor(at::Tensor value);  // null when undefined
  size_t length() const { return position_; }

 private:
  State& state_;
  size_t position_ = 0;
};

int wireDevice(c10::DeviceType type);
c10::Device deviceOf(double wireType, double index);
c10::Device deviceOf(const std::string& text);
c10::ScalarType dtypeOf(double code);

// Runs a binding and turns whatever libtorch throws into a JS error with its message, without C++ stack addresses.
template <Napi::Value (*Binding)(const Napi::CallbackInfo&)>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  try {
    return Binding(info);
  } catch (const Napi::Error&) {
    throw;
  } catch (const c10::Error& error) {
    throw Napi::Error::New(info.Env(), error.what_without_backtrace());
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), error.what());
  } catch (...) {
    throw Napi::Error::New(info.Env(), "libtorch threw something that is no exception");
  }
}

template <Napi::Value (*Binding)(const Napi::CallbackInfo&)>
void define(Napi::Object exports, const char* name) {
  exports.Set(name, Napi::Function::New<guarded<Binding>>(exports.Env(), name));
}

inline double numberArgument(const Napi::CallbackInfo& info, size_t index) {
  TORCH_CHECK(info[index].IsNumber(), "argument ", index, " of a native function is no number");
  return info[index].As<Napi::Number>().DoubleValue();
}

void defineTensors(Napi::Object exports);
void defineDispatcher(Napi::Object exports);
void defineAutograd(Napi::Object exports);
void defineCallbacks(Napi::Object exports);
void defineContext(Napi::Object exports);
void defineCuda(Napi::Object exports);
void defineFused(Napi::Object exports);
void defineDistributed(Napi::Object exports);

}  // namespace torch_node
