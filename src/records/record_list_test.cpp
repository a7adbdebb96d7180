// A list must stay quick however many records there are: every query walks an index in the order of
// ids, sorts nothing, and looks at a bounded number of rows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "records/record_rows.h"
#include "records/store_file.h"

namespace longhand::records {
namespace {

using namespace testing;  // NOLINT: the helpers of records/testing.h
using ::testing::HasSubstr;
using ::testing::Not;

std::string plan_of(Connection& db, const std::string& sql) {
  Statement explain(db, "EXPLAIN QUERY PLAN " + sql);
  std::string plan;
  while (*explain.step()) plan += explain.text(3) + "; ";
  return plan;
}

TEST_F(StoreFile, EveryListWalksAnIndex) {
  make_store(1);
  const auto db = open_reader(file_, {});
  ASSERT_TRUE(db) << db.error().message;
  const struct {
    Query query;
    std::string index;
  } cases[] = {
      {{.viewer = owner(1)}, "records_of_owner "},
      {{.viewer = the_operator()}, "sqlite_autoindex_records_1 "},
      {{.viewer = owner(1), .text = "7"}, "records_of_owner_by_text "},
      {{.viewer = the_operator(), .text = "7"}, "records_by_text "},
      {{.viewer = owner(1), .corrected = true}, "corrected_of_owner "},
      {{.viewer = the_operator(), .corrected = true}, "corrected "},
  };
  for (const auto& [query, index] : cases) {
    const auto plan = plan_of(**db, list_sql(query));
    EXPECT_THAT(plan, HasSubstr("SEARCH records USING INDEX " + index));
    EXPECT_THAT(plan, Not(HasSubstr("B-TREE")));
  }
}

// With a filter that no index answers, pages are bounded by the rows looked at, and go on.
TEST_F(StoreFile, ARareAlphabetIsFoundOverSeveralPages) {
  make_store(1);
  auto writer = open_checked(file_, {});
  ASSERT_TRUE(writer) << writer.error().message;
  ASSERT_TRUE((*writer)->exec("BEGIN"));
  Uuid rare;
  for (unsigned i = 0; i < 45'000; ++i) {
    Record record;
    record.summary.id = make_uuid7();
    record.summary.created_us = unix_micros();
    record.summary.owner = owner(1).owner;
    record.summary.reading.alphabet = i == 100 ? "hanzi" : "digits";
    if (i == 100) rare = record.summary.id;
    ASSERT_TRUE(insert(**writer, *encode(record)));
  }
  ASSERT_TRUE((*writer)->exec("COMMIT"));
  Query query{.viewer = owner(1), .alphabet = "hanzi"};
  std::vector<Uuid> found;
  int pages = 0;
  do {
    const auto page = select_page(**writer, query);
    ASSERT_TRUE(page) << page.error().message;
    for (const auto& summary : page->records) found.push_back(summary.id);
    query.before = page->next;
    ++pages;
  } while (query.before && pages < 10);
  EXPECT_EQ(found, std::vector{rare});
  EXPECT_EQ(pages, 3);
}

}  // namespace
}  // namespace longhand::records
