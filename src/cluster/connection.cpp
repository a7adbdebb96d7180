#include "cluster/connection.h"

#include <cerrno>

namespace longhand::cluster {
namespace {

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

timeval to_timeval(std::chrono::milliseconds time) {
  return {static_cast<time_t>(time.count() / 1'000),
          static_cast<suseconds_t>(time.count() % 1'000 * 1'000)};
}

std::string why(const redisContext& context) {
  if (context.err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    return "no answer in time";
  }
  return context.errstr;
}

Result<void> run(redisContext& context, const std::vector<std::string>& command) {
  append(context, command);
  const auto reply = read_reply(context);
  if (!reply) return tl::unexpected(reply.error());
  if (!reply->is_error()) return {};
  return fail(ErrorCode::kUnavailable, reply->text);
}

}  // namespace

Reply to_reply(const redisReply& reply) {
  Reply out;
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      out.kind = Reply::Kind::kInteger;
      out.integer = reply.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      out.kind = Reply::Kind::kText;
      out.text.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ERROR:
      out.kind = Reply::Kind::kError;
      out.text.assign(reply.str, reply.len);
      break;
    case REDIS_REPLY_ARRAY:
      out.kind = Reply::Kind::kArray;
      for (std::size_t i = 0; i < reply.elements; ++i) {
        out.elements.push_back(to_reply(*reply.element[i]));
      }
      break;
    default:
      break;
  }
  return out;
}

Result<Context> connect(const RedisAddress& address, const Patience& patience) {
  Context context(
      redisConnectWithTimeout(address.host.c_str(), address.port, to_timeval(patience.connect)));
  const auto failed = [&](const std::string& reason) {
    return fail(ErrorCode::kUnavailable, address.to_string() + ": " + reason);
  };
  if (!context) throw std::bad_alloc();
  if (context->err != 0) return failed(why(*context));
  redisSetTimeout(context.get(), to_timeval(patience.answer));
  redisEnableKeepAlive(context.get());
  if (!address.password.empty()) {
    std::vector<std::string> login{"AUTH"};
    if (!address.user.empty()) login.push_back(address.user);
    login.push_back(address.password);
    if (auto done = run(*context, login); !done) return failed(done.error().message);
  }
  // Also with database 0: the answer shows that Redis is alive.
  auto chosen = run(*context, {"SELECT", std::to_string(address.database)});
  if (!chosen) return failed(chosen.error().message);
  return context;
}

void append(redisContext& context, const std::vector<std::string>& command) {
  std::vector<const char*> arguments;
  std::vector<std::size_t> sizes;
  for (const std::string& argument : command) {
    arguments.push_back(argument.data());
    sizes.push_back(argument.size());
  }
  if (redisAppendCommandArgv(&context, static_cast<int>(command.size()), arguments.data(),
                             sizes.data()) != REDIS_OK) {
    throw std::bad_alloc();
  }
}

Result<Reply> read_reply(redisContext& context) {
  void* raw = nullptr;
  if (redisGetReply(&context, &raw) != REDIS_OK || raw == nullptr) {
    return fail(ErrorCode::kUnavailable, why(context));
  }
  const std::unique_ptr<redisReply, FreeReply> reply(static_cast<redisReply*>(raw));
  return to_reply(*reply);
}

}  // namespace longhand::cluster
