#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "recognizer/model.h"

// The JSON of the Open Inference Protocol, version 2.
namespace longhand::server {

// The network's own output, not calibrated, and what confidences are made of.
inline constexpr std::string_view kLogits = "logits";
inline constexpr std::string_view kProbabilities = "probabilities";

struct InferRequest {
  std::optional<std::string> id;
  int batch = 0;
  std::vector<float> data;  // batch times the elements of one input
  bool logits = true;       // which outputs are wanted
  bool probabilities = true;
};

// Refuses, with kInvalidArgument and the reason, what does not fit the model: one FP32 tensor of
// its input's name and shape [n, ...], n in 1..256; data flat or nested; numbers that floats can
// hold.
Result<InferRequest> parse_infer_request(std::string_view body, const recognizer::Model& model);

std::string infer_response(const InferRequest& request, const recognizer::Model& model,
                           const std::vector<float>& logits);
std::string inference_metadata(const recognizer::Model& model);

}  // namespace longhand::server
