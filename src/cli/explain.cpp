#include "cli/explain.h"

#include <algorithm>

#include "base/html.h"
#include "evaluation/html.h"
#include "evaluation/report.h"
#include "evaluation/report_style.h"
#include "ink/drawing.h"

namespace longhand::cli {
namespace {

constexpr const char* kStyle = R"css(
.stages{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:18px}
.stages figure{margin:0}
.stages img{width:100%;max-height:260px;object-fit:contain;image-rendering:pixelated;
background:#000;border-radius:8px}
.stages figcaption{font-size:13px;color:var(--muted);margin-top:6px}
.stages b{color:var(--ink);display:block;font-size:15px}
.answer{font:600 40px/1.2 var(--serif);color:var(--seal)}
)css";

std::string stage(const std::string& name, const std::string& finding,
                  const ink::GreyImage& picture) {
  if (picture.empty()) return "";
  return "<figure><img src=\"" + evaluation::picture_url(picture) + "\" alt=\"" + escape_html(name) +
         "\"><figcaption><b>" + escape_html(name) + "</b>" + escape_html(finding) + "</figcaption></figure>";
}

std::string candidates(const recognizer::GlyphReading& glyph) {
  std::string html =
      "<table><thead><tr><th class=\"text\">candidate</th><th>confidence</th></tr></thead><tbody>";
  for (const recognizer::Candidate& c : glyph.candidates) {
    html += "<tr><td class=\"text\">" + escape_html(c.text) + "</td><td>" +
            evaluation::percent(static_cast<double>(c.confidence)) + "</td></tr>";
  }
  return html + "</tbody></table>";
}

std::string stages_of(const ink::Raster& raster, ink::Normalization normalization,
                      const recognizer::Reading& reading) {
  ink::Trace trace;
  const std::optional<ink::Glyph> first = ink::normalize(raster, normalization, &trace);
  std::string html;
  // Where the search told nothing, a picture of moderate size still shows what there was.
  constexpr int kMostShown = 1024;
  if (trace.stages.empty() && std::max(raster.grey.width, raster.grey.height) <= kMostShown)
    html += stage("as given", "grey", raster.grey);
  for (const ink::Trace::Stage& s : trace.stages) html += stage(s.name, s.finding, s.picture);
  if (first && reading.glyphs.size() == 1 && reading.glyphs.front().image != first->image)
    html += stage("at first sight", "nothing fitted this; a further look did better", first->image);
  return html;
}

std::string stages_of(const ink::Strokes& strokes, ink::Normalization,
                      const recognizer::Reading&) {
  constexpr int kSide = 192;
  return stage(
      "as given",
      std::to_string(strokes.strokes.size()) + " strokes; the path itself is evened out, no pixels",
      ink::draw_fitted(strokes, kSide, 12, 3));
}

}  // namespace

std::string explain(const std::string& name, const std::variant<ink::Raster, ink::Strokes>& content,
                    ink::Normalization normalization, const recognizer::Reading& reading) {
  std::string html = "<section><h2>" + escape_html(name) + "</h2><div class=\"stack\">";
  html += "<div class=\"sheet\"><h3>From the picture to the glyph</h3><div class=\"stages\">";
  html += std::visit([&](const auto& input) { return stages_of(input, normalization, reading); }, content);
  if (!reading.glyphs.empty())
    html += stage("glyph", "as the network saw it", reading.glyphs.front().image);
  html += "</div><p class=\"note\">Normalization " +
          escape_html(std::string(ink::to_string(normalization))) + ".</p></div>";
  html += "<div class=\"sheet\"><h3>Reading</h3>";
  if (reading.glyphs.empty()) {
    html += "<p>Nothing written.</p>";
  } else {
    html += reading.rejected ? "<p>Not sure.</p>"
                             : "<p class=\"answer\">" + escape_html(reading.text) + "</p>";
    html += candidates(reading.glyphs.front());
    html += "<p class=\"note\">Model " + escape_html(reading.model.name) + ", version " +
            escape_html(reading.model.version) + ".</p>";
  }
  return html + "</div></div></section>\n";
}

Result<void> write_explanations(const std::vector<std::string>& parts,
                                const std::filesystem::path& file) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>How it was read \u2013 Longhand"
      "</title><style>" +
      std::string(evaluation::report_style()) + kStyle +
      "</style></head>\n<body><main><header><h1>How it was read</h1></header>\n";
  for (const std::string& part : parts) html += part;
  html += "<footer>Made by Longhand. All of it is in this file.</footer></main></body></html>\n";
  return evaluation::write_page(html, file);
}

}  // namespace longhand::cli
