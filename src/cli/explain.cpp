#include "cli/explain.h"

#include <algorithm>
#include <cmath>

#include "base/html.h"
#include "evaluation/html.h"
#include "evaluation/report.h"
#include "evaluation/report_style.h"
#include "ink/drawing.h"
#include "ink/find_ink.h"
#include "ink/ink_map.h"
#include "ink/layout.h"
#include "ink/note.h"
#include "ink/quarter_turn.h"
#include "ink/stains.h"
#include "ink/turn.h"

namespace longhand::cli {
namespace {

constexpr const char* kStyle = R"css(
.stages{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:18px}
.stages figure{margin:0}
.stages img{width:100%;max-height:260px;object-fit:contain;image-rendering:pixelated;
background:#000;border-radius:8px}
.stages figcaption{font-size:13px;color:var(--muted);margin-top:6px}
.stages b{color:var(--ink);display:block;font-size:15px}
.answer{font:600 40px/1.2 var(--serif);color:var(--seal);white-space:pre-line;overflow-wrap:anywhere}
.found{position:relative;max-width:100%;width:fit-content;margin:0 auto;border-radius:8px;overflow:hidden}
.found img{display:block;max-width:100%;max-height:70vh}
.found svg{width:100%;height:100%}
.found img+svg{position:absolute;inset:0}
.found svg:first-child{width:min(640px,80vw);height:auto;max-height:70vh}
.found rect{fill:none;stroke:var(--seal);stroke-width:2;vector-effect:non-scaling-stroke;pointer-events:all}
.found polyline{fill:none;stroke:var(--ink);stroke-width:3;stroke-linecap:round;stroke-linejoin:round;
vector-effect:non-scaling-stroke}
.stages.views{margin-top:20px;align-items:start}
.stages.views img{height:auto;aspect-ratio:auto}
h2{overflow-wrap:anywhere}
.glyphs{display:grid;grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:14px;margin-top:14px}
.glyphs figure{margin:0}
.glyphs img{width:100%;image-rendering:pixelated;background:#000;border-radius:8px;display:block}
.glyphs figcaption{font-size:12px;color:var(--muted);margin-top:5px}
.glyphs b{color:var(--ink);display:block;font-size:14px}
.glyphs span{display:block}
)css";

// To parts of a pixel, however large the picture.
std::string coordinate(float value) {
  return evaluation::number(static_cast<double>(value), 7);
}

std::string degrees_of(float slope) {
  constexpr float kDegrees = 57.29578F;  // of a radian
  return evaluation::number(static_cast<double>(std::atan(slope) * kDegrees), 2) + " degrees";
}

std::string stage(const std::string& name, const std::string& finding,
                  const ink::GreyImage& picture) {
  if (picture.empty()) return "";
  return "<figure><img src=\"" + evaluation::picture_url(picture) + "\" alt=\"" +
         escape_html(name) + "\"><figcaption><b>" + escape_html(name) + "</b>" +
         escape_html(finding) + "</figcaption></figure>";
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

// A picture reduced by a whole number to so many pixels a side at most, by averages.
ink::GreyImage reduced(const ink::GreyImage& picture, int most) {
  const int step = (std::max(picture.width, picture.height) + most - 1) / most;
  if (step <= 1) return picture;
  ink::GreyImage small((picture.width + step - 1) / step, (picture.height + step - 1) / step);
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      int sum = 0, count = 0;
      for (int v = y * step; v < std::min(picture.height, (y + 1) * step); ++v) {
        for (int u = x * step; u < std::min(picture.width, (x + 1) * step); ++u)
          sum += picture.at(u, v), ++count;
      }
      small.at(x, y) = static_cast<std::uint8_t>(sum / std::max(1, count));
    }
  }
  return small;
}

constexpr int kMostShown = 1024;  // pixels a side

std::string stages_of(const ink::Raster& raster, ink::Normalization normalization,
                      const recognizer::Reading& reading) {
  ink::Trace trace;
  const std::optional<ink::Glyph> first = ink::normalize(raster, normalization, &trace);
  std::string html;
  // Where the search told nothing, a picture of moderate size still shows what there was.
  if (trace.stages.empty() && std::max(raster.grey.width, raster.grey.height) <= kMostShown)
    html += stage("as given", "grey", raster.grey);
  for (const ink::Trace::Stage& s : trace.stages) html += stage(s.name, s.finding, s.picture);
  if (first && reading.glyphs.size() == 1 && reading.glyphs.front().image != first->image)
    html += stage("at first sight", "nothing fitted this; a further look did better", first->image);
  return html;
}

std::string stages_of(const ink::Strokes& strokes, ink::Normalization, const recognizer::Reading&) {
  constexpr int kSide = 192;
  return stage(
      "as given",
      std::to_string(strokes.strokes.size()) + " strokes; the path itself is evened out, no pixels",
      ink::draw_fitted(strokes, kSide, 12, 3));
}

std::string box_text(const ink::Box& box) {
  return coordinate(box.w) + " x " + coordinate(box.h) + " pixels from " + coordinate(box.x) +
         ", " + coordinate(box.y);
}

// The ink of a layout, what was dropped left out.
ink::GreyImage picture_of(const ink::Layout& layout) {
  ink::GreyImage picture(layout.coverage.width, layout.coverage.height);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    const float ink = layout.labels.values[i] != 0 ? layout.coverage.values[i] : 0;
    picture.pixels[i] = static_cast<std::uint8_t>(255 * std::clamp(ink, 0.0F, 1.0F));
  }
  return picture;
}

// What was looked at in place of the whole picture, shown in `html` where it is another.
ink::Raster as_seen(const ink::Raster& raster, const recognizer::Seen& seen, std::string& html) {
  ink::Raster shown = raster;
  if (seen.quarters != 0) {
    shown = ink::quarter_turned(raster, seen.quarters);
    html += stage("turned", std::to_string(90 * seen.quarters) + " degrees clockwise",
                  reduced(shown.grey, kMostShown));
  }
  if (seen.sheet) {
    if (auto note = ink::find_note(shown)) shown = std::move(note->raster);
    html += stage("the sheet alone", box_text(*seen.sheet), reduced(shown.grey, kMostShown));
  }
  if (seen.without_stains) {
    if (auto clean = ink::without_stains(shown)) shown = std::move(*clean);
    html += stage("without stains", "stains, and what shows through, made paper",
                  reduced(shown.grey, kMostShown));
  }
  return shown;
}

ink::Strokes as_seen(const ink::Strokes& strokes, const recognizer::Seen&, std::string&) {
  return strokes;
}

template <typename Content>
std::string one_glyph(const Content& content, ink::Normalization normalization,
                      const recognizer::Writing& writing) {
  const recognizer::Reading& reading = writing.reading;
  std::string html =
      "<div class=\"sheet\"><h3>From the picture to the glyph</h3><div class=\"stages\">";
  const auto seen = as_seen(content, writing.seen, html);
  html += stages_of(seen, normalization, reading);
  if (!reading.glyphs.empty())
    html += stage("glyph", "as the network saw it", reading.glyphs.front().image);
  return html + "</div><p class=\"note\">Normalization " +
         escape_html(std::string(ink::to_string(normalization))) + ".</p></div>";
}

std::string views_of(const ink::Raster& raster, const recognizer::Seen& seen) {
  std::string html;
  const ink::Raster shown = as_seen(raster, seen, html);
  const auto layout = ink::lay_out(shown);
  if (!layout) return html;
  html += stage("ink",
                std::to_string(layout->components.size()) +
                    " things that hang together each; a place is " + std::to_string(layout->step) +
                    " pixels wide",
                reduced(picture_of(*layout), kMostShown));
  if (seen.slope != 0) {
    const ink::Layout level = ink::turned(*layout, ink::Turn::levelling(seen.slope));
    html += stage("turned", "by " + degrees_of(seen.slope) + ", so that lines lie level",
                  reduced(picture_of(level), kMostShown));
  }
  return html;
}

std::string views_of(const ink::Strokes&, const recognizer::Seen& seen) {
  if (seen.slope == 0) return "";
  return "<p class=\"note\">Read turned by " + degrees_of(seen.slope) +
         ", so that lines lie level.</p>";
}

// What was given, over which boxes can be drawn in its own units.
std::string backdrop(const ink::Raster& raster) {
  // What is clear has no grey of its own; the search decides what it stands for.
  const auto map =
      raster.alpha.empty() ? std::nullopt : ink::InkMap::of(raster, ink::InkSteps::ink2().paper);
  const ink::GreyImage shown = map ? map->seen() : reduced(raster.grey, kMostShown);
  return "<img src=\"" + evaluation::picture_url(shown) + "\" alt=\"as given\">";
}
std::string backdrop(const ink::Strokes&) {
  return "";
}

ink::Box extent_of(const ink::Raster& raster) {
  return {0, 0, static_cast<float>(raster.grey.width), static_cast<float>(raster.grey.height)};
}
ink::Box extent_of(const ink::Strokes& strokes) {
  const ink::Box box = ink::bounds(strokes);
  const float margin = 0.05F * std::max({box.w, box.h, 1.0F});
  return {box.x - margin, box.y - margin, box.w + 2 * margin, box.h + 2 * margin};
}

std::string lines_of(const ink::Raster&) {
  return "";
}
std::string lines_of(const ink::Strokes& strokes) {
  std::string svg;
  for (const ink::Stroke& stroke : strokes.strokes) {
    svg += "<polyline points=\"";
    for (const ink::Point& p : stroke) svg += coordinate(p.x) + "," + coordinate(p.y) + " ";
    svg += "\"/>";
  }
  return svg;
}

// What was given, a box around each glyph.
template <typename Content>
std::string found_in(const Content& content, const recognizer::Reading& reading) {
  const ink::Box all = extent_of(content);
  std::string html = "<div class=\"found\">" + backdrop(content) + "<svg viewBox=\"" +
                     coordinate(all.x) + " " + coordinate(all.y) + " " + coordinate(all.w) + " " +
                     coordinate(all.h) + "\">" + lines_of(content);
  for (const recognizer::GlyphReading& glyph : reading.glyphs) {
    html += "<rect x=\"" + coordinate(glyph.box.x) + "\" y=\"" + coordinate(glyph.box.y) +
            "\" width=\"" + coordinate(glyph.box.w) + "\" height=\"" + coordinate(glyph.box.h) +
            "\"><title>" + escape_html(glyph.text) + "</title></rect>";
  }
  return html + "</svg></div>";
}

template <typename Content>
std::string several_glyphs(const Content& content, const recognizer::Writing& writing) {
  std::string html =
      "<div class=\"sheet\"><h3>Where the glyphs are</h3>" + found_in(content, writing.reading);
  const std::string views = views_of(content, writing.seen);
  if (!views.empty()) html += "<div class=\"stages views\">" + views + "</div>";
  return html + "</div>";
}

// Each glyph as the network saw it, with its likeliest characters.
std::string table_of(const std::vector<recognizer::GlyphReading>& glyphs) {
  constexpr std::size_t kCandidates = 3;
  std::string html = "<div class=\"glyphs\">";
  for (const recognizer::GlyphReading& glyph : glyphs) {
    html += "<figure><img src=\"" + evaluation::picture_url(glyph.image) + "\" alt=\"" +
            escape_html(glyph.text) + "\"><figcaption>";
    for (std::size_t i = 0; i < std::min(kCandidates, glyph.candidates.size()); ++i) {
      const recognizer::Candidate& c = glyph.candidates[i];
      html += (i == 0 ? "<b>" : "<span>") + escape_html(c.text) + " " +
              evaluation::percent(static_cast<double>(c.confidence), 1) +
              (i == 0 ? "</b>" : "</span>");
    }
    html += "</figcaption></figure>";
  }
  return html + "</div>";
}

}  // namespace

std::string explain(const std::string& name, const std::variant<ink::Raster, ink::Strokes>& content,
                    ink::Normalization normalization, const recognizer::Writing& writing) {
  const recognizer::Reading& reading = writing.reading;
  const bool several = writing.mode != recognizer::Mode::kGlyph && !reading.glyphs.empty();
  std::string html = "<section><h2>" + escape_html(name) + "</h2><div class=\"stack\">";
  html += std::visit(
      [&](const auto& input) {
        return several ? several_glyphs(input, writing) : one_glyph(input, normalization, writing);
      },
      content);
  html += "<div class=\"sheet\"><h3>Reading</h3>";
  if (reading.glyphs.empty()) {
    html += "<p>Nothing written.</p>";
  } else {
    html += reading.rejected ? "<p>Not sure.</p>"
                             : "<p class=\"answer\">" + escape_html(reading.text) + "</p>";
    if (several && !reading.rejected)
      html += "<p class=\"note\">All of it " +
              evaluation::percent(static_cast<double>(reading.confidence), 1) + " sure.</p>";
    html += several ? table_of(reading.glyphs) : candidates(reading.glyphs.front());
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
