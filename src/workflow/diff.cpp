#include "workflow/diff.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "workflow/yaml.h"

namespace fairlead::workflow {
namespace {

struct FoundTask {
  std::string path;     // names only: "repair/try/start"
  std::string parent;   // path of the list it stands in
  std::string pointer;  // with the places
  Json own;             // without the tasks inside
};

bool is_task_list(Json const& value) {
  if (!value.is_array() || value.empty()) return false;
  return std::all_of(value.items().begin(), value.items().end(),
                     [](Json const& item) { return item.is_object() && item.size() == 1; });
}

// Walks the lists of tasks in a document: do, try, catch.do, branches, foreach.do.
class Walk {
 public:
  explicit Walk(std::vector<FoundTask>& found) : found_(found) {}

  void list(Json const& list, std::string const& path, std::string const& pointer) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      auto const& [name, body] = list.at(i).members().front();
      std::size_t const mine = found_.size();
      found_.push_back({.path = path + "/" + name,
                        .parent = path,
                        .pointer = pointer + "/" + std::to_string(i) + "/" + pointer_token(name),
                        .own = {}});
      auto const at = found_[mine];
      found_[mine].own = without_tasks(body, at.path, at.pointer);
    }
  }

  // A copy of `body` in which each list of tasks is cut out, and walked instead.
  Json without_tasks(Json const& body, std::string const& path, std::string const& pointer) {
    static constexpr std::array<std::string_view, 3> lists{"do", "try", "branches"};
    static constexpr std::array<std::string_view, 3> around{"catch", "fork", "foreach"};
    if (!body.is_object()) return body;
    Json own = Json::object();
    for (auto const& [key, value] : body.members()) {
      auto const inner = path + "/" + key;
      auto const inner_pointer = pointer + "/" + pointer_token(key);
      if (std::find(lists.begin(), lists.end(), key) != lists.end() && is_task_list(value)) {
        list(value, inner, inner_pointer);
        own.set(key, "tasks");
      } else if (std::find(around.begin(), around.end(), key) != around.end()) {
        own.set(key, without_tasks(value, inner, inner_pointer));
      } else {
        own.set(key, value);
      }
    }
    return own;
  }

 private:
  std::vector<FoundTask>& found_;
};

std::vector<FoundTask> tasks_of(Json const& document) {
  std::vector<FoundTask> found;
  Walk walk(found);
  for (auto const& [name, body] : document["use"]["functions"].members()) {
    std::size_t const mine = found.size();
    std::string const pointer = "/use/functions/" + pointer_token(name);
    found.push_back({.path = pointer, .parent = "/use/functions", .pointer = pointer, .own = {}});
    Json own = walk.without_tasks(body, pointer, pointer);
    found[mine].own = std::move(own);
  }
  if (is_task_list(document["do"])) walk.list(document["do"], "/do", "/do");
  return found;
}

// The places where two values differ.
void places(Json const& a, Json const& b, std::string const& at, std::vector<std::string>& out) {
  if (a == b || out.size() >= diff_values_max) return;
  if (!a.is_object() || !b.is_object()) {
    out.push_back(at);
    return;
  }
  for (auto const& [key, value] : a.members())
    places(value, b[key], at + "/" + pointer_token(key), out);
  for (auto const& [key, value] : b.members())
    if (!a.contains(key)) places(Json(), value, at + "/" + pointer_token(key), out);
}

// Everything but the tasks.
Json frame_of(Json document) {
  document.erase("do");
  if (auto* use = document.find("use")) use->erase("functions");
  return document;
}

void compare_frames(Json const& a, Json const& b, std::vector<Difference>& out) {
  std::set<std::string> keys;
  for (auto const& [key, value] : a.members())
    keys.insert(key);
  for (auto const& [key, value] : b.members())
    keys.insert(key);
  using Kind = Difference::Kind;
  for (auto const& key : keys) {
    if (a[key] == b[key]) continue;
    Difference difference{.kind = Kind::changed, .pointer = "/" + pointer_token(key)};
    if (!a.contains(key)) {
      difference.kind = Kind::added;
    } else if (!b.contains(key)) {
      difference.kind = Kind::removed;
    } else {
      places(a[key], b[key], "", difference.changed);
    }
    out.push_back(std::move(difference));
  }
}

using ByPath = std::map<std::string, FoundTask const*>;

ByPath by_path(std::vector<FoundTask> const& tasks) {
  ByPath map;
  for (auto const& task : tasks)
    map[task.path] = &task;
  return map;
}

// Paths of `tasks` that the other side has too, list by list, in order.
std::map<std::string, std::vector<std::string>> orders(std::vector<FoundTask> const& tasks,
                                                       ByPath const& other) {
  std::map<std::string, std::vector<std::string>> lists;
  for (auto const& task : tasks)
    if (other.contains(task.path)) lists[task.parent].push_back(task.path);
  return lists;
}

// Those that are not in the longest run which both orders share.
std::set<std::string> out_of_order(std::vector<std::string> const& a,
                                   std::vector<std::string> const& b) {
  std::vector<std::vector<int>> common(a.size() + 1, std::vector<int>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] =
          a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::set<std::string> moved(a.begin(), a.end());
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i] == b[j]) {
      moved.erase(a[i]);
      ++i, ++j;
    } else if (common[i + 1][j] >= common[i][j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return moved;
}

std::set<std::string> moved_within(std::vector<FoundTask> const& before,
                                   std::vector<FoundTask> const& after, ByPath const& old,
                                   ByPath const& fresh) {
  std::set<std::string> moved;
  auto const new_orders = orders(after, old);
  for (auto const& [parent, order] : orders(before, fresh)) {
    // /use/functions has no order.
    if (parent == "/use/functions") continue;
    moved.merge(out_of_order(order, new_orders.at(parent)));
  }
  return moved;
}

std::string_view name_in(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view word(Difference::Kind kind) {
  static constexpr std::array<std::string_view, 4> words{"added", "removed", "changed", "moved"};
  return words.at(static_cast<std::size_t>(kind));
}

class Comparison {
 public:
  Comparison(std::vector<FoundTask> const& before, std::vector<FoundTask> const& after)
      : before_(before), after_(after), old_(by_path(before)), fresh_(by_path(after)) {}

  void tell(std::vector<Difference>& out) {
    auto const moved = moved_within(before_, after_, old_, fresh_);
    std::set<FoundTask const*> taken;
    for (auto const& task : after_) {
      auto const found = old_.find(task.path);
      if (found == old_.end()) {
        tell_new(task, taken, out);
      } else {
        tell_both(*found->second, task, moved.contains(task.path), out);
      }
    }
    for (auto const& task : before_) {
      if (fresh_.contains(task.path) || taken.contains(&task)) continue;
      out.push_back({.kind = Difference::Kind::removed, .pointer = task.pointer});
    }
  }

 private:
  // Of the same name and content as one that is gone: taken elsewhere.
  void tell_new(FoundTask const& task, std::set<FoundTask const*>& taken,
                std::vector<Difference>& out) const {
    for (auto const& other : before_) {
      bool const same = !fresh_.contains(other.path) && !taken.contains(&other) &&
                        name_in(other.path) == name_in(task.path) && other.own == task.own;
      if (!same) continue;
      taken.insert(&other);
      out.push_back(
          {.kind = Difference::Kind::moved, .pointer = task.pointer, .before = other.pointer});
      return;
    }
    out.push_back({.kind = Difference::Kind::added, .pointer = task.pointer});
  }

  static void tell_both(FoundTask const& before, FoundTask const& after, bool moved,
                        std::vector<Difference>& out) {
    std::string const was = before.pointer == after.pointer ? "" : before.pointer;
    if (moved)
      out.push_back(
          {.kind = Difference::Kind::moved, .pointer = after.pointer, .before = before.pointer});
    if (before.own == after.own) return;
    Difference changed{.kind = Difference::Kind::changed, .pointer = after.pointer, .before = was};
    places(before.own, after.own, "", changed.changed);
    out.push_back(std::move(changed));
  }

  std::vector<FoundTask> const& before_;
  std::vector<FoundTask> const& after_;
  ByPath old_;
  ByPath fresh_;
};

}  // namespace

Result<std::vector<Difference>> differences(std::string_view before, std::string_view after) {
  FAIRLEAD_TRY(auto const old_root, parse_yaml(before));
  FAIRLEAD_TRY(auto const new_root, parse_yaml(after));
  Json const a = to_json(old_root);
  Json const b = to_json(new_root);
  std::vector<Difference> out;
  compare_frames(frame_of(a), frame_of(b), out);
  auto const old_tasks = tasks_of(a);
  auto const new_tasks = tasks_of(b);
  Comparison(old_tasks, new_tasks).tell(out);
  return out;
}

Json to_json(Difference const& difference) {
  auto json = Json::object({{"change", word(difference.kind)}, {"pointer", difference.pointer}});
  if (!difference.before.empty()) json.set("before", difference.before);
  if (difference.changed.empty()) return json;
  auto changed = Json::array();
  for (auto const& place : difference.changed)
    changed.push_back(place);
  json.set("changed", std::move(changed));
  return json;
}

std::string describe(Difference const& difference) {
  std::string text = std::string(word(difference.kind)) + " " + difference.pointer;
  if (!difference.before.empty()) text += " (was " + difference.before + ")";
  if (!difference.changed.empty()) text += ": " + join(difference.changed, ", ");
  return text;
}

}  // namespace fairlead::workflow
