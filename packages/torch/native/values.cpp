// Conversion between the wire and libtorch's IValue, led by the schema's argument types.
#include "operator.hpp"

#include <ATen/core/jit_type.h>
#include <c10/core/Layout.h>
#include <c10/core/MemoryFormat.h>

#include <cmath>

namespace torch_node {

static ArgumentType typeOf(const c10::TypePtr& type) {
  ArgumentType result;
  switch (type->kind()) {
    case c10::TypeKind::OptionalType:
      result = typeOf(type->castRaw<c10::OptionalType>()->getElementType());
      result.optional = true;
      return result;
    case c10::TypeKind::ListType:
      result.kind = Kind::List;
      result.element = std::make_unique<ArgumentType>(typeOf(type->castRaw<c10::ListType>()->getElementType()));
      return result;
    case c10::TypeKind::TensorType: result.kind = Kind::Tensor; return result;
    case c10::TypeKind::NumberType: result.kind = Kind::Scalar; return result;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: result.kind = Kind::Int; return result;
    case c10::TypeKind::FloatType: result.kind = Kind::Float; return result;
    case c10::TypeKind::BoolType: result.kind = Kind::Bool; return result;
    case c10::TypeKind::StringType: result.kind = Kind::String; return result;
    case c10::TypeKind::ScalarTypeType: result.kind = Kind::DType; return result;
    case c10::TypeKind::LayoutType: result.kind = Kind::Layout; return result;
    case c10::TypeKind::MemoryFormatType: result.kind = Kind::MemoryFormat; return result;
    case c10::TypeKind::DeviceObjType: result.kind = Kind::Device; return result;
    case c10::TypeKind::GeneratorType: result.kind = Kind::Generator; return result;
    default: return result;
  }
}

ArgumentType argumentType(const c10::Argument& argument) {
  // real_type tells ScalarType from int, which the plain type does not
  ArgumentType type = typeOf(argument.real_type());
  if (type.kind == Kind::List && argument.N().has_value()) type.repeat = static_cast<int32_t>(*argument.N());
  return type;
}

static const char* nameOf(Kind kind) {
  switch (kind) {
    case Kind::Tensor: return "a Tensor";
    case Kind::Scalar: return "a number";
    case Kind::Int: return "an integer";
    case Kind::Float: return "a number";
    case Kind::Bool: return "true or false";
    case Kind::String: return "a string";
    case Kind::DType: return "a dtype such as 'float32'";
    case Kind::Layout: return "a layout ('strided')";
    case Kind::MemoryFormat: return "a memory format ('contiguous', 'channels_last' or 'preserve')";
    case Kind::Device: return "a device such as 'cpu' or 'cuda:0'";
    case Kind::Generator: return "a Generator";
    case Kind::List: return "an array";
    default: return "a value of a kind that JavaScript cannot pass";
  }
}

[[noreturn]] static void mismatch(const ArgumentType& type, Tag got) {
  static const char* const given[] = {"null", "a Tensor", "a number", "a boolean", "a string", "an array", "an array of numbers",
                                      "a bigint", "a Generator", "undefined", "a dtype", "a device", "an argument"};
  const auto index = static_cast<size_t>(got);
  TORCH_CHECK(false, "expected ", nameOf(type.kind), type.optional ? " or null" : "", ", got ", index < 13 ? given[index] : "something else");
}

static int64_t integer(double value) {
  TORCH_CHECK(std::trunc(value) == value && std::fabs(value) <= 9007199254740992.0, "expected an integer of at most 53 bits, got ", value);
  return static_cast<int64_t>(value);
}

static int64_t bigint(Reader& reader) {
  const double high = reader.number();
  const double low = reader.number();
  TORCH_CHECK(std::fabs(high) <= 2147483648.0 && low >= 0 && low < 4294967296.0, "malformed bigint");
  return static_cast<int64_t>((static_cast<uint64_t>(static_cast<int64_t>(high)) << 32) | static_cast<uint64_t>(low));
}

// JS has one kind of number: a whole one is an integer scalar to libtorch, so that integer tensors stay integer
static c10::IValue scalar(double value) {
  if (std::trunc(value) == value && std::fabs(value) <= 9007199254740992.0 && !(value == 0 && std::signbit(value))) {
    return c10::IValue(static_cast<int64_t>(value));
  }
  return c10::IValue(value);
}

static int64_t memoryFormat(const std::string& name) {
  if (name == "contiguous") return static_cast<int64_t>(c10::MemoryFormat::Contiguous);
  if (name == "preserve") return static_cast<int64_t>(c10::MemoryFormat::Preserve);
  if (name == "channels_last") return static_cast<int64_t>(c10::MemoryFormat::ChannelsLast);
  if (name == "channels_last_3d") return static_cast<int64_t>(c10::MemoryFormat::ChannelsLast3d);
  TORCH_CHECK(false, "unknown memory format '", name, "': use 'contiguous', 'channels_last', 'channels_last_3d' or 'preserve'");
}

static c10::IValue readList(Reader& reader, const ArgumentType& type, Tag tag) {
  const ArgumentType& element = *type.element;
  if (tag == Tag::Numbers) {
    const size_t length = reader.count();
    if (element.kind == Kind::Int && !element.optional) {
      c10::List<int64_t> list;
      list.reserve(length);
      for (size_t i = 0; i < length; i++) list.push_back(integer(reader.number()));
      return list;
    }
    if (element.kind == Kind::Float && !element.optional) {
      c10::List<double> list;
      list.reserve(length);
      for (size_t i = 0; i < length; i++) list.push_back(reader.number());
      return list;
    }
    if (element.kind == Kind::Scalar) {
      c10::impl::GenericList list(c10::NumberType::get());
      list.reserve(length);
      for (size_t i = 0; i < length; i++) list.push_back(scalar(reader.number()));
      return list;
    }
    // an empty array is written as bare numbers, whatever it was meant to hold
    if (length > 0) mismatch(element, Tag::Number);
    switch (element.kind) {
      case Kind::Tensor:
        if (element.optional) return c10::List<c10::optional<at::Tensor>>();
        return c10::List<at::Tensor>();
      case Kind::Bool: return c10::List<bool>();
      case Kind::String: return c10::List<std::string>();
      default: mismatch(type, tag);
    }
  }
  if (tag != Tag::List) {
    // int[2] given one number: the same for both
    if (tag == Tag::Number && type.repeat > 0 && (element.kind == Kind::Int || element.kind == Kind::Float)) {
      const double value = reader.number();
      if (element.kind == Kind::Int) {
        c10::List<int64_t> list;
        for (int32_t i = 0; i < type.repeat; i++) list.push_back(integer(value));
        return list;
      }
      c10::List<double> list;
      for (int32_t i = 0; i < type.repeat; i++) list.push_back(value);
      return list;
    }
    mismatch(type, tag);
  }
  const size_t length = reader.count();
  switch (element.kind) {
    case Kind::Tensor: {
      if (element.optional) {
        c10::List<c10::optional<at::Tensor>> list;
        list.reserve(length);
        for (size_t i = 0; i < length; i++) {
          at::Tensor value = reader.tensor();
          list.push_back(value.defined() ? c10::optional<at::Tensor>(std::move(value)) : c10::nullopt);
        }
        return list;
      }
      c10::List<at::Tensor> list;
      list.reserve(length);
      for (size_t i = 0; i < length; i++) {
        at::Tensor value = reader.tensor();
        TORCH_CHECK(value.defined(), "expected a Tensor at position ", i, " of the array, got null");
        list.push_back(std::move(value));
      }
      return list;
    }
    case Kind::Int: {
      c10::List<int64_t> list;
      list.reserve(length);
      for (size_t i = 0; i < length; i++) list.push_back(readValue(reader, element).toInt());
      return list;
    }
    case Kind::Float: {
      c10::List<double> list;
      list.reserve(length);
      for (size_t i = 0; i < length; i++) list.push_back(readValue(reader, element).toDouble());
      return list;
    }
    case Kind::Bool: {
      c10::List<bool> list;
      list.reserve(length);
      for (size_t i = 0; i < length; i++) list.push_back(readValue(reader, element).toBool());
      return list;
    }
    case Kind::String: {
      c10::List<std::string> list;
      list.reserve(length);
      for (size_t i = 0; i < length; i++) list.push_back(readValue(reader, element).toStringRef());
      return list;
    }
    case Kind::Scalar: {
      c10::impl::GenericList list(c10::NumberType::get());
      list.reserve(length);
      for (size_t i = 0; i < length; i++) list.push_back(readValue(reader, element));
      return list;
    }
    default: mismatch(type, tag);
  }
}

c10::IValue readValue(Reader& reader, const ArgumentType& type) {
  const Tag tag = reader.tag();
  if (tag == Tag::None && type.optional) return c10::IValue();
  switch (type.kind) {
    case Kind::Tensor:
      if (tag == Tag::Tensor) return c10::IValue(reader.state.tensor(reader.number()));
      break;
    case Kind::Scalar:
      if (tag == Tag::Number) return scalar(reader.number());
      if (tag == Tag::Bool) return c10::IValue(reader.number() != 0);
      if (tag == Tag::BigInt) return c10::IValue(bigint(reader));
      break;
    case Kind::Int:
      if (tag == Tag::Number) return c10::IValue(integer(reader.number()));
      if (tag == Tag::BigInt) return c10::IValue(bigint(reader));
      break;
    case Kind::Float:
      if (tag == Tag::Number) return c10::IValue(reader.number());
      break;
    case Kind::Bool:
      if (tag == Tag::Bool) return c10::IValue(reader.number() != 0);
      break;
    case Kind::String:
      if (tag == Tag::String) return c10::IValue(reader.string());
      // words that are also dtypes or devices travel as such
      if (tag == Tag::DType) return c10::IValue(std::string(c10::toString(dtypeOf(reader.number()))));
      if (tag == Tag::Device) {
        const double device = reader.number();
        return c10::IValue(deviceOf(device, reader.number()).str());
      }
      break;
    case Kind::DType:
      if (tag == Tag::DType) return c10::IValue(static_cast<int64_t>(dtypeOf(reader.number())));
      break;
    case Kind::Layout:
      if (tag == Tag::String) {
        TORCH_CHECK(reader.string() == "strided", "only the layout 'strided' is offered");
        return c10::IValue(static_cast<int64_t>(c10::Layout::Strided));
      }
      break;
    case Kind::MemoryFormat:
      if (tag == Tag::String) return c10::IValue(memoryFormat(reader.string()));
      break;
    case Kind::Device:
      if (tag == Tag::Device) {
        const double device = reader.number();
        return c10::IValue(deviceOf(device, reader.number()));
      }
      break;
    case Kind::Generator:
      if (tag == Tag::Generator) return c10::IValue(reader.state.generator(reader.number()));
      break;
    case Kind::List: return readList(reader, type, tag);
    default: break;
  }
  mismatch(type, tag);
}

void writeValue(Writer& writer, const c10::IValue& value) {
  if (value.isTensor()) return writer.tensor(value.toTensor());
  if (value.isNone()) return writer.tag(Tag::None);
  if (value.isBool()) {
    writer.tag(Tag::Bool);
    return writer.number(value.toBool() ? 1 : 0);
  }
  if (value.isInt() || value.isDouble()) {
    writer.tag(Tag::Number);
    return writer.number(value.isInt() ? static_cast<double>(value.toInt()) : value.toDouble());
  }
  if (value.isTensorList()) {
    const std::vector<at::Tensor> list = value.toTensorVector();
    writer.tag(Tag::List);
    writer.number(static_cast<double>(list.size()));
    for (const at::Tensor& tensor : list) writer.tensor(tensor);
    return;
  }
  if (value.isList()) {
    const auto list = value.toListRef();
    writer.tag(Tag::List);
    writer.number(static_cast<double>(list.size()));
    for (const c10::IValue& element : list) writeValue(writer, element);
    return;
  }
  if (value.isTuple()) {
    const auto& elements = value.toTupleRef().elements();
    writer.tag(Tag::List);
    writer.number(static_cast<double>(elements.size()));
    for (const c10::IValue& element : elements) writeValue(writer, element);
    return;
  }
  TORCH_CHECK(false, "the operator returned ", value.tagKind(), ", which JavaScript cannot hold");
}

}  // namespace torch_node
