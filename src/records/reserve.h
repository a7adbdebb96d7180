#pragma once

#include <cstdint>
#include <string>

namespace longhand::records {

// Room on a store's disk that nothing else takes: a file beside it, PATH-reserve, allocated and
// never written. A deletion needs room for the write-ahead log before it gives any back, so that on
// a full disk it can only be done with what is given up here. One thread at a time.
class Reserve {
 public:
  // Looks at what is there; makes nothing yet. `bytes` 0: there is to be none.
  Reserve(const std::string& store, std::uint64_t bytes);

  // Makes it as large as it should be, and on a small disk as large as an eighth of what is free;
  // after give_up() as large as it was. Whether it is there: a disk that has no room for it, or a
  // file system that can't allocate, is no error.
  bool make();
  // Gives its room back to the disk, until make() succeeds again.
  void give_up();
  bool is_given_up() const { return is_given_up_; }

 private:
  std::uint64_t fitting() const;

  const std::string path_;
  const std::uint64_t most_;
  std::uint64_t bytes_ = 0;  // what was made or found
  bool is_made_ = false;
  bool is_given_up_ = false;
};

}  // namespace longhand::records
