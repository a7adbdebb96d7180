#include "cli/records_read.h"
#include "records/wait_for.h"

namespace longhand::cli {

Result<std::vector<Uuid>> find_all(records::RecordStore& store, records::Query query) {
  constexpr std::size_t kMostAPage = 200;
  query.limit = kMostAPage;
  std::vector<Uuid> ids;
  while (true) {
    auto page =
        records::wait_for<records::Page>([&](auto done) { store.list(query, std::move(done)); });
    if (!page) return tl::unexpected(page.error());
    for (const records::Summary& summary : page->records) ids.push_back(summary.id);
    if (!page->next) return ids;
    query.before = page->next;
  }
}

Result<records::Record> read_record(records::RecordStore& store, const Uuid& id,
                                    const records::Viewer& viewer, bool with_content) {
  records::Record record;
  auto summary = records::wait_for<records::Summary>(
      [&](auto done) { store.get(id, viewer, std::move(done)); });
  if (!summary) return tl::unexpected(summary.error());
  record.summary = std::move(*summary);
  if (!with_content) return record;
  auto content = records::wait_for<records::Content>(
      [&](auto done) { store.content(id, viewer, std::move(done)); });
  if (!content) return tl::unexpected(content.error());
  record.content = std::move(*content);
  return record;
}

}  // namespace longhand::cli
