#include "server/resources.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace longhand::server {
namespace {

namespace fs = std::filesystem;

// A hierarchy of control groups, as far as this process sees it.
struct Hierarchy {
  fs::path mount;  // where it is mounted
  fs::path group;  // the group of this process, below it
};

std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, by);) parts.push_back(std::move(part));
  return parts;
}

bool lists(const std::string& names, const std::string& name) {
  const auto parts = split(names, ',');
  return std::find(parts.begin(), parts.end(), name) != parts.end();
}

// The group of this process in the hierarchy of a controller; "" is version 2's.
std::optional<std::string> group_of(const fs::path& root, const std::string& controller) {
  for (const std::string& line : lines_of(root / "proc/self/cgroup")) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (controller.empty() ? controllers.empty() : lists(controllers, controller)) {
      return line.substr(second + 1);
    }
  }
  return std::nullopt;
}

// Of /proc/self/mountinfo: id parent device ROOT MOUNT options [tags] - TYPE source OPTIONS.
std::optional<Hierarchy> find_hierarchy(const fs::path& root, const std::string& controller) {
  auto group = group_of(root, controller);
  if (!group) return std::nullopt;
  for (const std::string& line : lines_of(root / "proc/self/mountinfo")) {
    const std::vector<std::string> parts = split(line, ' ');
    const auto dash = std::find(parts.begin(), parts.end(), "-");
    if (parts.size() < 6 || parts.end() - dash < 4) continue;
    const bool fits = controller.empty() ? dash[1] == "cgroup2"
                                         : dash[1] == "cgroup" && lists(dash[3], controller);
    if (!fits) continue;
    // In a container the mount may show no more than the container's own group.
    const std::string& shown = parts[3];
    if (shown != "/" && group->starts_with(shown)) group->erase(0, shown.size());
    const fs::path mount = root / fs::path(parts[4]).relative_path();
    return Hierarchy{mount, mount / fs::path(*group).relative_path()};
  }
  return std::nullopt;
}

// The numbers of a file's first line; "max" is left out.
std::vector<double> numbers(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<double> out;
  for (std::string word; stream >> word;) {
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error == std::errc() && end == word.data() + word.size()) out.push_back(value);
  }
  return out;
}

// Calls `look` with each group from this process' up to the mount's.
template <typename Look>
void walk_up(const std::optional<Hierarchy>& hierarchy, Look look) {
  if (!hierarchy) return;
  for (fs::path group = hierarchy->group;; group = group.parent_path()) {
    look(group);
    if (group == hierarchy->mount || group == group.parent_path()) return;
  }
}

// No limit is written as a number beyond all memory in version 1.
void lower_memory(Resources& resources, const fs::path& file) {
  const auto limit = numbers(file);
  if (limit.size() == 1 && limit[0] > 0) {
    resources.memory =
        static_cast<std::size_t>(std::min(static_cast<double>(resources.memory), limit[0]));
  }
}

void lower_cpus(Resources& resources, double quota, double period) {
  if (quota > 0 && period > 0) resources.cpus = std::min(resources.cpus, quota / period);
}

Resources machine() {
  cpu_set_t mine;
  CPU_ZERO(&mine);
  const bool known = sched_getaffinity(0, sizeof mine, &mine) == 0;
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  return {static_cast<double>(known ? std::max(CPU_COUNT(&mine), 1) : 1),
          static_cast<std::size_t>(pages) * static_cast<std::size_t>(page)};
}

}  // namespace

Resources read_resources(const fs::path& root) {
  Resources resources = machine();
  walk_up(find_hierarchy(root, ""), [&](const fs::path& group) {
    const auto cpu = numbers(group / "cpu.max");  // "QUOTA PERIOD" or "max PERIOD"
    if (cpu.size() == 2) lower_cpus(resources, cpu[0], cpu[1]);
    lower_memory(resources, group / "memory.max");
  });
  walk_up(find_hierarchy(root, "memory"),
          [&](const fs::path& group) { lower_memory(resources, group / "memory.limit_in_bytes"); });
  walk_up(find_hierarchy(root, "cpu"), [&](const fs::path& group) {
    const auto quota = numbers(group / "cpu.cfs_quota_us");  // -1: none
    const auto period = numbers(group / "cpu.cfs_period_us");
    if (quota.size() == 1 && period.size() == 1) lower_cpus(resources, quota[0], period[0]);
  });
  return resources;
}

}  // namespace longhand::server
