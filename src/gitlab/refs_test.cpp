#include "gitlab/refs.h"

#include <gtest/gtest.h>

namespace fairlead::gitlab {
namespace {

constexpr char const* base = "https://gitlab.test:8443/git";

TEST(Refs, projects_are_ids_paths_or_urls) {
  struct Row {
    Json given;
    char const* text;  // "": refused
  };
  Row const rows[] = {{12, "12"},
                      {"12", "12"},
                      {"ops/incidents", "ops/incidents"},
                      {" /ops/sub/incidents/ ", "ops/sub/incidents"},
                      {"ops%2Fincidents", "ops/incidents"},
                      {"ops/incidents.git", "ops/incidents"},
                      {"incidents", ""},
                      {"ops/../root", ""},
                      {"ops//x", ""},
                      {"ops/in cidents", ""},
                      {"", ""},
                      {-3, ""},
                      {true, ""}};
  for (Row const& row : rows) {
    auto const read = schema::decode<ProjectRef>(row.given);
    EXPECT_EQ(read.ok() ? read->text : "", row.text) << row.given.dump();
  }
  EXPECT_EQ(action::path("/projects/{}/issues", ProjectRef{"ops/incidents"}),
            "/projects/ops%2Fincidents/issues");
}

TEST(Refs, a_pasted_url_is_read_below_the_connections_root) {
  struct Row {
    char const* url;
    char const* path;  // "": refused
    char const* kind;
    std::int64_t number;
  };
  Row const rows[] = {
      {"https://gitlab.test:8443/git/ops/incidents", "ops/incidents", "", 0},
      {"https://gitlab.test:8443/git/ops/incidents/", "ops/incidents", "", 0},
      {"https://gitlab.test:8443/git/ops/incidents/-/issues/42#note_1", "ops/incidents", "issues",
       42},
      {"https://GitLab.Test:8443/git/ops/incidents/-/work_items/42?a=b", "ops/incidents",
       "work_items", 42},
      {"https://gitlab.test:8443/git/ops/runbooks/-/pipelines/8123/builds", "ops/runbooks",
       "pipelines", 8123},
      {"https://gitlab.test:8443/git/groups/ops/infra/-/group_members", "ops/infra",
       "group_members", 0},
      {"https://gitlab.test:8443/ops/incidents", "", "", 0},
      {"https://gitlab.test:8443/gitlab/ops/incidents", "", "", 0},
      {"https://gitlab.test/git/ops/incidents", "", "", 0},
      {"https://gitlab.com/git/ops/incidents", "", "", 0},
      {"https://gitlab.test:8443/git", "", "", 0},
  };
  for (Row const& row : rows) {
    auto const pasted = read_pasted_url(row.url, base);
    EXPECT_EQ(pasted.ok() ? pasted->path : "", row.path) << row.url;
    if (!pasted.ok()) continue;
    EXPECT_EQ(pasted->kind, row.kind) << row.url;
    EXPECT_EQ(pasted->number, row.number) << row.url;
  }
}

TEST(Refs, a_url_of_another_host_names_both) {
  auto const pasted = read_pasted_url("https://gitlab.com/ops/incidents", base);
  ASSERT_FALSE(pasted.ok());
  EXPECT_NE(pasted.error().message.find("https://gitlab.com"), std::string::npos);
  EXPECT_NE(pasted.error().message.find(base), std::string::npos);
}

TEST(Refs, http_and_https_of_one_server_are_the_same_to_read) {
  EXPECT_TRUE(read_pasted_url("http://gitlab.test/ops/incidents", "https://gitlab.test").ok());
  EXPECT_FALSE(
      read_pasted_url("http://gitlab.test:8080/ops/incidents", "https://gitlab.test").ok());
}

TEST(Refs, issues_are_numbers_short_references_or_urls) {
  for (Json const& given : {Json(42), Json("42"), Json("#42"), Json("ops/incidents#42")}) {
    auto const read = schema::decode<IssueRef>(given);
    ASSERT_TRUE(read.ok()) << given.dump();
    EXPECT_EQ(read->iid, 42) << given.dump();
  }
  for (Json const& given : {Json(0), Json("x"), Json("#"), Json("a b#1"), Json("")}) {
    EXPECT_FALSE(schema::decode<IssueRef>(given).ok()) << given.dump();
  }
}

TEST(Refs, project_and_url_must_agree) {
  IssueRef issue{.iid = 42, .project = "ops/incidents", .url = ""};
  std::optional<ProjectRef> other = ProjectRef{"ops/other"};
  EXPECT_FALSE(gitlab::bind(action::Lookup{}, other, issue).ok());
  std::optional<ProjectRef> by_id = ProjectRef{"7"};
  EXPECT_TRUE(gitlab::bind(action::Lookup{}, by_id, issue).ok());
  std::optional<ProjectRef> none;
  ASSERT_TRUE(gitlab::bind(action::Lookup{}, none, issue).ok());
  EXPECT_EQ(none->text, "ops/incidents");
}

TEST(Refs, users_are_ids_names_or_addresses) {
  auto const read = [](Json const& given) { return schema::decode<UserRef>(given); };
  EXPECT_EQ(read(12)->id, 12);
  EXPECT_EQ(read("@alice")->text, "alice");
  EXPECT_TRUE(read("alice@example.com")->is_email());
  EXPECT_FALSE(read("@alice")->is_email());
  for (Json const& given :
       {Json("alice@"), Json("a b"), Json("a@b@c"), Json("a@b,c@d"), Json("x/y"), Json(-1)}) {
    EXPECT_FALSE(read(given).ok()) << given.dump();
  }
  EXPECT_EQ(path_segment(*read("alice")), "<id of user alice>");
}

}  // namespace
}  // namespace fairlead::gitlab
