#include "api/web_app.h"

#include <gtest/gtest.h>

#include "testing/seeded_random.h"

namespace fairlead::api {
namespace {

constexpr WebFile files[] = {
    {"/index.html", "text/html; charset=utf-8", "e1", "<meta content=\"__STYLE_NONCE__\">", "", ""},
    {"/assets/a-1.js", "text/javascript; charset=utf-8", "e2", "", "gzipped", "brotlied"},
    {"/icon.svg", "image/svg+xml", "e3", "", "gzipped", "brotlied"}};

net::ServerRequest get(std::string target, net::Headers headers = {}) {
  net::ServerRequest request;
  request.target = std::move(target);
  request.headers = std::move(headers);
  return request;
}

net::ServerResponse file(std::string const& path, net::Headers headers = {}) {
  for (auto const& route : web_routes(files)) {
    if (route.pattern == path) return route.handler(get(path, std::move(headers)));
  }
  return net::text_response(404, "");
}

TEST(WebApp, hashed_files_are_kept_for_ever_and_the_rest_is_asked_for_again) {
  EXPECT_EQ(file("/assets/a-1.js").headers.get("Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(file("/icon.svg").headers.get("Cache-Control"), "no-cache");
}

TEST(WebApp, sends_brotli_to_those_who_take_it) {
  auto const both = file("/icon.svg", {{"Accept-Encoding", "gzip, deflate, br"}});
  EXPECT_EQ(both.headers.get("Content-Encoding"), "br");
  EXPECT_EQ(both.body, "brotlied");
  auto const refused = file("/icon.svg", {{"Accept-Encoding", "gzip, br;q=0"}});
  EXPECT_EQ(refused.headers.get("Content-Encoding"), "gzip");
  EXPECT_EQ(refused.body, "gzipped");
}

TEST(WebApp, a_known_etag_is_answered_without_a_body) {
  auto const again = file("/icon.svg", {{"Accept-Encoding", "br"}, {"If-None-Match", "\"e3-br\""}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(file("/icon.svg", {{"Accept-Encoding", "br"}, {"If-None-Match", "\"old\""}}).status,
            200);
}

TEST(WebApp, every_page_is_the_document_with_a_nonce_of_its_own) {
  testing::SeededRandom random(1);
  auto const pages = web_pages(files, random, [](net::ServerRequest const&) {
    return net::text_response(404, "no such route");
  });
  auto const first = pages(get("/runs/01?x=1", {{"Accept", "text/html,*/*"}}));
  auto const second = pages(get("/", {{"Accept", "text/html"}}));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body.find("__STYLE_NONCE__"), std::string::npos);
  EXPECT_NE(first.body, second.body);
  std::string const nonce = first.body.substr(15, first.body.rfind('"') - 15);
  std::string_view const policy = first.headers.get("Content-Security-Policy");
  EXPECT_NE(policy.find("'nonce-" + nonce + "'"), std::string_view::npos);
  EXPECT_EQ(policy.find("unsafe-eval"), std::string_view::npos);
  EXPECT_EQ(first.headers.get("Cache-Control"), "no-store");
}

TEST(WebApp, what_is_no_page_is_not_answered_with_one) {
  testing::SeededRandom random(1);
  auto const pages = web_pages(files, random, [](net::ServerRequest const&) {
    return net::text_response(404, "no such route");
  });
  for (std::string const target : {"/api/v1/nothing", "/oauth/x", "/assets/gone.js"})
    EXPECT_EQ(pages(get(target, {{"Accept", "text/html"}})).status, 404) << target;
  EXPECT_EQ(pages(get("/runs", {{"Accept", "application/json"}})).status, 404);
}

}  // namespace
}  // namespace fairlead::api
