#include "evaluation/report.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/html.h"
#include "evaluation/chart.h"
#include "evaluation/html.h"
#include "evaluation/report_style.h"

namespace longhand::evaluation {
namespace {

constexpr std::size_t kMostConfusions = 15;

std::string tile(const std::string& figure, const std::string& meaning,
                 const std::string& css_class = "tile") {
  return "<div class=\"" + css_class + "\"><b>" + figure + "</b><span>" + meaning + "</span></div>";
}

std::string sheet(const std::string& title, const std::string& content,
                  const std::string& note = "") {
  if (content.empty()) return "";
  return "<div class=\"sheet\"><h3>" + escape_html(title) + "</h3><div class=\"scroll\">" + content +
         "</div>" + (note.empty() ? "" : "<p class=\"note\">" + note + "</p>") + "</div>";
}

std::string range(const Interval& interval) {
  return percent(interval.low) + " to " + percent(interval.high);
}

std::string tiles(const Evaluation& e) {
  const Interval interval = wilson_interval(e.correct, e.samples);
  std::string html = "<div class=\"sheet tiles\">";
  html +=
      tile(percent(e.accuracy()), "accuracy, 95\u00A0% interval " + range(interval), "tile main");
  html += tile(grouped(e.samples - e.correct), "errors in " + grouped(e.samples) + " samples");
  if (e.correct_case_folded != e.correct)
    html += tile(percent(e.accuracy_case_folded()), "accuracy, capitals and small letters alike");
  if (e.alphabet.size() > 5)
    html += tile(percent(e.top5_accuracy()), "right among the first five candidates");
  html += tile(grouped(e.rejected), "rejected as not sure");
  html += tile(percent(e.expected_calibration_error),
               "calibration error, 15 bins of equal size; by chance up to " +
                   percent(e.calibration_error_band));
  html += tile(number(e.negative_log_likelihood), "negative log-likelihood");
  if (e.skipped > 0) html += tile(grouped(e.skipped), "skipped: labels that the alphabet lacks");
  return html + "</div>";
}

// The interval on a rail from the lowest of all to 100 %.
std::string interval_bar(const Interval& interval, double share, double lowest) {
  constexpr double kWidth = 120;
  const auto at = [&](double value) {
    return kWidth * (value - lowest) / std::max(1e-9, 1 - lowest);
  };
  const auto rect = [&](const char* css_class, double from, double width) {
    return "<rect class=\"" + std::string(css_class) + "\" x=\"" + number(from) + "\" width=\"" +
           number(width) + "\" height=\"8\" rx=\"2\"/>";
  };
  return "<svg class=\"bar\" viewBox=\"0 0 120 8\" aria-hidden=\"true\">" +
         rect("rail", 0, kWidth) +
         rect("span", at(interval.low), std::max(1.0, at(interval.high) - at(interval.low))) +
         rect("mark", std::max(0.0, at(share) - 1.5), 3) + "</svg>";
}

std::string class_table(const Evaluation& e) {
  double lowest = 1;
  for (const ClassResult& c : e.per_class)
    lowest = std::min(lowest, wilson_interval(c.correct, c.samples).low);
  std::string html =
      "<table><thead><tr><th>character</th><th>samples</th><th>correct</th><th>accuracy</th>"
      "<th class=\"text\">95\u00A0% interval</th><th>read as it</th><th>precision</th>"
      "<th>rejected</th></tr></thead><tbody>";
  for (const ClassResult& c : e.per_class) {
    const double share = static_cast<double>(c.correct) / static_cast<double>(c.samples);
    const Interval interval = wilson_interval(c.correct, c.samples);
    html += "<tr><td>" + escape_html(c.label) + "</td><td>" + grouped(c.samples) + "</td><td>" +
            grouped(c.correct) + "</td><td>" + percent(share) + "</td><td class=\"text\" title=\"" +
            range(interval) + "\">" + interval_bar(interval, share, lowest) + "</td><td>" +
            grouped(c.read) + "</td><td>" +
            (c.read == 0 ? std::string("\u2013")
                         : percent(static_cast<double>(c.correct) / static_cast<double>(c.read))) +
            "</td><td>" + grouped(c.rejected) + "</td></tr>";
  }
  return html + "</tbody></table>";
}

std::string confusion_table(const Evaluation& e) {
  if (e.confusions.empty()) return "<p>None: every sample was read right.</p>";
  std::string html =
      "<table><thead><tr><th>character</th><th class=\"text\">read as</th><th>times</th>"
      "</tr></thead><tbody>";
  for (std::size_t i = 0; i < std::min(kMostConfusions, e.confusions.size()); ++i) {
    const Confusion& c = e.confusions[i];
    html += "<tr><td>" + escape_html(c.label) + "</td><td class=\"text\">" +
            (c.read.empty() ? "nothing written" : escape_html(c.read)) + "</td><td>" + grouped(c.count) +
            "</td></tr>";
  }
  return html + "</tbody></table>";
}

std::string picture(const ink::GreyImage& image, const std::string& description) {
  if (image.empty()) return "";
  return "<img src=\"" + picture_url(image) + "\" alt=\"" + escape_html(description) + "\" title=\"" +
         escape_html(description) + "\">";
}

std::string error_pictures(const std::vector<WrongReading>& worst) {
  if (worst.empty()) return "";
  std::string html = "<div class=\"errors\">";
  for (const WrongReading& error : worst) {
    html += "<figure><div>" + picture(error.given, "as given: " + error.label) +
            picture(error.seen, "as the network saw it") + "</div><figcaption><b>" +
            escape_html(error.label) + "</b> read as <b class=\"read\">" +
            (error.read.empty() ? "nothing" : escape_html(error.read)) + "</b>";
    html += "<br>";
    if (!error.read.empty()) html += "sure to " + percent(error.confidence, 1) + "<br>";
    html += escape_html(error.source) + "</figcaption></figure>";
  }
  return html + "</div>";
}

std::string section(const Section& s) {
  const Evaluation& e = s.evaluation;
  std::string html = "<section><h2>" + escape_html(s.name) + "</h2>" + tiles(e);
  html += "<div class=\"stack\"><div class=\"grid2\">";
  html += sheet("What was read as what", confusion_matrix(e),
                "Rows: what was written. Columns: what was read. Errors are drawn by the square "
                "root of their share, so that rare ones show.");
  html += sheet("Most frequent errors", confusion_table(e));
  html += "</div><div class=\"grid2\">";
  html += sheet("Can its confidence be trusted?", reliability_diagram(e),
                "Each point holds the same number of samples, with its 95\u00A0% interval; on "
                "the dashed line the confidence is honest.");
  html += sheet("Errors when the unsure are left out", risk_coverage_chart(e),
                "From left to right more of the samples are answered, the surest first.");
  html += "</div>";
  html += sheet("Surest errors", error_pictures(s.worst),
                "Left as given, right as the network saw it.");
  html += sheet("By character", class_table(e));
  return html + "</div></section>";
}

// Written to the disk before it takes the file's name, so that nobody meets half a page.
bool write_through(const std::filesystem::path& file, const std::string& content) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return false;
  std::size_t written = 0;
  bool good = true;
  while (good && written < content.size()) {
    const ssize_t n = ::write(descriptor, content.data() + written, content.size() - written);
    if (n > 0) written += static_cast<std::size_t>(n);
    good = n > 0 || errno == EINTR;
  }
  good = good && ::fsync(descriptor) == 0;
  const int reason = errno;
  good = ::close(descriptor) == 0 && good;
  if (!good) errno = reason;
  return good;
}

}  // namespace

std::string to_html(const Report& report) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>" +
      escape_html(report.title) + " \u2013 Longhand</title><style>" + std::string(report_style()) +
      "</style></head>\n<body><main><header><h1>" + escape_html(report.title) + "</h1>";
  if (!report.subtitle.empty()) html += "<p class=\"sub\">" + escape_html(report.subtitle) + "</p>";
  if (!report.facts.empty()) {
    html += "<dl>";
    for (const auto& [name, value] : report.facts)
      html += "<dt>" + escape_html(name) + "</dt><dd>" + escape_html(value) + "</dd>";
    html += "</dl>";
  }
  html += "</header>\n";
  if (!report.training.empty()) {
    html += "<section><h2>Training</h2><div class=\"grid2\">";
    for (const Chart& chart : report.training) html += sheet(chart.title, line_chart(chart));
    html += "</div></section>\n";
  }
  for (const Section& s : report.sections) html += section(s) + "\n";
  return html +
         "<footer>Made by Longhand. All of it is in this file.</footer></main></body></html>\n";
}

Result<void> write_page(const std::string& html, const std::filesystem::path& file) {
  const auto failed = [&](ErrorCode code, const std::string& reason) {
    return fail(code, "can't write the report " + file.string() + ": " + reason);
  };
  std::error_code error;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  if (error) return failed(ErrorCode::kIo, error.message());
  std::filesystem::path temporary = file;
  temporary += ".part";
  if (!write_through(temporary, html)) {
    const int reason = errno;
    std::filesystem::remove(temporary, error);
    return failed(reason == ENOSPC ? ErrorCode::kDiskFull : ErrorCode::kIo, std::strerror(reason));
  }
  std::filesystem::rename(temporary, file, error);
  if (error) return failed(ErrorCode::kIo, error.message());
  return {};
}

Result<void> write_report(const Report& report, const std::filesystem::path& file) {
  return write_page(to_html(report), file);
}

}  // namespace longhand::evaluation
