#include "server/tensors.h"

#include <boost/json.hpp>
#include <cmath>
#include <limits>

#include "api/json_text.h"
#include "recognizer/recognizer.h"

namespace longhand::server {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMaxBatch = 256;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::kInvalidArgument, std::move(message));
}

std::string shape_text(const nn::TensorInfo& info) {
  std::string text = "[n";
  for (const std::int64_t dim : info.dims) text += ", " + std::to_string(dim);
  return text + "]";
}

const json::value* member(const json::object& object, std::string_view name, json::kind kind) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->kind() == kind ? value : nullptr;
}

Result<int> read_batch(const json::object& input, const nn::TensorInfo& info) {
  const json::value* shape = member(input, "shape", json::kind::array);
  const auto wrong = [&] {
    return refuse("the input's shape must be " + shape_text(info) + " with n from 1 to " +
                  std::to_string(kMaxBatch));
  };
  if (shape == nullptr || shape->get_array().size() != info.dims.size() + 1) return wrong();
  const json::array& dims = shape->get_array();
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (!dims[i].is_int64()) return wrong();
    const std::int64_t dim = dims[i].get_int64();
    if (i == 0 ? dim < 1 || dim > kMaxBatch : dim != info.dims[i - 1]) return wrong();
  }
  return static_cast<int>(dims[0].get_int64());
}

bool append_numbers(const json::value& value, std::size_t limit, std::vector<float>& out) {
  if (value.is_array()) {
    for (const json::value& element : value.get_array()) {
      if (!append_numbers(element, limit, out)) return false;
    }
    return true;
  }
  if (!value.is_number() || out.size() == limit) return false;
  const double number = value.to_number<double>();
  if (!(std::abs(number) <= static_cast<double>(std::numeric_limits<float>::max()))) return false;
  out.push_back(static_cast<float>(number));
  return true;
}

Result<void> read_input(const json::object& input, const nn::TensorInfo& info, InferRequest& out) {
  const json::value* name = member(input, "name", json::kind::string);
  if (name == nullptr || std::string_view(name->get_string()) != info.name) {
    return refuse("the input's name must be \"" + info.name + "\"");
  }
  const json::value* type = member(input, "datatype", json::kind::string);
  if (type == nullptr || type->get_string() != "FP32")
    return refuse("the input's datatype must be FP32");
  const auto batch = read_batch(input, info);
  if (!batch) return tl::unexpected(batch.error());
  const json::value* data = member(input, "data", json::kind::array);
  const std::size_t wanted = static_cast<std::size_t>(*batch) * info.elements();
  if (data == nullptr || !append_numbers(*data, wanted, out.data) || out.data.size() != wanted) {
    return refuse("the input's data must be " + std::to_string(wanted) +
                  " finite numbers, flat or nested as its shape says");
  }
  out.batch = *batch;
  return {};
}

Result<void> read_outputs(const json::object& object, InferRequest& out) {
  const json::value* outputs = object.if_contains("outputs");
  if (outputs == nullptr) return {};
  const auto wrong = [] {
    return refuse("outputs must be an array of objects with the name logits or probabilities");
  };
  if (!outputs->is_array()) return wrong();
  if (outputs->get_array().empty()) return {};
  out.logits = out.probabilities = false;
  for (const json::value& output : outputs->get_array()) {
    const json::value* name =
        output.is_object() ? member(output.get_object(), "name", json::kind::string) : nullptr;
    if (name == nullptr) return wrong();
    const std::string_view text = name->get_string();
    if (text != kLogits && text != kProbabilities) return wrong();
    (text == kLogits ? out.logits : out.probabilities) = true;
  }
  return {};
}

json::object output_json(std::string_view name, int batch, std::size_t classes,
                         const std::vector<float>& numbers) {
  json::array data;
  data.reserve(numbers.size());
  for (const float number : numbers) data.emplace_back(api::shortest(number));
  return {
      {"name", name}, {"datatype", "FP32"}, {"shape", {batch, classes}}, {"data", std::move(data)}};
}

json::object tensor_json(std::string_view name, const nn::TensorInfo& info) {
  json::array shape{-1};
  for (const std::int64_t dim : info.dims) shape.emplace_back(dim);
  return {{"name", name}, {"datatype", "FP32"}, {"shape", std::move(shape)}};
}

}  // namespace

Result<InferRequest> parse_infer_request(std::string_view body, const recognizer::Model& model) {
  boost::system::error_code ec;
  json::parse_options options;
  options.max_depth = 16;
  const json::value value = json::parse(body, ec, {}, options);
  if (ec) return refuse("the body is no JSON: " + ec.message());
  const json::value* inputs =
      value.is_object() ? member(value.get_object(), "inputs", json::kind::array) : nullptr;
  if (inputs == nullptr || inputs->get_array().size() != 1 ||
      !inputs->get_array().front().is_object()) {
    return refuse("the body must be a JSON object with inputs, an array of one tensor");
  }
  InferRequest out;
  if (const json::value* id = value.get_object().if_contains("id")) {
    if (!id->is_string()) return refuse("id must be a string");
    out.id = std::string(id->get_string());
  }
  const json::object& input = inputs->get_array().front().get_object();
  if (auto done = read_input(input, model.network().input(), out); !done) {
    return tl::unexpected(done.error());
  }
  if (auto done = read_outputs(value.get_object(), out); !done) return tl::unexpected(done.error());
  return out;
}

std::string infer_response(const InferRequest& request, const recognizer::Model& model,
                           const std::vector<float>& logits) {
  const std::size_t classes = model.network().outputs().front().elements();
  json::array outputs;
  if (request.logits) outputs.emplace_back(output_json(kLogits, request.batch, classes, logits));
  if (request.probabilities) {
    std::vector<float> probabilities(logits.size());
    for (std::size_t at = 0; at < logits.size(); at += classes) {
      model.confidences().of(std::span(logits).subspan(at, classes),
                             std::span(probabilities).subspan(at, classes));
    }
    outputs.emplace_back(output_json(kProbabilities, request.batch, classes, probabilities));
  }
  json::object object{{"model_name", model.ref().name},
                      {"model_version", model.ref().version},
                      {"outputs", std::move(outputs)}};
  if (request.id) object["id"] = *request.id;
  return api::to_text(object);
}

std::string inference_metadata(const recognizer::Model& model) {
  const nn::TensorInfo& input = model.network().input();
  const nn::TensorInfo& output = model.network().outputs().front();
  return api::to_text(json::object{
      {"name", model.ref().name},
      {"versions", {model.ref().version}},
      {"platform", "onnx_longhand"},
      {"inputs", {tensor_json(input.name, input)}},
      {"outputs", {tensor_json(kLogits, output), tensor_json(kProbabilities, output)}}});
}

}  // namespace longhand::server
