// libtorch's settings: version, threads, autocast, random generators, numeric precision.
#include "addon.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>

#include <mutex>

namespace torch_node {

static c10::DeviceType deviceTypeArgument(const Napi::CallbackInfo& info, size_t index) {
  return deviceOf(numberArgument(info, index), -1).type();
}

// build(): what this libtorch is
static Napi::Value build(const Napi::CallbackInfo& info) {
  auto result = Napi::Object::New(info.Env());
  result.Set("version", std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR) + "." + std::to_string(TORCH_VERSION_PATCH));
#ifdef TORCH_NODE_CUDA
  result.Set("cuda", true);
#else
  result.Set("cuda", false);
#endif
#ifdef USE_C10D_GLOO
  result.Set("gloo", true);
#else
  result.Set("gloo", false);
#endif
#ifdef USE_C10D_NCCL
  result.Set("nccl", true);
#else
  result.Set("nccl", false);
#endif
  return result;
}

static Napi::Value threads(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), at::get_num_threads()); }

static Napi::Value setThreads(const Napi::CallbackInfo& info) {
  const double count = numberArgument(info, 0);
  TORCH_CHECK(count >= 1 && count <= 4096 && count == std::floor(count), "the number of threads is a whole number from 1 on, got ", count);
  at::set_num_threads(static_cast<int>(count));
  return info.Env().Undefined();
}

// autocast(device): [enabled, dtype] on the wire
static Napi::Value autocast(const Napi::CallbackInfo& info) {
  const c10::DeviceType device = deviceTypeArgument(info, 0);
  Writer writer(State::of(info.Env()));
#if TORCH_AT_LEAST(2, 4)
  writer.number(at::autocast::is_autocast_enabled(device) ? 1 : 0);
  writer.number(static_cast<double>(static_cast<int>(at::autocast::get_autocast_dtype(device))));
#else
  const bool cuda = device == c10::DeviceType::CUDA;
  writer.number((cuda ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled()) ? 1 : 0);
  writer.number(static_cast<double>(static_cast<int>(cuda ? at::autocast::get_autocast_gpu_dtype() : at::autocast::get_autocast_cpu_dtype())));
#endif
  return info.Env().Undefined();
}

// setAutocast(device, enabled, dtype)
static Napi::Value setAutocast(const Napi::CallbackInfo& info) {
  const c10::DeviceType device = deviceTypeArgument(info, 0);
  const bool enabled = info[1].ToBoolean();
  const c10::ScalarType dtype = dtypeOf(numberArgument(info, 2));
  TORCH_CHECK(!enabled || dtype == at::kBFloat16 || dtype == at::kHalf, "autocast runs in bfloat16 or float16, got ", dtype);
#if TORCH_AT_LEAST(2, 4)
  at::autocast::set_autocast_enabled(device, enabled);
  at::autocast::set_autocast_dtype(device, dtype);
#else
  if (device == c10::DeviceType::CUDA) {
    at::autocast::set_enabled(enabled);
    at::autocast::set_autocast_gpu_dtype(dtype);
  } else {
    at::autocast::set_cpu_enabled(enabled);
    at::autocast::set_autocast_cpu_dtype(dtype);
  }
#endif
  return info.Env().Undefined();
}

// autocastNesting(+1 or -1): leaving the outermost scope drops the cached casts of the weights
static Napi::Value autocastNesting(const Napi::CallbackInfo& info) {
  if (numberArgument(info, 0) > 0) {
    at::autocast::increment_nesting();
  } else if (at::autocast::decrement_nesting() == 0) {
    at::autocast::clear_cache();
  }
  return info.Env().Undefined();
}

// setAutocastCache(on): returns what it was
static Napi::Value setAutocastCache(const Napi::CallbackInfo& info) {
  const bool before = at::autocast::is_autocast_cache_enabled();
  at::autocast::set_autocast_cache_enabled(info[0].ToBoolean());
  return Napi::Boolean::New(info.Env(), before);
}

static uint64_t seedArgument(const Napi::CallbackInfo& info, size_t index) {
  const double seed = numberArgument(info, index);
  TORCH_CHECK(seed >= 0 && seed <= 9007199254740992.0 && seed == std::floor(seed), "a seed is a whole number from 0 to 2^53, got ", seed);
  return static_cast<uint64_t>(seed);
}

// manualSeed(seed): every default generator, of the CPU and of all GPUs
static Napi::Value manualSeed(const Napi::CallbackInfo& info) {
  at::manual_seed(seedArgument(info, 0));
  return info.Env().Undefined();
}

// createGenerator(device, index, seed)
static Napi::Value createGenerator(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const c10::Device device = deviceOf(numberArgument(info, 0), numberArgument(info, 1));
  TORCH_CHECK(device.is_cpu() || (device.is_cuda() && at::hasCUDA()), "no generator for ", device, " here");
  at::Generator generator = at::globalContext().defaultGenerator(device).clone();
  {
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seedArgument(info, 2));
  }
  return Napi::Number::New(info.Env(), state.generators.add(std::move(generator)));
}

static Napi::Value freeGenerator(const Napi::CallbackInfo& info) {
  State::of(info.Env()).generators.remove(numberArgument(info, 0));
  return info.Env().Undefined();
}

// the default generator of a device where the handle is 0
static at::Generator generatorArgument(const Napi::CallbackInfo& info) {
  const double handle = numberArgument(info, 0);
  if (handle != 0) return State::of(info.Env()).generator(handle);
  return at::globalContext().defaultGenerator(deviceOf(numberArgument(info, 1), numberArgument(info, 2)));
}

// generatorState(generator or 0, device, index): a byte tensor's handle
static Napi::Value generatorState(const Napi::CallbackInfo& info) {
  at::Generator generator = generatorArgument(info);
  std::lock_guard<std::mutex> lock(generator.mutex());
  return Napi::Number::New(info.Env(), State::of(info.Env()).tensors.add(generator.get_state()));
}

// setGeneratorState(generator or 0, device, index, state tensor)
static Napi::Value setGeneratorState(const Napi::CallbackInfo& info) {
  at::Generator generator = generatorArgument(info);
  const at::Tensor& state = State::of(info.Env()).tensor(numberArgument(info, 3));
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_state(state);
  return info.Env().Undefined();
}

// setOption(name, on)
static Napi::Value setOption(const Napi::CallbackInfo& info) {
  TORCH_CHECK(info[0].IsString(), "expected an option's name");
  const std::string name = info[0].As<Napi::String>().Utf8Value();
  const bool on = info[1].ToBoolean();
  at::Context& context = at::globalContext();
  if (name == "tf32") {
    context.setAllowTF32CuBLAS(on);
    context.setAllowTF32CuDNN(on);
  } else if (name == "cudnnBenchmark") {
    context.setBenchmarkCuDNN(on);
  } else if (name == "deterministic") {
    context.setDeterministicAlgorithms(on, false);
    context.setDeterministicCuDNN(on);
  } else {
    TORCH_CHECK(false, "unknown option '", name, "': use 'tf32', 'cudnnBenchmark' or 'deterministic'");
  }
  return info.Env().Undefined();
}

void defineContext(Napi::Object exports) {
  define<build>(exports, "build");
  define<threads>(exports, "threads");
  define<setThreads>(exports, "setThreads");
  define<autocast>(exports, "autocast");
  define<setAutocast>(exports, "setAutocast");
  define<autocastNesting>(exports, "autocastNesting");
  define<setAutocastCache>(exports, "setAutocastCache");
  define<manualSeed>(exports, "manualSeed");
  define<createGenerator>(exports, "createGenerator");
  define<freeGenerator>(exports, "freeGenerator");
  define<generatorState>(exports, "generatorState");
  define<setGeneratorState>(exports, "setGeneratorState");
  define<setOption>(exports, "setOption");
}

}  // namespace torch_node
