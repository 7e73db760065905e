// Runs libtorch's engine so that nodes whose backward is a JS function can be served (callbacks.cpp).
#pragma once

#include <functional>

namespace torch_node {
struct State;
void runEngine(State& state, const std::function<void()>& engine);
}  // namespace torch_node
