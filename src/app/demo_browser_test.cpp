#include "app/demo_browser.h"

#include <gtest/gtest.h>

#include "testing/fake_transport.h"

namespace fairlead::app {
namespace {

using net::Method;

net::HttpResponse html(std::string body, net::Headers headers = {}) {
  net::HttpResponse response;
  response.status = 200;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}

net::HttpResponse redirect(std::string location, net::Headers headers = {}) {
  net::HttpResponse response;
  response.status = 302;
  response.headers = std::move(headers);
  response.headers.add("Location", std::move(location));
  return response;
}

struct Web : ::testing::Test {
  testing::FakeTransport web;
  DemoBrowser browser{web};
};

constexpr char const* page_html = R"(<html><form id="other" action="/x"><input name="no" value="1">
</form><form class="f" id="new_user" action="/sign_in?a=1&amp;b=2" method="post">
<input type="hidden" name="authenticity_token" value="a&quot;b&amp;c&#39;&lt;">
<input name="user[login]"><inputs name="none"><input type="submit">
<button name="commit" value="Go">Go</button></form></html>)";

TEST_F(Web, fills_a_form_and_sends_its_hidden_fields) {
  web.on(Method::get, "https://gitlab.test/sign_in").answer(html(page_html));
  auto page = browser.open("https://gitlab.test/sign_in");
  ASSERT_TRUE(page.ok());
  web.on(Method::post, "https://gitlab.test/sign_in?a=1&b=2")
      .with_header("Content-Type", "application/x-www-form-urlencoded")
      .with_body("authenticity_token=a%22b%26c%27%3C&user%5Blogin%5D=alice&commit=Go")
      .answer(html("welcome"));
  auto next = browser.submit(*page, "new_user", {{"user[login]", "alice"}});
  ASSERT_TRUE(next.ok()) << describe(next.error());
  EXPECT_EQ(next->html, "welcome");
}

TEST_F(Web, a_form_that_is_not_there_is_said_without_the_query) {
  auto next = browser.submit(
      {.status = 502, .url = "https://gitlab.test/a?code=shh", .html = "<p>Bad gateway"},
      "new_user", {});
  ASSERT_FALSE(next.ok());
  EXPECT_NE(next.error().message.find("HTTP 502"), std::string::npos);
  EXPECT_NE(next.error().message.find("new_user"), std::string::npos);
  EXPECT_EQ(next.error().message.find("shh"), std::string::npos);
}

TEST_F(Web, broken_pages_do_no_harm) {
  for (auto const* text : {"<form", "<form id=\"f\"", "<form id=\"f\" action=\"", "<form id=\"f\">",
                           "<form id=\"f\"><input name=\"a", "<form id=\"f\"><input"}) {
    web.on(Method::post, "https://gitlab.test").answer(html("x"));
    (void)browser.submit({.status = 200, .url = "https://gitlab.test/", .html = text}, "f", {});
    web.forget_unused();
  }
}

TEST_F(Web, follows_redirects_and_keeps_cookies_by_origin) {
  web.on(Method::get, "https://fairlead.test/start")
      .with_authorization("")
      .answer(redirect("https://gitlab.test/authorize?x=1",
                       {{"Set-Cookie", "mine=1; Path=/; HttpOnly"}}));
  web.on(Method::get, "https://gitlab.test/authorize?x=1")
      .answer(redirect("/users/sign_in", {{"set-cookie", "_gitlab_session=s; path=/"}}));
  web.on(Method::get, "https://gitlab.test/users/sign_in")
      .with_header("Cookie", "_gitlab_session=s")
      .answer(redirect("https://fairlead.test/callback?code=c"));
  web.on(Method::get, "https://fairlead.test/callback?code=c")
      .with_header("Cookie", "mine=1")
      .answer(html("done"));
  auto page = browser.open("https://fairlead.test/start");
  ASSERT_TRUE(page.ok()) << describe(page.error());
  EXPECT_EQ(page->html, "done");
  EXPECT_EQ(page->url, "https://fairlead.test/callback?code=c");
  for (auto const& request : web.sent()) {
    if (request.url.starts_with("https://gitlab.test")) {
      EXPECT_EQ(request.headers.get("Cookie").find("mine"), std::string_view::npos);
    }
  }
}

TEST_F(Web, a_circle_of_redirects_ends) {
  for (int i = 0; i < 11; ++i)
    web.on(Method::get, "https://gitlab.test/a").answer(redirect("/a"));
  auto page = browser.open("https://gitlab.test/a");
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace fairlead::app
