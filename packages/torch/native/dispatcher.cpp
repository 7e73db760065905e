// call(): any operator of libtorch through the boxed dispatcher. Its schema is looked up once; autograd, autocast and device choice are the
// dispatcher's own work.
#include "operator.hpp"

#include <chrono>
#include <sstream>

namespace torch_node {

Operator::Operator(c10::OperatorHandle found) : handle(found), check(unsafeArguments(found.operator_name().name)) {
  const c10::FunctionSchema& schema = handle.schema();
  for (const c10::Argument& argument : schema.arguments()) arguments.push_back(argumentType(argument));
  for (const c10::Argument& result : schema.returns()) {
    int source = -1;
    const c10::AliasInfo* alias = result.alias_info();
    if (alias && alias->isWrite() && result.type()->kind() == c10::TypeKind::TensorType) {
      for (size_t i = 0; i < schema.arguments().size() && source < 0; i++) {
        const c10::AliasInfo* other = schema.arguments()[i].alias_info();
        if (other && other->isWrite() && other->beforeSets() == alias->beforeSets()) source = static_cast<int>(i);
      }
    }
    aliased.push_back(source);
  }
}

std::string Operator::schema() const {
  std::ostringstream text;
  text << handle.schema();
  return text.str();
}

static c10::OperatorName operatorName(const std::string& text) {
  // aten::add.Tensor is the operator aten::add, overload Tensor; a name without a namespace is ATen's
  const std::string full = text.find("::") == std::string::npos ? "aten::" + text : text;
  const size_t dot = full.find('.', full.find("::"));
  return dot == std::string::npos ? c10::OperatorName(full, "") : c10::OperatorName(full.substr(0, dot), full.substr(dot + 1));
}

static std::string textArgument(const Napi::CallbackInfo& info, size_t index) {
  TORCH_CHECK(info[index].IsString(), "expected a string");
  return info[index].As<Napi::String>().Utf8Value();
}

// lookup(name): the operator's number, or null where this libtorch has no such operator
static Napi::Value lookup(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const auto found = c10::Dispatcher::singleton().findSchema(operatorName(textArgument(info, 0)));
  if (!found.has_value()) return info.Env().Null();
  state.operators.push_back(std::make_unique<Operator>(*found));
  return Napi::Number::New(info.Env(), static_cast<double>(state.operators.size() - 1));
}

// What in-place operators hand back is known before the stack is consumed.
using Given = c10::SmallVector<const c10::TensorImpl*, 8>;

static c10::Stack readArguments(Reader& reader, const Operator& op, size_t argumentCount, Given& given) {
  const std::vector<c10::Argument>& schema = op.handle.schema().arguments();
  c10::Stack stack;
  stack.reserve(schema.size());
  given.assign(schema.size(), nullptr);
  for (size_t i = 0; i < schema.size(); i++) {
    if (i < argumentCount) {
      if (reader.peek() != Tag::Default) {
        try {
          stack.push_back(readValue(reader, op.arguments[i]));
        } catch (const c10::Error& error) {
          TORCH_CHECK(false, "argument '", schema[i].name(), "': ", error.what_without_backtrace());
        }
        if (stack.back().isTensor()) given[i] = stack.back().unsafeToTensorImpl();
        continue;
      }
      reader.tag();
    }
    TORCH_CHECK(schema[i].default_value().has_value(), "argument '", schema[i].name(), "' is missing");
    stack.push_back(*schema[i].default_value());
  }
  // arguments beyond the schema's may only be left out: older libtorch knows fewer
  for (size_t i = schema.size(); i < argumentCount; i++) {
    TORCH_CHECK(reader.tag() == Tag::Default, "takes ", schema.size(), " arguments but got ", argumentCount);
  }
  if (op.check) op.check(stack);
  return stack;
}

static void run(State& state, const Operator& op, size_t argumentCount, size_t length, Napi::Value strings) {
  Reader reader(state, length, strings);
  Given given;
  c10::Stack stack = readArguments(reader, op, argumentCount, given);
  op.handle.callBoxed(stack);
  Writer writer(state);
  writer.number(static_cast<double>(stack.size()));
  for (size_t i = 0; i < stack.size(); i++) {
    const int source = i < op.aliased.size() ? op.aliased[i] : -1;
    if (source >= 0 && given[source] && stack[i].isTensor() && stack[i].unsafeToTensorImpl() == given[source]) {
      writer.tag(Tag::Argument);
      writer.number(source);
    } else {
      writeValue(writer, stack[i]);
    }
  }
}

// call(operator, argument count, wire numbers, strings): results on the wire; returns the wire's capacity, by which JS sees that it grew
static Napi::Value call(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const double index = numberArgument(info, 0);
  const double argumentCount = numberArgument(info, 1);
  const double length = numberArgument(info, 2);
  TORCH_CHECK(index >= 0 && index < static_cast<double>(state.operators.size()), "no operator has the number ", index);
  TORCH_CHECK(argumentCount >= 0 && argumentCount <= 1024 && length >= 0 && length <= static_cast<double>(state.wireCapacity), "malformed call");
  const Operator& op = *state.operators[static_cast<size_t>(index)];
  try {
    run(state, op, static_cast<size_t>(argumentCount), static_cast<size_t>(length), info[3]);
  } catch (const Napi::Error&) {
    throw;
  } catch (const c10::Error& error) {
    throw Napi::Error::New(info.Env(), std::string(error.what_without_backtrace()) + "\n  in " + op.schema());
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), std::string(error.what()) + "\n  in " + op.schema());
  }
  return Napi::Number::New(info.Env(), static_cast<double>(state.wireCapacity));
}

// timeInCpp(operator, argument count, wire numbers, times): nanoseconds for one call from C++, to measure what a call from JS costs on top
static Napi::Value timeInCpp(const Napi::CallbackInfo& info) {
  State& state = State::of(info.Env());
  const double index = numberArgument(info, 0);
  TORCH_CHECK(index >= 0 && index < static_cast<double>(state.operators.size()), "no operator has the number ", index);
  const Operator& op = *state.operators[static_cast<size_t>(index)];
  Reader reader(state, static_cast<size_t>(numberArgument(info, 2)), info.Env().Undefined());
  Given given;
  const c10::Stack arguments = readArguments(reader, op, static_cast<size_t>(numberArgument(info, 1)), given);
  const double times = numberArgument(info, 3);
  const auto start = std::chrono::steady_clock::now();
  for (double i = 0; i < times; i++) {
    c10::Stack stack = arguments;
    op.handle.callBoxed(stack);
  }
  const std::chrono::duration<double, std::nano> elapsed = std::chrono::steady_clock::now() - start;
  return Napi::Number::New(info.Env(), elapsed.count() / times);
}

// schema(operator): its text and its arguments, for the generator of typed functions
static Napi::Value schema(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  State& state = State::of(env);
  const double index = numberArgument(info, 0);
  TORCH_CHECK(index >= 0 && index < static_cast<double>(state.operators.size()), "no operator has the number ", index);
  const Operator& op = *state.operators[static_cast<size_t>(index)];
  const auto describe = [&](const std::vector<c10::Argument>& list) {
    auto array = Napi::Array::New(env, list.size());
    for (size_t i = 0; i < list.size(); i++) {
      auto entry = Napi::Object::New(env);
      entry.Set("name", list[i].name());
      // int[2]? prints without its length as a type, so the length is told apart
      entry.Set("type", list[i].real_type()->str());
      entry.Set("length", list[i].N().has_value() ? Napi::Value(Napi::Number::New(env, *list[i].N())) : env.Null());
      entry.Set("keywordOnly", Napi::Boolean::New(env, list[i].kwarg_only()));
      entry.Set("written", Napi::Boolean::New(env, list[i].alias_info() && list[i].alias_info()->isWrite()));
      if (list[i].default_value().has_value()) {
        std::ostringstream text;
        text << *list[i].default_value();
        entry.Set("default", text.str());
      } else {
        entry.Set("default", env.Null());
      }
      array.Set(static_cast<uint32_t>(i), entry);
    }
    return array;
  };
  auto result = Napi::Object::New(env);
  result.Set("text", op.schema());
  result.Set("arguments", describe(op.handle.schema().arguments()));
  result.Set("returns", describe(op.handle.schema().returns()));
  return result;
}

// operatorNames(): every operator that this libtorch knows, overloads included
static Napi::Value operatorNames(const Napi::CallbackInfo& info) {
  const auto names = c10::Dispatcher::singleton().getAllOpNames();
  auto array = Napi::Array::New(info.Env(), names.size());
  for (size_t i = 0; i < names.size(); i++) {
    const std::string text = names[i].overload_name.empty() ? names[i].name : names[i].name + "." + names[i].overload_name;
    array.Set(static_cast<uint32_t>(i), text);
  }
  return array;
}

void defineDispatcher(Napi::Object exports) {
  define<lookup>(exports, "lookup");
  define<call>(exports, "call");
  define<timeInCpp>(exports, "timeInCpp");
  define<schema>(exports, "schema");
  define<operatorNames>(exports, "operatorNames");
}

}  // namespace torch_node
