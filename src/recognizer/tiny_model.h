#pragma once

#include <map>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <vector>

#include "recognizer/card.h"

// For tests: the smallest model there is, a linear classifier of 28x28 pixels, as an ONNX file.

namespace longhand::recognizer {

struct TinyModel {
  std::vector<float> weights;  // classes x 784
  std::map<std::string, std::string> metadata;
};

inline Card digits_card(const std::string& name) {
  Card card;
  card.name = name;
  card.alphabet_name = "digits";
  card.alphabet = *builtin_alphabet("digits");
  card.normalization = ink::Normalization::kInk1;
  return card;
}

inline std::string to_onnx(const TinyModel& model) {
  using protozero::pbf_writer;
  const auto classes = static_cast<std::int64_t>(model.weights.size() / 784);
  std::string graph_bytes, file;
  pbf_writer graph(graph_bytes);
  const auto node = [&](const std::string& op, std::vector<std::string> inputs,
                        const std::string& output, const std::string& attribute) {
    pbf_writer n(graph, 1);
    for (const auto& input : inputs) n.add_string(1, input);
    n.add_string(2, output);
    n.add_string(3, op + "_node");
    n.add_string(4, op);
    if (!attribute.empty()) {
      pbf_writer a(n, 5);
      a.add_string(1, attribute);
      a.add_int64(3, 1);
      a.add_int32(20, 2);  // INT
    }
  };
  node("Flatten", {"image"}, "flat", "axis");
  node("Gemm", {"flat", "weights"}, "logits", "transB");
  graph.add_string(2, "tiny");
  {
    pbf_writer w(graph, 5);
    w.add_int64(1, classes);
    w.add_int64(1, 784);
    w.add_int32(2, 1);  // FLOAT
    w.add_string(8, "weights");
    w.add_bytes(9, reinterpret_cast<const char*>(model.weights.data()),
                model.weights.size() * sizeof(float));
  }
  const auto value = [&](protozero::pbf_tag_type field, const std::string& name,
                         std::vector<std::int64_t> dims) {
    pbf_writer v(graph, field);
    v.add_string(1, name);
    pbf_writer type(v, 2);
    pbf_writer tensor(type, 1);
    tensor.add_int32(1, 1);
    pbf_writer shape(tensor, 2);
    {
      pbf_writer batch(shape, 1);
      batch.add_string(2, "batch");
    }
    for (const auto d : dims) {
      pbf_writer dim(shape, 1);
      dim.add_int64(1, d);
    }
  };
  value(11, "image", {1, 28, 28});
  value(12, "logits", {classes});
  pbf_writer root(file);
  root.add_int64(1, 8);
  root.add_message(7, graph_bytes);
  {
    pbf_writer opset(root, 8);
    opset.add_int64(2, 13);
  }
  for (const auto& [key, text] : model.metadata) {
    pbf_writer entry(root, 14);
    entry.add_string(1, key);
    entry.add_string(2, text);
  }
  return file;
}

}  // namespace longhand::recognizer
