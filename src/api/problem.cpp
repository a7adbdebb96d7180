#include "api/problem.h"

#include <boost/json.hpp>

namespace longhand::api {
namespace {

struct Kind {
  unsigned status;
  std::string_view title;
};

Kind kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return {400, "The request makes no sense"};
    case ErrorCode::kInvalidStrokes:
      return {422, "The strokes can't be read"};
    case ErrorCode::kUnsupportedImage:
      return {415, "The picture is of no kind that is taken"};
    case ErrorCode::kCorruptImage:
      return {422, "The picture is damaged"};
    case ErrorCode::kTooLarge:
      return {413, "The request is over a limit"};
    case ErrorCode::kBusy:
      return {503, "The server is busy"};
    case ErrorCode::kNotFound:
      return {404, "There is no such thing"};
    case ErrorCode::kConflict:
      return {409, "Something else is there already"};
    case ErrorCode::kUnauthorized:
      return {401, "The token is missing or wrong"};
    case ErrorCode::kUnsupportedModel:
      return {422, "The model asks for what is not built here"};
    case ErrorCode::kCorruptModel:
      return {422, "The model is damaged"};
    case ErrorCode::kCorruptData:
      return {422, "The data can't be read"};
    case ErrorCode::kCorruptStore:
      return {500, "The store is damaged"};
    case ErrorCode::kDiskFull:
      return {507, "The disk is full"};
    case ErrorCode::kIo:
      return {500, "The system refused to read or write"};
    case ErrorCode::kUnavailable:
      return {503, "A service that is needed is out of reach"};
    case ErrorCode::kCancelled:
      return {503, "The request was cancelled"};
  }
  return {500, "The server failed"};
}

}  // namespace

unsigned http_status(ErrorCode code) {
  return kind_of(code).status;
}

boost::json::object problem_json(const Error& error) {
  const Kind kind = kind_of(error.code);
  return problem_json(kind.status, to_string(error.code), kind.title, error.message);
}

boost::json::object problem_json(unsigned status, std::string_view code, std::string_view title,
                                 std::string_view detail) {
  return {{"type", "urn:longhand:problem:" + std::string(code)},
          {"title", title},
          {"status", status},
          {"detail", detail},
          {"code", code}};
}

}  // namespace longhand::api
