// GPUs: properties, memory statistics, streams, events and CUDA graphs. Without CUDA in the libtorch, only the device count is there, and it is 0.
#include "addon.hpp"

#include <ATen/Context.h>

#ifdef TORCH_NODE_CUDA
#include <ATen/cuda/CUDAGraph.h>
#include <ATen/ops/empty.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#endif

namespace torch_node {

static Napi::Value cudaDeviceCount(const Napi::CallbackInfo& info) {
#ifdef TORCH_NODE_CUDA
  // answers 0 where there is no driver, instead of throwing
  return Napi::Number::New(info.Env(), c10::cuda::device_count());
#else
  return Napi::Number::New(info.Env(), 0);
#endif
}

#ifdef TORCH_NODE_CUDA

struct Event {
  cudaEvent_t event = nullptr;
  Event() { C10_CUDA_CHECK(cudaEventCreate(&event)); }
  ~Event() { cudaEventDestroy(event); }
  Event(const Event&) = delete;
};

struct Gpu {
  c10::cuda::MempoolId_t capturePool{0, 0};
  HandleTable<c10::optional<c10::cuda::CUDAStream>> streams;
  HandleTable<std::shared_ptr<Event>> events;
  HandleTable<std::shared_ptr<at::cuda::CUDAGraph>> graphs;
};

// libtorch starts CUDA with the first tensor; what asks for memory or streams before that must do it itself
static void startCuda() {
#if TORCH_AT_LEAST(2, 6)
  at::globalContext().lazyInitDevice(c10::DeviceType::CUDA);
#else
  at::globalContext().lazyInitCUDA();
#endif
}

static Gpu& gpuOf(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  if (!state.gpu) {
    startCuda();
    state.gpu = std::make_shared<Gpu>();
  }
  return *std::static_pointer_cast<Gpu>(state.gpu);
}

static c10::DeviceIndex deviceArgument(const Napi::CallbackInfo& info, size_t index) {
  startCuda();
  const double device = numberArgument(info, index);
  TORCH_CHECK(device >= -1 && device < c10::cuda::device_count(), "there is no GPU ", device, ": this machine has ", static_cast<int>(c10::cuda::device_count()));
  return device < 0 ? c10::cuda::current_device() : static_cast<c10::DeviceIndex>(device);
}

// cudaProperties(device): name, memory, multiprocessors, compute capability
static Napi::Value cudaProperties(const Napi::CallbackInfo& info) {
  cudaDeviceProp properties;
  C10_CUDA_CHECK(cudaGetDeviceProperties(&properties, deviceArgument(info, 0)));
  auto result = Napi::Object::New(info.Env());
  result.Set("name", std::string(properties.name));
  result.Set("totalMemory", static_cast<double>(properties.totalGlobalMem));
  result.Set("multiprocessors", properties.multiProcessorCount);
  result.Set("capability", std::to_string(properties.major) + "." + std::to_string(properties.minor));
  return result;
}

static Napi::Value cudaSetDevice(const Napi::CallbackInfo& info) {
  c10::cuda::set_device(deviceArgument(info, 0));
  return info.Env().Undefined();
}

static Napi::Value cudaSynchronize(const Napi::CallbackInfo& info) {
  const c10::DeviceIndex before = c10::cuda::current_device();
  c10::cuda::set_device(deviceArgument(info, 0));
  c10::cuda::device_synchronize();
  c10::cuda::set_device(before);
  return info.Env().Undefined();
}

// libtorch sets its allocator up with the first tensor of a device and knows no statistics before; an empty one is enough
static c10::DeviceIndex withAllocator(c10::DeviceIndex index) {
  at::empty({0}, at::TensorOptions().device(at::Device(at::kCUDA, index)));
  return index;
}

// cudaMemory(device): bytes in use and reserved, now and at most
static Napi::Value cudaMemory(const Napi::CallbackInfo& info) {
  namespace allocator = c10::cuda::CUDACachingAllocator;
  const auto stats = allocator::getDeviceStats(withAllocator(deviceArgument(info, 0)));
  const auto& allocated = stats.allocated_bytes[0];
  const auto& reserved = stats.reserved_bytes[0];
  auto result = Napi::Object::New(info.Env());
  result.Set("allocated", static_cast<double>(allocated.current));
  result.Set("peakAllocated", static_cast<double>(allocated.peak));
  result.Set("reserved", static_cast<double>(reserved.current));
  result.Set("peakReserved", static_cast<double>(reserved.peak));
  return result;
}

static Napi::Value cudaResetPeakMemory(const Napi::CallbackInfo& info) {
  c10::cuda::CUDACachingAllocator::resetPeakStats(withAllocator(deviceArgument(info, 0)));
  return info.Env().Undefined();
}

static Napi::Value cudaEmptyCache(const Napi::CallbackInfo& info) {
  c10::cuda::CUDACachingAllocator::emptyCache();
  return info.Env().Undefined();
}

template <typename T>
static T& found(HandleTable<T>& table, double handle, const char* what) {
  T* value = table.find(handle);
  TORCH_CHECK(value, "this ", what, " has been freed");
  return *value;
}

// cudaStream(device): a stream from libtorch's pool
static Napi::Value cudaStream(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), gpuOf(info).streams.add(c10::cuda::getStreamFromPool(false, deviceArgument(info, 0))));
}

// cudaCurrentStream(device): a handle to the stream that is current
static Napi::Value cudaCurrentStream(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), gpuOf(info).streams.add(c10::cuda::getCurrentCUDAStream(deviceArgument(info, 0))));
}

static c10::cuda::CUDAStream streamArgument(const Napi::CallbackInfo& info, size_t index) {
  return *found(gpuOf(info).streams, numberArgument(info, index), "stream");
}

static Napi::Value cudaUseStream(const Napi::CallbackInfo& info) {
  c10::cuda::setCurrentCUDAStream(streamArgument(info, 0));
  return info.Env().Undefined();
}

static Napi::Value cudaStreamSynchronize(const Napi::CallbackInfo& info) {
  streamArgument(info, 0).synchronize();
  return info.Env().Undefined();
}

static Napi::Value cudaFreeStream(const Napi::CallbackInfo& info) {
  gpuOf(info).streams.remove(numberArgument(info, 0));
  return info.Env().Undefined();
}

static Napi::Value cudaEvent(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), gpuOf(info).events.add(std::make_shared<Event>()));
}

static cudaEvent_t eventArgument(const Napi::CallbackInfo& info, size_t index) {
  return found(gpuOf(info).events, numberArgument(info, index), "event")->event;
}

// cudaRecordEvent(event): at this point of the current stream
static Napi::Value cudaRecordEvent(const Napi::CallbackInfo& info) {
  C10_CUDA_CHECK(::cudaEventRecord(eventArgument(info, 0), c10::cuda::getCurrentCUDAStream().stream()));
  return info.Env().Undefined();
}

// cudaWaitEvent(event): the current stream's later work waits for it
static Napi::Value cudaWaitEvent(const Napi::CallbackInfo& info) {
  C10_CUDA_CHECK(::cudaStreamWaitEvent(c10::cuda::getCurrentCUDAStream().stream(), eventArgument(info, 0), 0));
  return info.Env().Undefined();
}

// cudaElapsed(start, end): milliseconds on the device; waits for the end
static Napi::Value cudaElapsed(const Napi::CallbackInfo& info) {
  const cudaEvent_t start = eventArgument(info, 0);
  const cudaEvent_t end = eventArgument(info, 1);
  C10_CUDA_CHECK(cudaEventSynchronize(end));
  float milliseconds = 0;
  C10_CUDA_CHECK(cudaEventElapsedTime(&milliseconds, start, end));
  return Napi::Number::New(info.Env(), milliseconds);
}

static Napi::Value cudaFreeEvent(const Napi::CallbackInfo& info) {
  gpuOf(info).events.remove(numberArgument(info, 0));
  return info.Env().Undefined();
}

static Napi::Value cudaGraph(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), gpuOf(info).graphs.add(std::make_shared<at::cuda::CUDAGraph>()));
}

static at::cuda::CUDAGraph& graphArgument(const Napi::CallbackInfo& info) {
  return *found(gpuOf(info).graphs, numberArgument(info, 0), "CUDA graph");
}

// cudaBeginCapture(graph, generators…): what is launched from now on goes into the graph instead of to the GPU
static Napi::Value cudaBeginCapture(const Napi::CallbackInfo& info) {
  at::cuda::CUDAGraph& graph = graphArgument(info);
#if TORCH_AT_LEAST(2, 4)
  for (size_t i = 1; i < info.Length(); i++) graph.register_generator_state(State::of(info.Env()).generator(numberArgument(info, i)));
#else
  TORCH_CHECK(info.Length() == 1, "generators of one's own need libtorch 2.4 or newer inside a CUDA graph");
#endif
  // a pool that is known here, so that an abandoned capture can be taken out of the allocator
  gpuOf(info).capturePool = at::cuda::graph_pool_handle();
  graph.capture_begin(gpuOf(info).capturePool);
  return info.Env().Undefined();
}

// cudaAbandonCapture(graph): after an error inside the capture; ending it is what takes the stream out of it
static Napi::Value cudaAbandonCapture(const Napi::CallbackInfo& info) {
  try {
    graphArgument(info).capture_end();
  } catch (const c10::Error&) {
#if TORCH_AT_LEAST(2, 2)
    c10::cuda::CUDACachingAllocator::endAllocateToPool(c10::cuda::current_device(), gpuOf(info).capturePool);
#endif
  }
  gpuOf(info).graphs.remove(numberArgument(info, 0));
  return info.Env().Undefined();
}

static Napi::Value cudaEndCapture(const Napi::CallbackInfo& info) {
  graphArgument(info).capture_end();
  return info.Env().Undefined();
}

static Napi::Value cudaReplay(const Napi::CallbackInfo& info) {
  graphArgument(info).replay();
  return info.Env().Undefined();
}

static Napi::Value cudaFreeGraph(const Napi::CallbackInfo& info) {
  gpuOf(info).graphs.remove(numberArgument(info, 0));
  return info.Env().Undefined();
}

#endif

void defineCuda(Napi::Object exports) {
  define<cudaDeviceCount>(exports, "cudaDeviceCount");
#ifdef TORCH_NODE_CUDA
  define<cudaProperties>(exports, "cudaProperties");
  define<cudaSetDevice>(exports, "cudaSetDevice");
  define<cudaSynchronize>(exports, "cudaSynchronize");
  define<cudaMemory>(exports, "cudaMemory");
  define<cudaResetPeakMemory>(exports, "cudaResetPeakMemory");
  define<cudaEmptyCache>(exports, "cudaEmptyCache");
  define<cudaStream>(exports, "cudaStream");
  define<cudaCurrentStream>(exports, "cudaCurrentStream");
  define<cudaUseStream>(exports, "cudaUseStream");
  define<cudaStreamSynchronize>(exports, "cudaStreamSynchronize");
  define<cudaFreeStream>(exports, "cudaFreeStream");
  define<cudaEvent>(exports, "cudaEvent");
  define<cudaRecordEvent>(exports, "cudaRecordEvent");
  define<cudaWaitEvent>(exports, "cudaWaitEvent");
  define<cudaElapsed>(exports, "cudaElapsed");
  define<cudaFreeEvent>(exports, "cudaFreeEvent");
  define<cudaGraph>(exports, "cudaGraph");
  define<cudaBeginCapture>(exports, "cudaBeginCapture");
  define<cudaEndCapture>(exports, "cudaEndCapture");
  define<cudaAbandonCapture>(exports, "cudaAbandonCapture");
  define<cudaReplay>(exports, "cudaReplay");
  define<cudaFreeGraph>(exports, "cudaFreeGraph");
#endif
}

}  // namespace torch_node
