#include "api/recognition_request.h"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <limits>
#include <utility>

namespace longhand::api {
namespace {

namespace json = boost::json;
using boost::system::error_code;

constexpr std::size_t kMaxShortText = 1'024;
constexpr std::size_t kMaxPictureText = 24U << 20;

constexpr std::string_view kExpected =
    "the body must be a JSON object with image (a data URL or base64) or strokes "
    "([[[x, y, t, pressure], ...], ...]), and maybe alphabet, model, mode, pattern, name";

float to_float(double number) {
  if (std::abs(number) <= static_cast<double>(std::numeric_limits<float>::max())) {
    return static_cast<float>(number);
  }
  return std::isnan(number) ? std::numeric_limits<float>::quiet_NaN()
                            : std::numeric_limits<float>::infinity();
}

// What the parser calls as it reads. A callback that returns false ends the reading: error() then
// says why, or, when there is none, enough was read to know that the strokes are over a limit.
class Reader {
 public:
  static constexpr std::size_t max_object_size = 64;
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = 64;
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  // `bare`: the document is the strokes themselves.
  Reader(const ink::StrokeLimits& limits, bool bare) : limits_(limits), bare_(bare) {}

  const std::optional<Error>& error() const { return error_; }
  bool over_limit() const { return over_limit_; }
  std::optional<ink::Strokes>& strokes() { return strokes_; }
  std::string& text(std::size_t member) { return texts_[member]; }
  bool has(std::size_t member) const { return given_[member]; }

  enum Member : std::size_t {
    kImage,
    kAlphabet,
    kModel,
    kMode,
    kPattern,
    kName,
    kStrokes,
    kMembers
  };
  static constexpr std::array<std::string_view, kMembers> kNames{
      "image", "alphabet", "model", "mode", "pattern", "name", "strokes"};

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) {
    if (bare_ || in_object_) return refuse(ec, where() + " must not hold an object");
    in_object_ = true;
    return true;
  }
  bool on_object_end(std::size_t, error_code&) { return true; }

  bool on_array_begin(error_code& ec) {
    if (!bare_ && !in_object_) return refuse(ec, std::string(kExpected));
    if (!bare_ && member_ != kStrokes) return refuse(ec, where() + " must be a string");
    switch (++depth_) {
      case 1:
        strokes_.emplace();
        return true;
      case 2:
        strokes_->strokes.emplace_back();
        return strokes_->strokes.size() <= limits_.max_strokes || stop(ec);
      case 3:
        numbers_ = 0;
        point_ = {};
        return ++points_ <= limits_.max_points || stop(ec);
      default:
        return refuse(ec, place() + " holds an array; a point is [x, y, t, pressure]");
    }
  }

  bool on_array_end(std::size_t, error_code& ec) {
    if (depth_ == 3) {
      if (numbers_ < 2) return refuse(ec, place() + " needs at least x and y");
      strokes_->strokes.back().push_back(point_);
    }
    --depth_;
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, error_code&) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, error_code& ec) {
    key_.append(part.data(), part.size());
    const std::string key = std::exchange(key_, {});
    for (member_ = 0; member_ < kMembers && kNames[member_] != key; ++member_) {
    }
    if (member_ == kMembers)
      return refuse(ec, "unknown member \"" + key + "\": " + std::string(kExpected));
    if (given_[member_]) return refuse(ec, "the member \"" + key + "\" is given twice");
    given_[member_] = true;
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t size, error_code& ec) {
    return take_text(part, size, ec);
  }
  bool on_string(json::string_view part, std::size_t size, error_code& ec) {
    return take_text(part, size, ec);
  }

  bool on_number_part(json::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, error_code& ec) {
    return take_number(static_cast<float>(value), ec);
  }
  bool on_uint64(std::uint64_t value, json::string_view, error_code& ec) {
    return take_number(static_cast<float>(value), ec);
  }
  bool on_double(double value, json::string_view, error_code& ec) {
    return take_number(to_float(value), ec);
  }
  bool on_bool(bool, error_code& ec) { return refuse(ec, where() + " must not be true or false"); }
  bool on_null(error_code& ec) {
    if (depth_ == 3 && numbers_ >= 2) {
      return take_number(std::numeric_limits<float>::quiet_NaN(), ec);
    }
    // A member that is null is one that is not given.
    if (depth_ == 0 && in_object_) {
      given_[member_] = false;
      return true;
    }
    return refuse(ec, where() + " must not be null");
  }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  std::string place() const {
    const std::size_t stroke = strokes_ ? strokes_->strokes.size() : 0;
    const std::size_t point = stroke == 0 ? 0 : strokes_->strokes.back().size();
    return "point " + std::to_string(point) + " of stroke " +
           std::to_string(stroke == 0 ? 0 : stroke - 1);
  }
  std::string where() const {
    if (depth_ >= 3) return place();
    if (depth_ > 0 || bare_) return "strokes";
    return in_object_ ? "\"" + std::string(kNames[member_]) + "\"" : "the body";
  }
  bool refuse(error_code& ec, std::string message) {
    error_ = Error{depth_ > 0 || bare_ ? ErrorCode::kInvalidStrokes : ErrorCode::kInvalidArgument,
                   std::move(message)};
    ec = json::error::syntax;
    return false;
  }
  bool stop(error_code& ec) {
    over_limit_ = true;
    ec = json::error::syntax;
    return false;
  }
  bool take_text(json::string_view part, std::size_t size, error_code& ec) {
    if (bare_ || !in_object_ || member_ == kStrokes || depth_ > 0) {
      return refuse(ec, where() +
                            " must not hold a string; strokes are "
                            "[[[x, y, t, pressure], ...], ...]");
    }
    const std::size_t limit = member_ == kImage ? kMaxPictureText : kMaxShortText;
    if (size > limit) {
      return refuse(ec, where() + " is longer than " + std::to_string(limit) + " bytes");
    }
    texts_[member_].append(part.data(), part.size());
    return true;
  }
  bool take_number(float value, error_code& ec) {
    if (depth_ != 3) {
      return refuse(ec, depth_ > 0 || bare_ ? "strokes are [[[x, y, t, pressure], ...], ...]; a "
                                              "number stands where an array should"
                        : in_object_ && member_ != kStrokes ? where() + " must be a string"
                                                            : std::string(kExpected));
    }
    if (numbers_ == 4) return refuse(ec, place() + " has more than x, y, t and pressure");
    if (numbers_ == 2 && std::isinf(value)) {
      return refuse(ec, place() + " has a time that is no finite number");
    }
    // Here and not in ink::check(): records of before may have others, and are still to be read.
    if (numbers_ == 3 && (value < 0 || value > 1)) {
      return refuse(ec, place() + " has a pressure that is not between 0 and 1");
    }
    float* const fields[] = {&point_.x, &point_.y, &point_.t, &point_.pressure};
    *fields[numbers_++] = value;
    return true;
  }

  ink::StrokeLimits limits_;
  bool bare_;
  bool in_object_ = false;
  bool over_limit_ = false;
  std::size_t member_ = 0;
  int depth_ = 0;  // of arrays: 1 strokes, 2 a stroke, 3 a point
  std::size_t numbers_ = 0;
  std::size_t points_ = 0;
  ink::Point point_;
  std::string key_;
  std::array<bool, kMembers> given_{};
  std::array<std::string, kMembers> texts_;
  std::optional<ink::Strokes> strokes_;
  std::optional<Error> error_;
};

json::parse_options parse_options() {
  json::parse_options options;
  options.max_depth = 8;
  return options;
}

// Strokes over a limit were read to just beyond it: check() then names it.
Result<void> settle(Reader& reader, const ink::StrokeLimits& limits) {
  if (reader.error()) return tl::unexpected(*reader.error());
  if (reader.over_limit()) {
    // The point that is one too many was not kept yet.
    if (!reader.strokes()->strokes.empty()) reader.strokes()->strokes.back().emplace_back();
    if (auto checked = ink::check(*reader.strokes(), limits); !checked) return checked;
    return fail(ErrorCode::kTooLarge, "the strokes are over the limits");
  }
  if (reader.strokes()) return ink::check(*reader.strokes(), limits);
  return {};
}

Result<void> read(std::string_view text, Reader& reader_out, json::basic_parser<Reader>& parser,
                  const ink::StrokeLimits& limits) {
  error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used < text.size()) ec = json::error::extra_data;
  if (auto settled = settle(reader_out, limits); !settled) return settled;
  if (ec) {
    return fail(ErrorCode::kInvalidArgument,
                "the body is no JSON: " + ec.message() + " near byte " + std::to_string(used));
  }
  return {};
}

}  // namespace

Result<RecognitionRequest> parse_recognition_request(std::string_view text,
                                                     const ink::StrokeLimits& limits) {
  json::basic_parser<Reader> parser(parse_options(), limits, false);
  Reader& reader = parser.handler();
  if (auto done = read(text, reader, parser, limits); !done) return tl::unexpected(done.error());
  if (reader.has(Reader::kImage) == reader.has(Reader::kStrokes)) {
    return fail(ErrorCode::kInvalidArgument, reader.has(Reader::kImage)
                                                 ? "give image or strokes, not both"
                                                 : std::string(kExpected));
  }
  RecognitionRequest request;
  request.alphabet = std::move(reader.text(Reader::kAlphabet));
  request.model = std::move(reader.text(Reader::kModel));
  request.mode = std::move(reader.text(Reader::kMode));
  request.pattern = std::move(reader.text(Reader::kPattern));
  request.name = std::move(reader.text(Reader::kName));
  if (reader.has(Reader::kStrokes)) {
    request.strokes = std::move(reader.strokes());
    return request;
  }
  auto picture = parse_picture_text(reader.text(Reader::kImage));
  if (!picture) return tl::unexpected(picture.error());
  request.picture = std::move(*picture);
  return request;
}

Result<ink::Strokes> parse_strokes(std::string_view text, const ink::StrokeLimits& limits) {
  json::basic_parser<Reader> parser(parse_options(), limits, true);
  Reader& reader = parser.handler();
  if (auto done = read(text, reader, parser, limits); !done) return tl::unexpected(done.error());
  return std::move(*reader.strokes());
}

}  // namespace longhand::api
