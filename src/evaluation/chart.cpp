#include "evaluation/chart.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/html.h"
#include "evaluation/html.h"

namespace longhand::evaluation {
namespace {

constexpr double kWidth = 560;
constexpr double kHeight = 280;
constexpr double kLeft = 74;
constexpr double kRight = 24;
constexpr double kTop = 12;
constexpr double kBottom = 44;
constexpr int kColours = 4;  // classes c0 to c3 of the style sheet

std::string px(double value) {
  return number(std::round(value * 10) / 10, 6);
}

// A scale from figures to pixels.
struct Axis {
  double low = 0;
  double high = 1;
  double from = 0;  // pixel of low
  double to = 1;    // pixel of high

  double at(double value) const { return from + (to - from) * (value - low) / (high - low); }
};

// 1, 2 or 5 times a power of ten, so that about `count` of them fill the span.
double nice_step(double span, int count) {
  const double raw = span / count;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * power) return factor * power;
  return 10 * power;
}

void widen_if_flat(Axis& axis) {
  if (axis.high > axis.low) return;
  const double margin = axis.low == 0 ? 1 : std::abs(axis.low) * 0.1;
  axis.low -= margin;
  axis.high += margin;
}

// Grid lines and figures of both axes, and what they measure.
std::string frame(const Axis& x, const Axis& y, const Chart& chart, bool percent_x) {
  const auto label = [](double value, bool as_percent) {
    const double shown = value == 0 ? 0 : value;  // no "-0"
    return as_percent ? number(100 * shown) + "\u00A0%" : number(shown);
  };
  std::string svg;
  const double step_y = nice_step(y.high - y.low, 5);
  for (double i = std::ceil(y.low / step_y - 1e-9); i * step_y <= y.high + step_y * 1e-9; ++i) {
    const std::string at = px(y.at(i * step_y));
    svg += "<line class=\"grid\" x1=\"" + px(x.from) + "\" x2=\"" + px(x.to) + "\" y1=\"" + at +
           "\" y2=\"" + at + "\"/><text x=\"" + px(x.from - 8) + "\" y=\"" + at +
           "\" dy=\".32em\" text-anchor=\"end\">" + label(i * step_y, chart.percent) + "</text>";
  }
  const double step_x = nice_step(x.high - x.low, 7);
  for (double i = std::ceil(x.low / step_x - 1e-9); i * step_x <= x.high + step_x * 1e-9; ++i) {
    svg += "<text x=\"" + px(x.at(i * step_x)) + "\" y=\"" + px(y.from + 18) +
           "\" text-anchor=\"middle\">" + label(i * step_x, percent_x) + "</text>";
  }
  svg += "<text class=\"axis\" x=\"" + px((x.from + x.to) / 2) + "\" y=\"" + px(kHeight - 6) +
         "\" text-anchor=\"middle\">" + escape_html(chart.x_label) + "</text>";
  svg += "<text class=\"axis\" transform=\"rotate(-90)\" x=\"" + px(-(y.from + y.to) / 2) +
         "\" y=\"13\" text-anchor=\"middle\">" + escape_html(chart.y_label) + "</text>";
  return svg;
}

std::string open_svg(const std::string& description) {
  return "<svg viewBox=\"0 0 " + px(kWidth) + " " + px(kHeight) + "\" role=\"img\" aria-label=\"" +
         escape_html(description) + "\">";
}

bool is_drawable(const std::pair<double, double>& point) {
  return std::isfinite(point.first) && std::isfinite(point.second);
}

// The axes that all points fit on; nullopt-like empty axes never happen: flat ones are widened.
std::pair<Axis, Axis> axes_of(const std::vector<Curve>& curves) {
  constexpr double kHuge = std::numeric_limits<double>::max();
  Axis x{kHuge, -kHuge, kLeft, kWidth - kRight};
  Axis y{kHuge, -kHuge, kHeight - kBottom, kTop};
  for (const Curve& curve : curves) {
    for (const auto& point : curve.points) {
      if (!is_drawable(point)) continue;
      x.low = std::min(x.low, point.first);
      x.high = std::max(x.high, point.first);
      y.low = std::min(y.low, point.second);
      y.high = std::max(y.high, point.second);
    }
  }
  if (x.low > x.high) x.low = x.high = y.low = y.high = 0;
  widen_if_flat(x);
  widen_if_flat(y);
  return {x, y};
}

std::string polyline(const Curve& curve, const Axis& x, const Axis& y, int colour) {
  std::string points;
  std::size_t drawn = 0;
  const std::pair<double, double>* last = nullptr;
  for (const auto& point : curve.points) {
    if (!is_drawable(point)) continue;
    points += px(x.at(point.first)) + "," + px(y.at(point.second)) + " ";
    last = &point;
    ++drawn;
  }
  const std::string colour_class{'c', static_cast<char>('0' + colour % kColours)};
  if (drawn == 1)
    return "<circle class=\"dot " + colour_class + "\" r=\"3\" cx=\"" + px(x.at(last->first)) +
           "\" cy=\"" + px(y.at(last->second)) + "\"/>";
  return "<polyline class=\"curve " + colour_class + "\" points=\"" + points + "\"><title>" +
         escape_html(curve.name) + "</title></polyline>";
}

std::string legend(const std::vector<Curve>& curves) {
  if (curves.size() < 2) return "";
  std::string html = "<p class=\"legend\">";
  for (std::size_t i = 0; i < curves.size(); ++i)
    html += "<span><i class=\"c" + std::to_string(i % kColours) + "\"></i>" +
            escape_html(curves[i].name) + "</span>";
  return html + "</p>";
}

std::string draw(const Chart& chart, bool percent_x, bool from_zero) {
  auto [x, y] = axes_of(chart.curves);
  if (from_zero) {
    y.low = std::min(0.0, y.low);
    if (percent_x) {
      x.low = 0;
      x.high = 1;
    }
  }
  std::string svg = open_svg(chart.title) + frame(x, y, chart, percent_x);
  for (std::size_t i = 0; i < chart.curves.size(); ++i)
    svg += polyline(chart.curves[i], x, y, static_cast<int>(i % kColours));
  return legend(chart.curves) + svg + "</svg>";
}

}  // namespace

std::string line_chart(const Chart& chart) {
  return draw(chart, false, false);
}

std::string risk_coverage_chart(const Evaluation& evaluation) {
  Chart chart{"Errors among the surest readings", "share of samples answered", "errors", {}, true};
  Curve& curve = chart.curves.emplace_back();
  curve.name = "errors";
  for (const RiskPoint& point : evaluation.risk_coverage)
    curve.points.emplace_back(point.coverage, point.risk);
  return draw(chart, true, true);
}

std::string reliability_diagram(const Evaluation& evaluation) {
  const Axis x{0, 1, kLeft, kWidth - kRight};
  const Axis y{0, 1, kHeight - kBottom, kTop};
  const Chart labels{"", "how sure it was", "how often it was right", {}, true};
  std::string svg =
      open_svg("How often the model was right against how sure it was") + frame(x, y, labels, true);
  svg += "<line class=\"ideal\" x1=\"" + px(x.from) + "\" y1=\"" + px(y.from) + "\" x2=\"" +
         px(x.to) + "\" y2=\"" + px(y.to) + "\"/>";
  for (const CalibrationBin& bin : evaluation.calibration) {
    const Interval interval = wilson_interval(
        static_cast<std::size_t>(std::llround(bin.accuracy * static_cast<double>(bin.samples))),
        bin.samples);
    const std::string at = px(x.at(bin.confidence));
    svg += "<g><line class=\"whisker\" x1=\"" + at + "\" x2=\"" + at + "\" y1=\"" +
           px(y.at(interval.low)) + "\" y2=\"" + px(y.at(interval.high)) +
           "\"/><circle class=\"dot c1\" r=\"4\" cx=\"" + at + "\" cy=\"" + px(y.at(bin.accuracy)) +
           "\"/><title>" + grouped(bin.samples) + " samples: sure to " + percent(bin.confidence) +
           ", right in " + percent(bin.accuracy) + "</title></g>";
  }
  return svg + "</svg>";
}

}  // namespace longhand::evaluation
