#include <cmath>
#include <map>

#include "base/html.h"
#include "evaluation/chart.h"
#include "evaluation/html.h"

namespace longhand::evaluation {
namespace {

constexpr std::size_t kMostClasses = 100;
constexpr std::size_t kMostWithFigures = 20;

std::string px(double value) {
  return number(value, 6);
}

std::string text_at(double x, double y, const char* css_class, const std::string& text) {
  return "<text class=\"" + std::string(css_class) + "\" x=\"" + px(x) + "\" y=\"" + px(y) +
         "\" dy=\".34em\" text-anchor=\"middle\">" + escape_html(text) + "</text>";
}

}  // namespace

std::string confusion_matrix(const Evaluation& evaluation) {
  // Classes that neither stood there nor were read would be empty rows.
  std::map<std::string, std::size_t> place;
  std::vector<std::string> labels;
  std::map<std::string, std::size_t> in_row;
  for (const ClassResult& result : evaluation.per_class) in_row[result.label] = result.samples;
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (const ClassResult& result : evaluation.per_class)
    if (result.correct > 0) counts[{result.label, result.label}] = result.correct;
  for (const Confusion& confusion : evaluation.confusions) {
    counts[{confusion.label, confusion.read}] = confusion.count;
    in_row.emplace(confusion.read, 0);
  }
  for (const std::string& label : evaluation.alphabet)
    if (in_row.contains(label)) labels.push_back(label);
  if (in_row.contains("")) labels.push_back("");
  if (labels.empty() || labels.size() > kMostClasses) return "";
  for (std::size_t i = 0; i < labels.size(); ++i) place[labels[i]] = i;

  const bool figures = labels.size() <= kMostWithFigures;
  const double cell = figures ? 40 : 16;
  const double margin = figures ? 40 : 22;
  const double side = margin + cell * static_cast<double>(labels.size()) + 2;
  std::string svg = "<svg class=\"matrix\" viewBox=\"0 0 " + px(side) + " " + px(side) +
                    "\" style=\"max-width:" + px(side) +
                    "px\" role=\"img\" aria-label=\"Confusion matrix: rows are labels, columns "
                    "what was read\">";
  const auto at = [&](std::size_t i) { return margin + cell * static_cast<double>(i); };
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string shown = labels[i].empty() ? "\u2205" : labels[i];
    svg += text_at(at(i) + cell / 2, margin / 2, "head", shown);
    if (!labels[i].empty()) svg += text_at(margin / 2, at(i) + cell / 2, "head", shown);
  }
  for (const auto& [pair, count] : counts) {
    const auto& [label, read] = pair;
    const double share = static_cast<double>(count) / static_cast<double>(in_row[label]);
    const bool right = label == read;
    // Errors are rare: by their square root they can be seen at all.
    const double strength = right ? share * share : 0.15 + 0.85 * std::sqrt(share);
    const double x = at(place[read]);
    const double y = at(place[label]);
    svg += "<g><rect class=\"" + std::string(right ? "right" : "wrong") + "\" x=\"" + px(x + 1) +
           "\" y=\"" + px(y + 1) + "\" width=\"" + px(cell - 2) + "\" height=\"" + px(cell - 2) +
           "\" rx=\"" + (figures ? "6" : "2") + "\" fill-opacity=\"" + number(strength, 3) + "\"/>";
    if (figures)
      svg +=
          text_at(x + cell / 2, y + cell / 2, strength > 0.5 ? "on" : "off", std::to_string(count));
    svg += "<title>" + escape_html(label) + " read as " + (read.empty() ? "nothing" : escape_html(read)) +
           ": " + grouped(count) + " (" + percent(share) + ")</title></g>";
  }
  return svg + "</svg>";
}

}  // namespace longhand::evaluation
