// How a hand writes a form: the variation of glyph_forms.h.

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

#include "ink/rasterize.h"
#include "training/glyph_forms.h"

namespace longhand::training {
namespace {

constexpr int kSide = 56;       // of a picture: MNIST's frame, two pixels for one
constexpr float kInkSide = 40;  // the longer side of what is written
constexpr float kStep = 2;      // between the points of a written stroke
constexpr float kCornerKept = 0.65F;

float within(float value, float most) {
  return std::clamp(value, -most, most);
}

// What stays the same while one hand writes one character. Lengths in hundredths of the height.
struct Hand {
  float jitter;     // deviation of each point
  float misplaced;  // deviation of each stroke
  float reach;      // deviation of the length of a stroke's ends
  float tremor;     // amplitude
  float slant;      // tangent, to the right
  float aspect;     // width by height, of the form's
  float turn;       // radians
  float pen;        // width

  explicit Hand(CounterRandom& random) {
    const float careless = random.uniform(0.4F, 1.4F);
    jitter = 3.2F * careless;
    misplaced = 2.5F * careless;
    reach = 5 * careless;
    tremor = 0.7F * careless * random.uniform();
    slant = within(0.08F + 0.22F * random.normal(), 0.6F);
    aspect = std::exp(within(0.22F * random.normal(), 0.6F));
    turn = within(4 * random.normal(), 12) * std::numbers::pi_v<float> / 180;
    pen = std::exp(random.uniform(std::log(3.5F), std::log(15.0F)));
  }
};

// Lengthens or shortens the way at its end, at most by two thirds of the last piece.
void change_end(FormPoint& end, const FormPoint& before, float by) {
  const float dx = end.x - before.x;
  const float dy = end.y - before.y;
  const float length = std::max(1.0F, std::hypot(dx, dy));
  const float share = std::max(by, -0.66F * length) / length;
  end.x += share * dx;
  end.y += share * dy;
}

// The form's points where this hand puts them.
std::vector<FormPoint> place(const FormStroke& stroke, const Hand& hand, CounterRandom& random) {
  std::vector<FormPoint> points = stroke.points;
  const float dx = hand.misplaced * random.normal();
  const float dy = hand.misplaced * random.normal();
  for (FormPoint& point : points) {
    point.x += dx + within(hand.jitter * random.normal(), 8);
    point.y += dy + within(hand.jitter * random.normal(), 8);
    point.corner = point.corner && random.chance(kCornerKept);
  }
  const auto reach = [&] { return std::clamp(hand.reach * random.normal(), -10.0F, 14.0F); };
  const std::size_t last = points.size() - 1;
  change_end(points[0], points[1], reach());
  change_end(points[last], points[last - 1], reach());
  return points;
}

// A Catmull-Rom spline through the points, broken at the corners, in steps of about kStep.
ink::Stroke smooth_way(const std::vector<FormPoint>& points) {
  ink::Stroke way;
  const auto slope = [&](std::size_t i, bool leaving, float FormPoint::*axis) {
    const bool from_here = leaving && (i == 0 || points[i].corner);
    const bool to_here = !leaving && (i + 1 == points.size() || points[i].corner);
    const FormPoint& before = points[from_here ? i : i - 1];
    const FormPoint& after = points[to_here ? i : i + 1];
    const float share = from_here || to_here ? 1.0F : 0.5F;
    return share * (after.*axis - before.*axis);
  };
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const FormPoint& a = points[i];
    const FormPoint& b = points[i + 1];
    const int steps =
        std::max(2, static_cast<int>(std::hypot(b.x - a.x, b.y - a.y) / kStep + 0.5F));
    const auto at = [&](float t, float FormPoint::*axis) {
      const float t2 = t * t, t3 = t2 * t;
      return (2 * t3 - 3 * t2 + 1) * a.*axis + (t3 - 2 * t2 + t) * slope(i, true, axis) +
             (3 * t2 - 2 * t3) * b.*axis + (t3 - t2) * slope(i + 1, false, axis);
    };
    for (int step = i == 0 ? 0 : 1; step <= steps; ++step) {
      const float t = static_cast<float>(step) / static_cast<float>(steps);
      ink::Point point;
      point.x = at(t, &FormPoint::x);
      point.y = at(t, &FormPoint::y);
      way.push_back(point);
    }
  }
  return way;
}

// A tremor of two waves, and a pressure that changes from one end to the other.
void tremble(ink::Stroke& way, float amplitude, CounterRandom& random) {
  const float long_wave = random.uniform(0.1F, 0.25F), short_wave = random.uniform(0.3F, 0.7F);
  const float x_phase = random.uniform(0, 6), y_phase = random.uniform(0, 6);
  const bool pressed = random.chance(0.4F);
  const float from = pressed ? random.uniform(0.45F, 1) : 1;
  const float to = pressed ? random.uniform(0.45F, 1) : 1;
  for (std::size_t i = 0; i < way.size(); ++i) {
    const auto at = static_cast<float>(i);
    way[i].x += amplitude * (std::sin(long_wave * at + x_phase) + 0.5F * std::sin(short_wave * at));
    way[i].y += amplitude * (std::cos(long_wave * at + y_phase) + 0.5F * std::cos(short_wave * at));
    way[i].pressure = from + (to - from) * at / static_cast<float>(way.size());
  }
}

void slant_and_turn(ink::Strokes& strokes, const Hand& hand) {
  const float c = std::cos(hand.turn), s = std::sin(hand.turn);
  for (ink::Stroke& stroke : strokes.strokes) {
    for (ink::Point& point : stroke) {
      const float x = hand.aspect * point.x - hand.slant * point.y;
      point = {c * x - s * point.y, s * x + c * point.y, point.t, point.pressure};
    }
  }
}

ink::Strokes write_with(const Form& form, const Hand& hand, CounterRandom& random) {
  ink::Strokes written;
  for (const FormStroke& stroke : form.strokes) {
    if (!random.chance(stroke.chance)) continue;
    ink::Stroke way = smooth_way(place(stroke, hand, random));
    tremble(way, hand.tremor, random);
    written.strokes.push_back(std::move(way));
  }
  slant_and_turn(written, hand);
  return written;
}

ink::GreyImage draw(ink::Strokes strokes, float pen) {
  const ink::Box box = ink::bounds(strokes);
  const float scale = kInkSide / std::max({box.w, box.h, 50.0F});
  for (ink::Stroke& stroke : strokes.strokes) {
    for (ink::Point& point : stroke) {
      point.x = (point.x - box.x - box.w / 2) * scale + kSide / 2.0F;
      point.y = (point.y - box.y - box.h / 2) * scale + kSide / 2.0F;
    }
  }
  ink::Brush brush;
  brush.width = std::max(1.2F, pen * scale);
  brush.uses_pressure = true;
  return ink::rasterize(strokes, kSide, kSide, brush);
}

// One of a character's forms, by their weights.
const Form& choose(const std::vector<const Form*>& forms, CounterRandom& random) {
  float all = 0;
  for (const Form* form : forms) all += form->weight;
  float at = random.uniform(0, all);
  for (const Form* form : forms) {
    at -= form->weight;
    if (at < 0) return *form;
  }
  return *forms.back();
}

}  // namespace

ink::Strokes write_form(const Form& form, CounterRandom& random) {
  const Hand hand(random);
  return write_with(form, hand, random);
}

data::Dataset draw_forms(const std::vector<Form>& forms, const std::vector<std::string>& alphabet,
                         std::size_t count, std::uint64_t seed) {
  std::vector<std::vector<const Form*>> characters;
  for (const std::string& character : alphabet) {
    std::vector<const Form*> own;
    for (const Form& form : forms) {
      if (form.character == character) own.push_back(&form);
    }
    if (!own.empty()) characters.push_back(std::move(own));
  }
  data::Dataset set;
  if (characters.empty()) return set;
  set.samples.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    CounterRandom random({use(RandomUse::kForms), seed, i});
    const Form& form = choose(characters[i % characters.size()], random);
    const Hand hand(random);
    data::Sample sample;
    sample.input = ink::Raster{draw(write_with(form, hand, random), hand.pen), {}};
    sample.label = form.character;
    sample.source = form.character + ", " + form.name;
    set.samples.push_back(std::move(sample));
  }
  return set;
}

}  // namespace longhand::training
