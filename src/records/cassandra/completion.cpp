#include "records/cassandra/completion.h"

#include <utility>

#include "longhand-cassandra/src/lib.rs.h"

namespace longhand::records::bridge {

Completion::Completion(Told told) : told_(std::move(told)) {}

Completion::~Completion() {
  if (told_) complete({Fault::Cancelled, "the store was closed first", 0, {}});
}

void Completion::complete(Outcome outcome) noexcept {
  std::exchange(told_, nullptr)(std::move(outcome));
}

}  // namespace longhand::records::bridge
