// Several processes that train one model: c10d's process groups over Gloo (CPU) and NCCL (GPU), met through a TCP store at the master's address.
#include "addon.hpp"

#ifdef USE_C10D_GLOO

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

namespace torch_node {

#if TORCH_AT_LEAST(2, 0)
using Group = c10d::Backend;
#else
using Group = c10d::ProcessGroup;
#endif
using Work = c10::intrusive_ptr<c10d::Work>;

struct Groups {
  HandleTable<c10::intrusive_ptr<Group>> groups;
  HandleTable<Work> works;
};

static Groups& groupsOf(State& state) {
  if (!state.groups) state.groups = std::make_shared<Groups>();
  return *std::static_pointer_cast<Groups>(state.groups);
}

static Group& groupArgument(const Napi::CallbackInfo& info) {
  auto* found = groupsOf(State::of(info.Env())).groups.find(numberArgument(info, 0));
  TORCH_CHECK(found, "this process group has been closed");
  return **found;
}

static std::shared_ptr<gloo::transport::Device> glooDevice() {
  // the same variable as in PyTorch: which network interface to use
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
  if (interface && *interface) return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
  return c10d::ProcessGroupGloo::createDefaultDevice();
}

// createProcessGroup(backend, host, port, rank, size, timeout in ms)
static Napi::Value createProcessGroup(const Napi::CallbackInfo& info) {
  TORCH_CHECK(info[0].IsString() && info[1].IsString(), "expected a backend and a host name");
  const std::string backend = info[0].As<Napi::String>();
  const std::string host = info[1].As<Napi::String>();
  const double port = numberArgument(info, 2);
  const int rank = static_cast<int>(numberArgument(info, 3));
  const int size = static_cast<int>(numberArgument(info, 4));
  const std::chrono::milliseconds timeout(static_cast<int64_t>(numberArgument(info, 5)));
  TORCH_CHECK(port > 0 && port < 65536, "a port is a number from 1 to 65535, got ", port);
  TORCH_CHECK(size >= 1 && rank >= 0 && rank < size, "rank ", rank, " is not within a world of ", size);

  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(port);
  options.isServer = rank == 0;
  options.numWorkers = static_cast<size_t>(size);
  options.timeout = timeout;
  auto store = c10::make_intrusive<c10d::PrefixStore>(backend, c10::make_intrusive<c10d::TCPStore>(host, options));

  c10::intrusive_ptr<Group> group;
  if (backend == "gloo") {
    auto settings = c10d::ProcessGroupGloo::Options::create(timeout);
    settings->devices.push_back(glooDevice());
    settings->threads = 2;
    group = c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, size, settings);
  } else if (backend == "nccl") {
#ifdef USE_C10D_NCCL
    auto settings = c10d::ProcessGroupNCCL::Options::create();
    settings->timeout = timeout;
    group = c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, settings);
#else
    TORCH_CHECK(false, "this libtorch was built without NCCL: use 'gloo'");
#endif
  } else {
    TORCH_CHECK(false, "unknown backend '", backend, "': use 'gloo' or 'nccl'");
  }
  return Napi::Number::New(info.Env(), groupsOf(State::of(info.Env())).groups.add(std::move(group)));
}

static Napi::Value closeProcessGroup(const Napi::CallbackInfo& info) {
  groupsOf(State::of(info.Env())).groups.remove(numberArgument(info, 0));
  return info.Env().Undefined();
}

static Napi::Value started(const Napi::CallbackInfo& info, Work work) {
  return Napi::Number::New(info.Env(), groupsOf(State::of(info.Env())).works.add(std::move(work)));
}

static std::vector<at::Tensor> tensorArgument(const Napi::CallbackInfo& info, size_t index) {
  return {State::of(info.Env()).tensor(numberArgument(info, index))};
}

// allReduce(group, tensor, what): replaces the tensor by the sum (or the largest) over all processes; a work to wait for
static Napi::Value allReduce(const Napi::CallbackInfo& info) {
  std::vector<at::Tensor> tensors = tensorArgument(info, 1);
  c10d::AllreduceOptions options;
  options.reduceOp = numberArgument(info, 2) == 0 ? c10d::ReduceOp::SUM : c10d::ReduceOp::MAX;
  return started(info, groupArgument(info).allreduce(tensors, options));
}

// broadcast(group, tensor, root)
static Napi::Value broadcast(const Napi::CallbackInfo& info) {
  std::vector<at::Tensor> tensors = tensorArgument(info, 1);
  c10d::BroadcastOptions options;
  options.rootRank = static_cast<int64_t>(numberArgument(info, 2));
  return started(info, groupArgument(info).broadcast(tensors, options));
}

// allGather(group, tensor), with as many tensors as processes on the wire as a list
static Napi::Value allGather(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  std::vector<at::Tensor> inputs = tensorArgument(info, 1);
  Reader reader(state, static_cast<size_t>(numberArgument(info, 2)), info.Env().Undefined());
  std::vector<std::vector<at::Tensor>> outputs{reader.tensors()};
  for (const at::Tensor& output : outputs[0]) TORCH_CHECK(output.defined(), "a tensor to gather into is null");
  return started(info, groupArgument(info).allgather(outputs, inputs));
}

static Napi::Value barrier(const Napi::CallbackInfo& info) { return started(info, groupArgument(info).barrier()); }

// waitWork(work): until it is done (Gloo), or until the current stream will wait for it (NCCL)
static Napi::Value waitWork(const Napi::CallbackInfo& info) {
  auto& works = groupsOf(State::of(info.Env())).works;
  const double handle = numberArgument(info, 0);
  Work* found = works.find(handle);
  TORCH_CHECK(found, "this work has been waited for already");
  const Work work = *found;
  works.remove(handle);
  work->wait();
  return info.Env().Undefined();
}

void defineDistributed(Napi::Object exports) {
  define<createProcessGroup>(exports, "createProcessGroup");
  define<closeProcessGroup>(exports, "closeProcessGroup");
  define<allReduce>(exports, "allReduce");
  define<broadcast>(exports, "broadcast");
  define<allGather>(exports, "allGather");
  define<barrier>(exports, "barrier");
  define<waitWork>(exports, "waitWork");
}

}  // namespace torch_node

#else

namespace torch_node {

static Napi::Value createProcessGroup(const Napi::CallbackInfo&) { TORCH_CHECK(false, "this libtorch was built without distributed training"); }

void defineDistributed(Napi::Object exports) { define<createProcessGroup>(exports, "createProcessGroup"); }

}  // namespace torch_node

#endif
