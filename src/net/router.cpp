#include "net/router.h"

#include <set>

#include "net/url.h"

namespace fairlead::net {
namespace {

constexpr std::size_t segments_max = 128;

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool is_rest(std::string_view segment) { return is_parameter(segment) && segment.ends_with("*}"); }

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  for (;;) {
    auto const end = path.find('/');
    if (segments.size() + 1 == segments_max) {  // no route is that deep; keep the rest in one piece
      segments.push_back(percent_decode(path));
      return segments;
    }
    segments.push_back(percent_decode(path.substr(0, end)));
    if (end == std::string_view::npos) return segments;
    path.remove_prefix(end + 1);
  }
}

struct Router::Node {
  struct Leaf {
    Handler handler;
    std::vector<std::string> names;  // of the parameters, in order of the path
  };

  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::map<Method, Leaf> leaves;  // the path ends here
  std::map<Method, Leaf> rest;    // "{name*}" follows
};

Router::Router(std::vector<Route> routes) : root_(std::make_unique<Node>()) {
  for (auto& route : routes)
    insert(std::move(route));
}

Router::~Router() = default;

void Router::insert(Route route) {
  FAIRLEAD_ASSERT(route.pattern.starts_with('/'), "a route's pattern starts with /");
  FAIRLEAD_ASSERT(route.handler, "a route has a handler");
  auto* node = root_.get();
  Node::Leaf leaf{std::move(route.handler), {}};
  auto const segments = split_path(route.pattern);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    auto const& segment = segments[i];
    if (is_rest(segment)) {
      FAIRLEAD_ASSERT(i + 1 == segments.size(), "{rest*} is the last segment of its pattern");
      leaf.names.push_back(segment.substr(1, segment.size() - 3));
      auto const added = node->rest.emplace(route.method, std::move(leaf)).second;
      FAIRLEAD_ASSERT(added, "no two routes are equal");
      return;
    }
    auto& next = is_parameter(segment) ? node->parameter : node->literals[segment];
    if (!next) next = std::make_unique<Node>();
    if (is_parameter(segment)) leaf.names.push_back(segment.substr(1, segment.size() - 2));
    node = next.get();
  }
  auto const added = node->leaves.emplace(route.method, std::move(leaf)).second;
  FAIRLEAD_ASSERT(added, "no two routes are equal");
}

// One walk over the trie; the depth of the recursion is that of the deepest route.
struct Router::Search {
  Method method;
  std::vector<std::string> const& segments;
  Match match;
  std::vector<std::string_view> values;
  std::set<Method> allowed;

  // True: found, stop. A path that matches without the method goes on looking and is remembered in
  // `allowed`.
  bool accept(std::map<Method, Node::Leaf> const& leaves) {
    auto found = leaves.find(method);
    if (found == leaves.end() && method == Method::head) found = leaves.find(Method::get);
    if (found == leaves.end()) {
      for (auto const& [name, leaf] : leaves)
        allowed.insert(name);
      return false;
    }
    match.handler = &found->second.handler;
    for (std::size_t i = 0; i < values.size(); ++i)
      match.params[found->second.names[i]] = values[i];
    return true;
  }

  bool walk(Node const& node, std::size_t depth) {
    if (depth == segments.size()) return accept(node.leaves);
    auto const& segment = segments[depth];
    if (auto const next = node.literals.find(segment); next != node.literals.end()) {
      if (walk(*next->second, depth + 1)) return true;
    }
    if (!node.parameter || segment.empty()) return false;
    values.push_back(segment);
    if (walk(*node.parameter, depth + 1)) return true;
    values.pop_back();
    return false;
  }

  // Deepest first; only when no path without a rest matched, so that a catch-all page does not hide
  // a 405.
  bool walk_rest(Node const& node, std::size_t depth) {
    if (depth == segments.size()) return false;
    if (auto const next = node.literals.find(segments[depth]); next != node.literals.end()) {
      if (walk_rest(*next->second, depth + 1) || !allowed.empty()) return match.handler != nullptr;
    }
    if (node.parameter && !segments[depth].empty()) {
      values.push_back(segments[depth]);
      if (walk_rest(*node.parameter, depth + 1) || !allowed.empty())
        return match.handler != nullptr;
      values.pop_back();
    }
    if (node.rest.empty()) return false;
    std::string joined = segments[depth];
    for (auto i = depth + 1; i < segments.size(); ++i)
      joined += "/" + segments[i];
    values.push_back(joined);
    auto const found = accept(node.rest);
    values.pop_back();
    return found;
  }
};

Router::Match Router::find(Method method, std::vector<std::string> const& segments) const {
  Search search{method, segments, {}, {}, {}};
  if (search.walk(*root_, 0)) return std::move(search.match);
  if (search.allowed.empty() && search.walk_rest(*root_, 0)) return std::move(search.match);
  if (search.allowed.contains(Method::get)) search.allowed.insert(Method::head);
  for (auto const allowed : search.allowed) {
    if (!search.match.allow.empty()) search.match.allow += ", ";
    search.match.allow += to_string(allowed);
  }
  return std::move(search.match);
}

}  // namespace fairlead::net
