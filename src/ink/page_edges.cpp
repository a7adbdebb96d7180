#include "ink/page_edges.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ink/components.h"
#include "ink/layout.h"

namespace longhand::ink {
namespace {

constexpr float kAlong = 0.6F;  // of its length, that keeps to the rim
// In heights of the writing: how deep into the sheet, at most or at least, or how long along the
// rim.
constexpr float kFlat = 0.35F;
constexpr float kDeep = 1.6F;
constexpr float kLong = 4;
constexpr float kFlatter = 1.5F;  // length by depth, where flat: a dot at the rim is a dot
constexpr int kSmallestExtent = 3;

// How a component meets one side of the sheet.
struct Contact {
  int length = 0;  // of the component along that side, in places
  int depth = 0;   // and away from it
  int met = 0;     // places of the side itself that are the component's
};

bool is_edge(const Contact& contact, float height) {
  const auto length = static_cast<float>(contact.length), depth = static_cast<float>(contact.depth);
  if (contact.met == 0 || static_cast<float>(contact.met) < kAlong * length) return false;
  if (depth < kFlat * height) return length >= kFlatter * depth;
  return depth > kDeep * height || length > kLong * height;
}

// The component's places in the outermost row or column of the sheet on each of its four sides.
std::vector<Contact> contacts_of(const Component& c, int label, const Grid<int>& labels,
                                 const Part& sheet) {
  const int width = c.x1 - c.x0 + 1, height = c.y1 - c.y0 + 1;
  std::vector<Contact> contacts;
  const auto along_row = [&](int y, int depth) {
    Contact contact{width, depth, 0};
    for (int x = c.x0; x <= c.x1; ++x) contact.met += labels.at(x, y) == label ? 1 : 0;
    contacts.push_back(contact);
  };
  const auto along_column = [&](int x, int depth) {
    Contact contact{height, depth, 0};
    for (int y = c.y0; y <= c.y1; ++y) contact.met += labels.at(x, y) == label ? 1 : 0;
    contacts.push_back(contact);
  };
  if (c.y0 <= sheet.y0) along_row(c.y0, height);
  if (c.y1 >= sheet.y1 - 1) along_row(c.y1, height);
  if (c.x0 <= sheet.x0) along_column(c.x0, width);
  if (c.x1 >= sheet.x1 - 1) along_column(c.x1, width);
  return contacts;
}

}  // namespace

Mask find_page_edges(const Plane& coverage, const Part& sheet, float inked) {
  Grid<int> labels;
  const std::vector<Component> components = label_components(coverage, inked, labels);
  std::vector<std::vector<Contact>> contacts;
  std::vector<Box> inside;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    contacts.push_back(contacts_of(c, static_cast<int>(n) + 1, labels, sheet));
    const int width = c.x1 - c.x0 + 1, height = c.y1 - c.y0 + 1;
    if (contacts.back().empty() && std::max(width, height) >= kSmallestExtent)
      inside.push_back({0, 0, static_cast<float>(width), static_cast<float>(height)});
  }
  if (inside.empty()) return {};
  const float height = usual_height(inside);
  std::vector<bool> edge(components.size() + 1);
  bool any = false;
  for (std::size_t n = 0; n < components.size(); ++n) {
    edge[n + 1] = std::any_of(contacts[n].begin(), contacts[n].end(),
                              [&](const Contact& contact) { return is_edge(contact, height); });
    any = any || edge[n + 1];
  }
  if (!any) return {};
  Mask mask(coverage.width, coverage.height);
  for (int y = 0; y < mask.height; ++y) {
    for (int x = 0; x < mask.width; ++x) {
      if (!edge[static_cast<std::size_t>(labels.at(x, y))]) continue;
      for (int v = std::max(0, y - 1); v <= std::min(mask.height - 1, y + 1); ++v) {
        for (int u = std::max(0, x - 1); u <= std::min(mask.width - 1, x + 1); ++u)
          mask.at(u, v) = 1;
      }
    }
  }
  return mask;
}

}  // namespace longhand::ink
