#include "trace/url_shown.h"

#include <gtest/gtest.h>

namespace fairlead::trace {
namespace {

TEST(UrlShown, of_gitlabs_api_only_known_words) {
  auto const shown = show_url(
      "https://gitlab.test/api/v4/projects/ops%2Fhush/issues/7/notes?private_token=hush", true);
  EXPECT_EQ(shown.full, "https://gitlab.test/api/v4/projects/REDACTED/issues/REDACTED/notes");
  EXPECT_EQ(shown.template_, "/api/v4/projects/{id}/issues/{id}/notes");
  EXPECT_EQ(shown.host, "gitlab.test");
  EXPECT_EQ(shown.port, 443);
}

TEST(UrlShown, below_a_sub_path) {
  auto const shown = show_url("http://intra.test:8080/gitlab/api/v4/groups/12/members/all", true);
  EXPECT_EQ(shown.full, "http://intra.test:8080/gitlab/api/v4/groups/REDACTED/members/all");
  EXPECT_EQ(shown.template_, "/api/v4/groups/{id}/members/all");
  EXPECT_EQ(shown.port, 8080);
}

TEST(UrlShown, of_others_the_origin_only) {
  EXPECT_EQ(show_url("https://chat.test/hooks/hush?x=hush#hush", false).full,
            "https://chat.test/REDACTED");
  EXPECT_EQ(show_url("https://chat.test/api/v4/projects", false).full,
            "https://chat.test/REDACTED");
  EXPECT_EQ(show_url("https://gitlab.test/oauth/token", true).full, "https://gitlab.test/REDACTED");
  EXPECT_EQ(show_url("https://chat.test/?hush", false).full, "https://chat.test/");
  EXPECT_EQ(show_url("https://chat.test/hooks/hush", false).template_, "");
}

TEST(UrlShown, of_what_is_no_url_nothing) {
  EXPECT_EQ(show_url("https://user:hush@chat.test/", false).full, "");
  EXPECT_EQ(show_url("hush", false).host, "");
}

}  // namespace
}  // namespace fairlead::trace
