#include "net/router.h"

#include <gtest/gtest.h>

namespace fairlead::net {
namespace {

Route route(Method method, std::string pattern) {
  auto name = std::string(to_string(method)) + " " + pattern;
  return {method, std::move(pattern),
          [name](ServerRequest const&) { return text_response(200, name); }};
}

Router make_router() {
  std::vector<Route> routes;
  for (auto const* const pattern : {"/", "/a", "/a/{x}", "/a/b", "/a/{x}/c", "/a/b/d",
                                    "/p/{id}/f/{path*}", "/w/{path*}", "/runs/{id}", "/{path*}"}) {
    routes.push_back(route(Method::get, pattern));
  }
  routes.push_back(route(Method::post, "/a"));
  routes.push_back(route(Method::post, "/events"));
  routes.push_back(route(Method::post, "/runs/search"));
  routes.push_back(route(Method::head, "/w/{path*}"));
  return Router(std::move(routes));
}

std::string find(Router const& router, Method method, std::string_view path) {
  auto const match = router.find(method, split_path(path));
  if (match.handler == nullptr) return match.allow.empty() ? "404" : "405 " + match.allow;
  auto out = (*match.handler)({}).body;
  for (auto const& [name, value] : match.params)
    out += " " + name + "=" + value;
  return out;
}

TEST(Router, prefers_the_literal_and_falls_back) {
  auto const router = make_router();
  struct Case {
    Method method;
    std::string_view path;
    std::string_view found;
  };
  constexpr Case cases[] = {
      {Method::get, "/", "GET /"},
      {Method::get, "/a", "GET /a"},
      {Method::post, "/a", "POST /a"},
      {Method::head, "/a", "GET /a"},
      {Method::put, "/a", "405 GET, HEAD, POST"},
      {Method::get, "/%61", "GET /a"},
      {Method::get, "/a/b", "GET /a/b"},
      {Method::get, "/a/z", "GET /a/{x} x=z"},
      {Method::get, "/a/b%2Fc", "GET /a/{x} x=b/c"},
      {Method::get, "/a%2Fb", "GET /{path*} path=a/b"},
      {Method::get, "/a/b/c", "GET /a/{x}/c x=b"},
      {Method::get, "/a/b/d", "GET /a/b/d"},
      {Method::get, "/a/", "GET /{path*} path=a/"},
      {Method::get, "/p/1/f/x/y%2Fz", "GET /p/{id}/f/{path*} id=1 path=x/y/z"},
      {Method::get, "/p/1/f/", "GET /p/{id}/f/{path*} id=1 path="},
      {Method::get, "/w/q", "GET /w/{path*} path=q"},
      {Method::head, "/w/q", "HEAD /w/{path*} path=q"},
      {Method::post, "/w/q", "405 GET, HEAD"},
      {Method::get, "/runs/search", "GET /runs/{id} id=search"},
      {Method::post, "/runs/search", "POST /runs/search"},
      {Method::post, "/runs/1", "405 GET, HEAD"},
      {Method::get, "/events", "405 POST"},
      {Method::get, "/nowhere/at/all", "GET /{path*} path=nowhere/at/all"},
      {Method::delete_, "/nowhere", "405 GET, HEAD"},
  };
  for (auto const& c : cases)
    EXPECT_EQ(find(router, c.method, c.path), c.found) << to_string(c.method) << " " << c.path;
}

TEST(Router, knows_nothing_without_routes) {
  Router const router({route(Method::get, "/only")});
  EXPECT_EQ(find(router, Method::get, "/"), "404");
  EXPECT_EQ(find(router, Method::get, "/only/"), "404");
  EXPECT_EQ(find(router, Method::get, "/Only"), "404");
}

TEST(Router, bounds_the_number_of_segments) {
  EXPECT_LE(split_path(std::string(100'000, '/')).size(), 128u);
  EXPECT_EQ(split_path("/a/b%2Fc/"), (std::vector<std::string>{"a", "b/c", ""}));
}

TEST(RouterDeathTest, two_equal_routes_are_a_bug) {
  EXPECT_DEATH(Router({route(Method::get, "/a/{x}"), route(Method::get, "/a/{y}")}),
               "no two routes are equal");
}

}  // namespace
}  // namespace fairlead::net
