// One operator of libtorch, looked up once: its dispatcher handle and its argument types in the form that reading a call needs.
#pragma once

#include "addon.hpp"

#include <ATen/core/dispatch/Dispatcher.h>

namespace torch_node {

enum class Kind { Tensor, Scalar, Int, Float, Bool, String, DType, Layout, MemoryFormat, Device, Generator, List, Unsupported };

struct ArgumentType {
  Kind kind = Kind::Unsupported;
  bool optional = false;
  int32_t repeat = 0;  // int[2] takes one number for all two
  std::unique_ptr<ArgumentType> element;
};

// throws where the operator would crash with these arguments
using Check = void (*)(const c10::Stack&);
Check unsafeArguments(const std::string& name);

struct Operator {
  explicit Operator(c10::OperatorHandle handle);
  c10::OperatorHandle handle;
  std::vector<ArgumentType> arguments;
  std::vector<int> aliased;  // for each result, the argument that an in-place or out variant returns, else -1
  Check check;
  std::string schema() const;
};

// wire to libtorch and back; values.cpp
c10::IValue readValue(Reader& reader, const ArgumentType& type);
void writeValue(Writer& writer, const c10::IValue& value);
ArgumentType argumentType(const c10::Argument& argument);

}  // namespace torch_node
