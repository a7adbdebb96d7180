#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <protozero/pbf_writer.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

// Writes small ONNX files for the tests, right ones and, on purpose, wrong ones. Field numbers are
// those of onnx.proto3.
namespace longhand::nn::test {

using protozero::pbf_writer;

struct Attribute {
  std::string bytes;

  static Attribute integer(const std::string& name, std::int64_t value) {
    return make(name, 2, [&](pbf_writer& w) { w.add_int64(3, value); });
  }
  static Attribute number(const std::string& name, float value) {
    return make(name, 1, [&](pbf_writer& w) { w.add_float(2, value); });
  }
  static Attribute text(const std::string& name, const std::string& value) {
    return make(name, 3, [&](pbf_writer& w) { w.add_bytes(4, value); });
  }
  static Attribute list(const std::string& name, const std::vector<std::int64_t>& values) {
    return make(name, 7,
                [&](pbf_writer& w) { w.add_packed_int64(8, values.begin(), values.end()); });
  }
  static Attribute graph(const std::string& name) {
    return make(name, 5, [&](pbf_writer& w) { w.add_message(6, std::string()); });
  }

 private:
  template <typename Write>
  static Attribute make(const std::string& name, int type, const Write& write) {
    Attribute attribute;
    pbf_writer writer(attribute.bytes);
    writer.add_bytes(1, name);
    write(writer);
    writer.add_enum(20, type);
    return attribute;
  }
};

inline std::string tensor(const std::string& name, const std::vector<std::int64_t>& dims, int type,
                          const std::string& raw) {
  std::string bytes;
  pbf_writer writer(bytes);
  writer.add_packed_int64(1, dims.begin(), dims.end());
  writer.add_int32(2, type);
  writer.add_bytes(8, name);
  writer.add_bytes(9, raw);
  return bytes;
}

template <typename T>
std::string raw(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

// A graph with the input "x" and what is added to it.
class GraphWriter {
 public:
  GraphWriter& input(const std::string& name, const std::vector<std::int64_t>& dims, int type = 1) {
    port(11, name, dims, type);
    return *this;
  }
  GraphWriter& output(const std::string& name) {
    port(12, name, {}, 1);
    return *this;
  }
  GraphWriter& node(const std::string& op, const std::vector<std::string>& inputs,
                    const std::string& name, const std::vector<Attribute>& attributes = {},
                    const std::string& domain = "") {
    std::string bytes;
    pbf_writer writer(bytes);
    for (const auto& in : inputs) writer.add_bytes(1, in);
    writer.add_bytes(2, name);
    std::string node_name = "node_";
    writer.add_bytes(3, node_name.append(name));
    writer.add_bytes(4, op);
    for (const auto& attribute : attributes) writer.add_message(5, attribute.bytes);
    if (!domain.empty()) writer.add_bytes(7, domain);
    pbf_writer(bytes_).add_message(1, bytes);
    return *this;
  }
  GraphWriter& initializer(const std::string& bytes) {
    pbf_writer(bytes_).add_message(5, bytes);
    return *this;
  }
  GraphWriter& floats(const std::string& name, const std::vector<std::int64_t>& dims,
                      const std::vector<float>& values) {
    return initializer(tensor(name, dims, 1, raw(values)));
  }
  // All of one value.
  GraphWriter& filled(const std::string& name, const std::vector<std::int64_t>& dims, float value) {
    std::size_t count = 1;
    for (const auto dim : dims) count *= static_cast<std::size_t>(dim);
    return floats(name, dims, std::vector<float>(count, value));
  }
  GraphWriter& integers(const std::string& name, const std::vector<std::int64_t>& values) {
    return initializer(tensor(name, {static_cast<std::int64_t>(values.size())}, 7, raw(values)));
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void port(int field, const std::string& name, const std::vector<std::int64_t>& dims, int type) {
    std::string shape;
    for (const auto dim : dims) {
      std::string dim_bytes;
      if (dim < 0) {
        pbf_writer(dim_bytes).add_bytes(2, "N");
      } else {
        pbf_writer(dim_bytes).add_int64(1, dim);
      }
      pbf_writer(shape).add_message(1, dim_bytes);
    }
    std::string tensor_type;
    pbf_writer(tensor_type).add_int32(1, type);
    pbf_writer(tensor_type).add_message(2, shape);
    std::string type_bytes;
    pbf_writer(type_bytes).add_message(1, tensor_type);
    std::string bytes;
    pbf_writer(bytes).add_bytes(1, name);
    pbf_writer(bytes).add_message(2, type_bytes);
    pbf_writer(bytes_).add_message(static_cast<protozero::pbf_tag_type>(field), bytes);
  }

  std::string bytes_;
};

inline std::string file(const std::string& graph, std::int64_t opset = 17,
                        const std::vector<std::pair<std::string, std::string>>& metadata = {}) {
  std::string bytes;
  pbf_writer writer(bytes);
  writer.add_int64(1, 8);
  writer.add_message(7, graph);
  std::string version;
  pbf_writer(version).add_bytes(1, "");
  pbf_writer(version).add_int64(2, opset);
  writer.add_message(8, version);
  for (const auto& [key, value] : metadata) {
    std::string entry;
    pbf_writer(entry).add_bytes(1, key);
    pbf_writer(entry).add_bytes(2, value);
    writer.add_message(14, entry);
  }
  return bytes;
}

inline std::string file(const GraphWriter& graph) {
  return file(graph.bytes());
}

inline std::string numbered(const char* name, int number) {
  std::string text = name;
  return text.append(std::to_string(number));
}

inline std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

}  // namespace longhand::nn::test
