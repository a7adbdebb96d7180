#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <filesystem>

#include "api/json_text.h"
#include "api/reading_json.h"
#include "cli/command.h"
#include "cli/default_store.h"
#include "cli/models_import.h"
#include "cli/output.h"
#include "cli/records_export.h"
#include "cli/records_import.h"
#include "records/wait_for.h"

namespace longhand::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  longhand records list --limit 5
  longhand records list --text 7 --since 2026-11-01 --json
  longhand records show 0193561d-5b0c-7aa5-8f43-2f6d7c1b9e10 --picture seven.png
  longhand records export > records.ndjson
  longhand records export --format csv --corrected --out corrected.csv
  longhand records delete 0193561d-5b0c-7aa5-8f43-2f6d7c1b9e10
  longhand records import --from sqlite:old.db --store cassandra://10.0.0.1/longhand

Whoever can read the store's file sees every owner's records. The server may
run meanwhile. LONGHAND_STORE stands for --store. Times are RFC 3339, or a date,
which is its midnight in UTC.)";

struct RecordsOptions {
  std::string store, from, since, until, text, alphabet, format = "ndjson", out, id, picture;
  std::vector<std::string> ids;
  std::size_t limit = 20;
  bool corrected = false;
  bool uncorrected = false;
  bool json = false;
  bool no_models = false;
};

// The command line is the machine's owner.
records::Viewer operator_of_the_machine() {
  return {{}, true};
}

Result<records::Stores> open_existing(const std::string& url) {
  constexpr std::string_view kSqlite = "sqlite:";
  std::error_code error;
  // Looking must not make an empty store.
  if (url.starts_with(kSqlite) && !std::filesystem::exists(url.substr(kSqlite.size()), error))
    return fail(ErrorCode::kNotFound, "there are no records: " + url.substr(kSqlite.size()) +
                                          " does not exist; --store says where they are");
  return records::open_stores(url);
}

Result<std::string> store_of(const RecordsOptions& options) {
  return options.store.empty() ? default_store() : Result<std::string>(options.store);
}

Result<std::shared_ptr<records::RecordStore>> open(const RecordsOptions& options) {
  return store_of(options).and_then(open_existing).map([](const records::Stores& stores) {
    return stores.records;
  });
}

Result<std::optional<std::int64_t>> parse_time(const std::string& text, const std::string& option) {
  if (text.empty()) return std::nullopt;
  auto time = parse_rfc3339(text);
  if (!time) time = parse_rfc3339(text + "T00:00:00Z");
  if (!time)
    return fail(ErrorCode::kInvalidArgument,
                option + " must be a date or an RFC 3339 time, as in 2026-11-23T20:46:00Z");
  return time;
}

Result<records::Query> query_of(const RecordsOptions& options) {
  records::Query query;
  query.viewer = operator_of_the_machine();
  auto since = parse_time(options.since, "--since");
  if (!since) return tl::unexpected(since.error());
  auto until = parse_time(options.until, "--until");
  if (!until) return tl::unexpected(until.error());
  query.since_us = *since;
  query.until_us = *until;
  if (!options.text.empty()) query.text = options.text;
  if (!options.alphabet.empty()) query.alphabet = options.alphabet;
  if (options.corrected) query.corrected = true;
  if (options.uncorrected) query.corrected = false;
  return query;
}

int any_failure(const Error& error) {
  return error.code == ErrorCode::kInvalidArgument ? usage_error(error.message) : failure(error);
}

// What visitors sent, or a model's file says, in one line that a terminal doesn't obey.
std::string in_a_line(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) {
    text.replace(at, 1, "\u21B5");
  }
  return printable(text);
}

std::string reading_text(const records::Summary& summary) {
  return summary.reading.rejected ? "?" : in_a_line(summary.reading.text);
}

std::vector<std::string> row(const records::Summary& s) {
  return {s.id.to_string(),
          to_rfc3339(s.created_us).substr(0, 19) + "Z",
          in_a_line(s.reading.alphabet),
          reading_text(s),
          percent(static_cast<double>(s.reading.confidence)),
          in_a_line(s.label.value_or("-")),
          in_a_line(s.name)};
}

int list(const RecordsOptions& options) {
  auto query = query_of(options);
  if (!query) return any_failure(query.error());
  const auto store = open(options);
  if (!store) return any_failure(store.error());
  using Align = Table::Align;
  Table table({"id", "time", "alphabet", "read", "sure", "corrected", "name"},
              {Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft, Align::kRight, Align::kLeft,
               Align::kLeft});
  constexpr std::size_t kMostAPage = 200;
  std::size_t shown = 0;
  bool more = true;
  while (more && shown < options.limit) {
    query->limit = std::min(kMostAPage, options.limit - shown);
    const auto page = records::wait_for<records::Page>(
        [&](auto done) { (*store)->list(*query, std::move(done)); });
    if (!page) return any_failure(page.error());
    for (const records::Summary& summary : page->records) {
      if (options.json)
        print(api::to_text(api::recognition_json(summary, records::Stored::kDurable)));
      else
        table.add(row(summary));
    }
    shown += page->records.size();
    query->before = page->next;
    more = page->next.has_value();
  }
  if (options.json) return kSuccess;
  if (shown == 0) {
    print("no records");
    return kSuccess;
  }
  table.print();
  if (more) print("... and older ones: --limit shows more");
  return kSuccess;
}

int write_file(const std::string& name, const std::vector<std::byte>& bytes) {
  std::FILE* const file = std::fopen(name.c_str(), "wb");
  bool good = file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if (file != nullptr) good = std::fclose(file) == 0 && good;
  return good ? kSuccess : failure({ErrorCode::kIo, "can't write " + name});
}

void print_record(const records::Summary& s) {
  Table table({"id", s.id.to_string()});
  table.add({"time", to_rfc3339(s.created_us)});
  table.add({"name", in_a_line(s.name)});
  table.add({"alphabet", in_a_line(s.reading.alphabet)});
  table.add({"read", s.reading.glyphs.empty() ? "nothing written" : reading_text(s)});
  table.add({"corrected", in_a_line(s.label.value_or("-"))});
  table.add({"model", in_a_line(s.reading.model.name + " " + s.reading.model.version)});
  for (const auto& glyph : s.reading.glyphs)
    for (const auto& candidate : glyph.candidates)
      table.add({"candidate", in_a_line(candidate.text) + "  " +
                                  percent(static_cast<double>(candidate.confidence), 2)});
  table.print();
}

int no_id(const std::string& text) {
  return usage_error("\"" + text + "\" is no id; longhand records list shows them");
}

int show(const RecordsOptions& options) {
  const auto id = Uuid::parse(options.id);
  if (!id) return no_id(options.id);
  const auto store = open(options);
  if (!store) return any_failure(store.error());
  const auto viewer = operator_of_the_machine();
  const auto summary = records::wait_for<records::Summary>(
      [&](auto done) { (*store)->get(*id, viewer, std::move(done)); });
  if (!summary) return any_failure(summary.error());
  if (options.json)
    print(api::to_text(api::recognition_json(*summary, records::Stored::kDurable)));
  else
    print_record(*summary);
  if (options.picture.empty()) return kSuccess;
  const auto content = records::wait_for<records::Content>(
      [&](auto done) { (*store)->content(*id, viewer, std::move(done)); });
  if (!content) return any_failure(content.error());
  if (!content->picture)
    return failure({ErrorCode::kNotFound, "the record was made from strokes, it has no picture"});
  return write_file(options.picture, content->picture->bytes);
}

// Nothing goes where one of the ids is none; what isn't there doesn't keep the others.
int remove(const RecordsOptions& options) {
  std::vector<Uuid> ids;
  for (const std::string& text : options.ids) {
    const auto id = Uuid::parse(text);
    if (!id) return no_id(text);
    ids.push_back(*id);
  }
  const auto store = open(options);
  if (!store) return any_failure(store.error());
  int result = kSuccess;
  for (const Uuid& id : ids) {
    const auto removed = records::wait_for<void>(
        [&](auto done) { (*store)->remove(id, operator_of_the_machine(), std::move(done)); });
    if (removed) {
      print("deleted " + id.to_string());
    } else {
      result = any_failure(removed.error());
    }
  }
  return result;
}

// To a file that gets its name when it is whole.
int export_to_file(const RecordsOptions& options, records::RecordStore& store,
                   const records::Query& query, ExportFormat format) {
  const std::string part = options.out + ".part";
  std::FILE* const file = std::fopen(part.c_str(), "wb");
  if (file == nullptr) return failure({ErrorCode::kIo, "can't write " + part});
  bool good = true;
  const auto exported = export_records(store, query, format, [&](const std::string& line) {
    good = good && std::fwrite(line.data(), 1, line.size(), file) == line.size() &&
           std::fputc('\n', file) != EOF;
  });
  good = std::fclose(file) == 0 && good;
  if (exported && good && std::rename(part.c_str(), options.out.c_str()) == 0) return kSuccess;
  std::remove(part.c_str());
  return exported ? failure({ErrorCode::kIo, "can't write " + options.out})
                  : any_failure(exported.error());
}

int export_all(const RecordsOptions& options) {
  const auto query = query_of(options);
  if (!query) return any_failure(query.error());
  const auto store = open(options);
  if (!store) return any_failure(store.error());
  const ExportFormat format = options.format == "csv"         ? ExportFormat::kCsv
                              : options.format == "numberrec" ? ExportFormat::kNumberrec
                                                              : ExportFormat::kNdjson;
  if (!options.out.empty()) return export_to_file(options, **store, *query, format);
  const auto exported = export_records(**store, *query, format, print);
  return exported ? kSuccess : any_failure(exported.error());
}

int import_all(const RecordsOptions& options) {
  const auto query = query_of(options);
  if (!query) return any_failure(query.error());
  const auto from = open_existing(options.from);
  if (!from) return any_failure(from.error());
  const auto url = store_of(options);
  if (!url) return any_failure(url.error());
  const auto to = records::open_stores(*url);
  if (!to) return any_failure(to.error());
  const auto progress = [](std::size_t done, std::size_t of) {
    std::fprintf(stderr, "%zu of %zu steps\n", done, of);
  };
  ModelsImport models;
  if (!options.no_models) {
    auto brought = import_models(*from->models, *to->models);
    if (!brought) return any_failure(brought.error());
    models = std::move(*brought);
  }
  const auto imported = import_records(*from->records, *to->records, *query, progress);
  if (!imported) return any_failure(imported.error());
  const std::size_t before = imported->records - std::min(imported->records, imported->added);
  if (options.json) {
    boost::json::object line{
        {"records", imported->records},   {"added", imported->added},
        {"checksum", imported->checksum}, {"models", models.versions},
        {"models_added", models.added},   {"models_checksum", models.checksum}};
    print(api::to_text(line));
  } else {
    print(std::to_string(imported->added) + " records imported, " + std::to_string(before) +
          " were there; both stores have the same " + std::to_string(imported->records) +
          ", SHA-256 " + imported->checksum);
    if (models.versions > 0) {
      print(std::to_string(models.added) + " versions of models imported, " +
            std::to_string(models.versions - models.added) + " were there; SHA-256 " +
            models.checksum);
    }
  }
  for (const std::string& name : models.served_otherwise) {
    std::fprintf(stderr, "of the model %s the other store serves another version, as before\n",
                 name.c_str());
  }
  return kSuccess;
}

void add_filters(CLI::App& command, RecordsOptions& options) {
  command.add_option("--since", options.since, "From this time on")->type_name("TIME");
  command.add_option("--until", options.until, "Before this time")->type_name("TIME");
  command.add_option("--text", options.text, "Read, or corrected, as this")->type_name("TEXT");
  command.add_option("--alphabet", options.alphabet, "Of this alphabet")->type_name("NAME");
  auto* const corrected =
      command.add_flag("--corrected", options.corrected, "Only what its owner corrected");
  command.add_flag("--uncorrected", options.uncorrected, "Only what nobody corrected")
      ->excludes(corrected);
}

void add_store(CLI::App& command, RecordsOptions& options) {
  command
      .add_option("--store", options.store,
                  "Where the records are: sqlite:PATH ($XDG_DATA_HOME/longhand/longhand.db) or "
                  "cassandra://HOST,.../KEYSPACE")
      ->type_name("URL");
}

}  // namespace

void add_records(CLI::App& program, Run& run) {
  auto options = std::make_shared<RecordsOptions>();
  CLI::App& command =
      *program.add_subcommand("records", "Look at what was recognised, export or delete it");
  command.require_subcommand(1);
  command.footer(kExamples);

  CLI::App& listing = *command.add_subcommand("list", "The latest records, newest first");
  add_store(listing, *options);
  add_filters(listing, *options);
  listing.add_option("--limit", options->limit, "At most so many")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000'000))
      ->capture_default_str();
  listing.add_flag("--json", options->json, "One JSON object a line");
  listing.callback([options, &run] { run = [options] { return list(*options); }; });

  CLI::App& showing = *command.add_subcommand("show", "One record");
  add_store(showing, *options);
  showing.add_option("ID", options->id, "Its id")->required()->type_name("");
  showing.add_option("--picture", options->picture, "Also write its picture to a file")
      ->type_name("FILE");
  showing.add_flag("--json", options->json, "As a JSON object");
  showing.callback([options, &run] { run = [options] { return show(*options); }; });

  CLI::App& deleting = *command.add_subcommand("delete", "Records, with their pictures, for good");
  add_store(deleting, *options);
  deleting.add_option("ID", options->ids, "Their ids")->required()->type_name("");
  deleting.callback([options, &run] { run = [options] { return remove(*options); }; });

  CLI::App& exporting = *command.add_subcommand("export", "All records, oldest first");
  add_store(exporting, *options);
  add_filters(exporting, *options);
  exporting
      .add_option("--format", options->format,
                  "ndjson: all there is, pictures as data URLs; csv: the readings; numberrec: the "
                  "columns of the system of 2018")
      ->check(CLI::IsMember({"ndjson", "csv", "numberrec"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  exporting.add_option("--out", options->out, "A file instead of the standard output")
      ->type_name("FILE");
  exporting.callback([options, &run] { run = [options] { return export_all(*options); }; });

  CLI::App& importing = *command.add_subcommand(
      "import",
      "Bring records and models from another store, as they are; may be run again to go on");
  add_store(importing, *options);
  add_filters(importing, *options);
  importing.add_option("--from", options->from, "The store that has them")
      ->required()
      ->type_name("URL");
  importing.add_flag("--no-models", options->no_models, "Leave the store's models where they are");
  importing.add_flag("--json", options->json, "The result as a JSON object");
  importing.callback([options, &run] { run = [options] { return import_all(*options); }; });
}

}  // namespace longhand::cli
