// Pickers, expressions on sample data, steps tried alone, commands.
#include "api/builder.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT

std::string query_of(action::Request const& request) { return net::encode_query(request.query); }

struct Case {
  char const* target;
  char const* path;
  char const* query;
};

struct Picks : World {
  Json pick(std::string const& target) {
    return json_of(get("/api/v1/connections/gitlab/pick/" + target));
  }
};

TEST_F(Picks, each_kind_is_asked_for_where_gitlab_lists_it) {
  constexpr Case cases[] = {
      {"group?search=op", "/groups", "search=op&per_page=20"},
      {"project?page=2", "/projects",
       "membership=true&simple=true&order_by=last_activity_at&per_page=20&page=2"},
      {"branch?parent=ops/incidents&search=ma", "/projects/ops%2Fincidents/repository/branches",
       "search=ma&per_page=20"},
      {"issue?parent=12&search=%2342", "/projects/12/issues",
       "order_by=updated_at&iids%5B%5D=42&per_page=20"},
      {"label?parent=ops&parentKind=group", "/groups/ops/labels", "per_page=20"},
      {"user?search=al", "/users", "active=true&search=al&per_page=20"},
      {"branch?parent=https://gitlab.test/git/ops/incidents",
       "/projects/ops%2Fincidents/repository/branches", "per_page=20"},
      {"project?search=https://gitlab.test/git/ops/incidents", "/projects",
       "membership=true&simple=true&order_by=last_activity_at&search=incidents&per_page=20"},
  };
  api.answer.body = Json::array();
  for (auto const& each : cases) {
    api.sent.clear();
    pick(each.target);
    ASSERT_EQ(api.sent.size(), 1u) << each.target;
    EXPECT_EQ(api.sent[0].path, each.path) << each.target;
    EXPECT_EQ(query_of(api.sent[0]), each.query) << each.target;
  }
}

TEST_F(Picks, an_item_has_what_a_form_stores_and_what_it_shows) {
  api.answer.body = Json::array({Json::object(
      {{"iid", 42}, {"title", "Disk full"}, {"state", "opened"}, {"web_url", "https://x/42"}})});
  api.answer.headers.add("X-Next-Page", "3");
  auto const answer = pick("issue?parent=ops/incidents");
  EXPECT_EQ(answer.dump(), R"({"items":[{"value":42,"label":"#42 Disk full","detail":"opened",)"
                           R"("webUrl":"https://x/42"}],"nextPage":"3"})");
}

TEST_F(Picks, what_cannot_be_looked_up_is_refused_before_gitlab_is_asked) {
  EXPECT_EQ(get("/api/v1/connections/gitlab/pick/branch").status, 400) << "no project";
  EXPECT_EQ(get("/api/v1/connections/gitlab/pick/planet").status, 404);
  EXPECT_EQ(get("/api/v1/connections/gitlab/pick/project?page=x").status, 400);
  EXPECT_EQ(
      get("/api/v1/connections/gitlab/pick/branch?parent=https://other.test/ops/incidents").status,
      400)
      << "a URL of another server";
  EXPECT_TRUE(api.sent.empty());
}

TEST_F(World, an_expression_is_evaluated_on_a_sample) {
  auto const answer = post("/api/v1/expressions/evaluate",
                           Json::object({{"expression", "${ .a }"},
                                         {"sample", Json::object({{"input", Json::object()}})}}));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(json_of(answer).contains("value"));
  EXPECT_EQ(
      post("/api/v1/expressions/evaluate", Json::object({{"expression", ".a"}, {"sample", 7}}))
          .status,
      400);
}

constexpr auto source = R"(do:
  - list:
      call: list-things:1.0.0@gitlab
      with: {}
  - pause:
      wait: PT1S
  - name:
      set: { a: 1 }
)";

Json asked(std::string const& task, bool dry_run) {
  return Json::object({{"source", source}, {"task", task}, {"dryRun", dry_run}});
}

TEST_F(World, a_step_is_tried_dry_without_running_the_action) {
  auto const answer = json_of(post("/api/v1/workflows/test-step", asked("/do/0/list", true)));
  EXPECT_TRUE(answer.contains("request")) << answer.dump();
  EXPECT_FALSE(answer.contains("output"));
  EXPECT_EQ(api.runs, 0);
}

TEST_F(World, a_step_is_tried_for_real_and_gives_its_output) {
  auto const answer = json_of(post("/api/v1/workflows/test-step", asked("/do/0/list", false)));
  EXPECT_TRUE(answer.contains("output")) << answer.dump();
  EXPECT_EQ(api.runs, 1);
}

TEST_F(World, a_set_gives_its_values_and_a_wait_cannot_be_tried) {
  EXPECT_EQ(json_of(post("/api/v1/workflows/test-step", asked("/do/2/name", false))).dump(),
            R"({"output":{"a":1}})");
  EXPECT_TRUE(json_of(post("/api/v1/workflows/test-step", asked("/do/1/pause", false)))
                  .contains("problem"));
  EXPECT_EQ(post("/api/v1/workflows/test-step", asked("/do/9/none", true)).status, 400);
}

TEST_F(World, samples_are_what_the_last_runs_were_given_and_gave) {
  auto const id = make_run(1, "completed");
  store::RunChange change;
  change.run = *store->runs().get(id);
  change.expected_seq = 1;
  change.run.last_seq = 3;
  auto const exported = Json::object({{"a", 7}});
  change.journal.push_back({.seq = 2,
                            .kind = "evaluated",
                            .task = "/do/0/a",
                            .payload = Json::object({{"stage", "exporting"},
                                                     {"values", Json::array({exported, nullptr})}}),
                            .at = clock.now()});
  change.journal.push_back({.seq = 3,
                            .kind = "task-completed",
                            .task = "/do/0/a",
                            .payload = Json::object({{"output", 7}}),
                            .at = clock.now()});
  ASSERT_TRUE(store::commit_and_wait(store->runs(), {.runs = {change}}).ok());
  auto const answer = json_of(get("/api/v1/workflows/tests/w/samples"));
  ASSERT_EQ(answer["items"].items().size(), 1u);
  auto const& sample = answer["items"].items()[0];
  EXPECT_EQ(sample["id"].as_string(), id.text);
  EXPECT_EQ(sample["context"].dump(), R"({"a":7})");
  EXPECT_EQ(sample["outputs"].dump(), R"({"/do/0/a":7})");
  EXPECT_EQ(json_of(get("/api/v1/workflows/tests/other/samples"))["items"].dump(), "[]");
}

TEST(Command, quotes_for_the_shell_and_never_has_a_token) {
  action::Request request{.method = net::Method::post, .path = "/projects/ops%2Fx/issues"};
  request.body = Json::object({{"title", "it's down"}});
  EXPECT_EQ(
      command_of(request, "https://gitlab.test/git", CommandStyle::curl),
      "curl --fail-with-body --request POST --header \"Authorization: Bearer "
      "$GITLAB_TOKEN\" --header 'Content-Type: application/json' --data "
      R"('{"title":"it'\''s down"}' 'https://gitlab.test/git/api/v4/projects/ops%2Fx/issues')");
  EXPECT_EQ(command_of(request, "", CommandStyle::glab),
            "glab api --method POST 'projects/ops%2Fx/issues' --header 'Content-Type: "
            R"(application/json' --input - <<< '{"title":"it'\''s down"}')");
}

}  // namespace
}  // namespace fairlead::api
