// GPUs: device count, memory statistics, streams, events and CUDA graphs. Without CUDA in the libtorch, each of these says so.
#include "addon.hpp"

#include <ATen/Context.h>

namespace torch_node {

static Napi::Value cudaDeviceCount(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), at::hasCUDA() ? static_cast<double>(at::detail::getCUDAHooks().getNumGPUs()) : 0);
}

void defineCuda(Napi::Object exports) {
  define<cudaDeviceCount>(exports, "cudaDeviceCount");
}

}  // namespace torch_node
