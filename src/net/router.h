// Router: which handler answers a method and path.
//
// The path is split at "/" before it is decoded, so "%2F" stays inside its segment. A literal
// segment beats a parameter, a parameter beats "{rest*}", and what a more specific route cannot
// finish falls back to the less specific one. Built once, then read by all I/O threads; immutable.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_server.h"

namespace fairlead::net {

// "/a/b%2Fc/" -> {"a", "b/c", ""}; "/" -> {""}. `path` has no query.
std::vector<std::string> split_path(std::string_view path);

class Router {
 public:
  explicit Router(std::vector<Route> routes);
  ~Router();
  Router(Router const&) = delete;
  Router& operator=(Router const&) = delete;

  struct Match {
    Handler const* handler{nullptr};  // null: no such path, or (with `allow`) not this method
    std::map<std::string, std::string, std::less<>> params;
    std::string
        allow;  // "GET, HEAD, POST": what the path allows, when the method is not among them
  };
  // HEAD is answered by GET's handler where it has none of its own.
  [[nodiscard]] Match find(Method method, std::vector<std::string> const& segments) const;

 private:
  struct Node;
  struct Search;
  void insert(Route route);

  std::unique_ptr<Node> root_;
};

}  // namespace fairlead::net
