#include "ink/page_edges.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ink/layout.h"

namespace longhand::ink {
namespace {

constexpr float kAlong = 0.6F;  // of its length, that keeps to the rim
// In heights of the writing: how deep into the sheet, at most or at least, or how long along the
// rim.
constexpr float kFlat = 0.35F;
constexpr float kDeep = 1.6F;
constexpr float kLong = 2;
// Of its box, that what darkens a corner fills: an L there fills less.
constexpr float kCorner = 0.4F;
constexpr float kFlatter = 1.5F;  // length by depth, where flat: a dot at the rim is a dot
// The writing away from the rim: one sign that is large for the sheet, or some that are no specks.
constexpr float kLargeSign = 0.2F;
constexpr int kWidestSign = 2;    // by its height: a bar that hangs free of its stem is none
constexpr int kSmallestSign = 6;  // places, or
constexpr int kPartOfSheet = 60;  // of its smaller side
constexpr std::size_t kLeastSigns = 3;
constexpr float kMostOfSheet = 0.5F;  // both ways: what is larger is a glyph that fills the sheet,
                                      // but for the corner of a table, which keeps to two sides

constexpr int kSoft = 2;  // places beside an edge that it shades

// How a component meets one side of the sheet.
struct Contact {
  int length = 0;  // of the component along that side, in places
  int depth = 0;   // and away from it
  int met = 0;     // places of the side itself that are the component's
};

bool keeps_to_rim(const Contact& contact) {
  return contact.met > 0 &&
         static_cast<float>(contact.met) >= kAlong * static_cast<float>(contact.length);
}

bool is_edge(const Contact& contact, float height) {
  if (!keeps_to_rim(contact)) return false;
  const auto length = static_cast<float>(contact.length), depth = static_cast<float>(contact.depth);
  if (depth < kFlat * height) return length >= kFlatter * depth;
  return depth > kDeep * height || length > kLong * height;
}

// `filled` is the share of its box that the component's places take.
bool is_edge(const std::vector<Contact>& contacts, float filled, const Part& sheet, float height) {
  if (contacts.empty()) return false;
  const float side = static_cast<float>(std::min(sheet.width(), sheet.height()));
  const int smaller = std::min(contacts.front().length, contacts.front().depth);
  const auto kept = std::count_if(contacts.begin(), contacts.end(), keeps_to_rim);
  if (static_cast<float>(smaller) > kMostOfSheet * side && kept < 2) return false;
  if (kept >= 2 && filled >= kCorner) return true;
  return std::any_of(contacts.begin(), contacts.end(),
                     [&](const Contact& contact) { return is_edge(contact, height); });
}

// The usual height of the writing away from the rim; 0 where there is none.
float height_inside(const std::vector<Component>& components,
                    const std::vector<std::vector<Contact>>& contacts, const Part& sheet) {
  const int side = std::min(sheet.width(), sheet.height());
  const int least = std::max(kSmallestSign, side / kPartOfSheet);
  std::vector<Box> signs;
  int largest = 0;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    if (!contacts[n].empty() || c.extent() < least || c.width() > kWidestSign * c.height())
      continue;
    signs.push_back({0, 0, static_cast<float>(c.width()), static_cast<float>(c.height())});
    largest = std::max(largest, c.extent());
  }
  const bool large = static_cast<float>(largest) >= kLargeSign * static_cast<float>(side);
  return large || signs.size() >= kLeastSigns ? usual_height(signs) : 0;
}

// The component's places in the outermost row or column of the sheet on each of its four sides.
std::vector<Contact> contacts_of(const Component& c, int label, const Grid<int>& labels,
                                 const Part& sheet) {
  std::vector<Contact> contacts;
  const auto along_row = [&](int y, int depth) {
    Contact contact{c.width(), depth, 0};
    for (int x = c.x0; x <= c.x1; ++x) contact.met += labels.at(x, y) == label ? 1 : 0;
    contacts.push_back(contact);
  };
  const auto along_column = [&](int x, int depth) {
    Contact contact{c.height(), depth, 0};
    for (int y = c.y0; y <= c.y1; ++y) contact.met += labels.at(x, y) == label ? 1 : 0;
    contacts.push_back(contact);
  };
  if (c.y0 <= sheet.y0) along_row(c.y0, c.height());
  if (c.y1 >= sheet.y1 - 1) along_row(c.y1, c.height());
  if (c.x0 <= sheet.x0) along_column(c.x0, c.width());
  if (c.x1 >= sheet.x1 - 1) along_column(c.x1, c.width());
  return contacts;
}

}  // namespace

Mask find_page_edges(const Plane& coverage, const Part& sheet, float inked) {
  Grid<int> labels;
  const std::vector<Component> components = label_components(coverage, inked, labels);
  return find_page_edges(components, labels, sheet);
}

Mask find_page_edges(const std::vector<Component>& components, const Grid<int>& labels,
                     const Part& sheet) {
  std::vector<std::vector<Contact>> contacts;
  for (std::size_t n = 0; n < components.size(); ++n)
    contacts.push_back(contacts_of(components[n], static_cast<int>(n) + 1, labels, sheet));
  const float height = height_inside(components, contacts, sheet);
  if (height <= 0) return {};
  std::vector<bool> edge(components.size() + 1);
  bool any = false;
  for (std::size_t n = 0; n < components.size(); ++n) {
    const Component& c = components[n];
    const float filled =
        static_cast<float>(c.area) / static_cast<float>(std::int64_t{c.width()} * c.height());
    edge[n + 1] = is_edge(contacts[n], filled, sheet, height);
    any = any || edge[n + 1];
  }
  if (!any) return {};
  Mask mask(labels.width, labels.height);
  for (int y = 0; y < mask.height; ++y) {
    for (int x = 0; x < mask.width; ++x) {
      if (!edge[static_cast<std::size_t>(labels.at(x, y))]) continue;
      for (int v = std::max(0, y - kSoft); v <= std::min(mask.height - 1, y + kSoft); ++v) {
        for (int u = std::max(0, x - kSoft); u <= std::min(mask.width - 1, x + kSoft); ++u)
          mask.at(u, v) = 1;
      }
    }
  }
  return mask;
}

}  // namespace longhand::ink
