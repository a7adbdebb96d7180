#pragma once

#include <hiredis/hiredis.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cluster/redis_url.h"

namespace longhand::cluster {

// What Redis answered to one command.
struct Reply {
  enum class Kind { kNil, kInteger, kText, kError, kArray };

  Kind kind = Kind::kNil;
  long long integer = 0;
  std::string text;  // of kText, and kError's message
  std::vector<Reply> elements;

  bool is_error() const { return kind == Kind::kError; }
};

Reply to_reply(const redisReply& reply);

// How long Redis may take. Requests wait for it, hence short.
struct Patience {
  std::chrono::milliseconds connect{1'000};
  std::chrono::milliseconds answer{250};
  // Between two attempts to connect: doubled each time from the first to the last.
  std::chrono::milliseconds first_pause{50};
  std::chrono::milliseconds last_pause{1'000};
};

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
using Context = std::unique_ptr<redisContext, FreeContext>;

// A connection that is logged in and has its database chosen: a Redis that takes connections but
// answers nothing is none. kUnavailable otherwise, with the reason. Blocks for no longer than
// `patience` says, plus what the system takes to find the host's address.
Result<Context> connect(const RedisAddress& address, const Patience& patience);

// Appends a command to what will be sent with the next read.
void append(redisContext& context, const std::vector<std::string>& command);
// The next answer; kUnavailable when the connection is broken or too slow: it is of no use then.
Result<Reply> read_reply(redisContext& context);

}  // namespace longhand::cluster
