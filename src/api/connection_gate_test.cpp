// Connections that are for some roles only.
#include "api/connection_gate.h"

#include "api/world_test.h"
#include "workflow/yaml.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using access::Role;
using net::Method;

constexpr std::string_view head = R"(document:
  dsl: 1.0.3
  namespace: tests
  name: NAME
  version: 1.0.0
do:
  - step:
)";

std::string with_name(std::string name, std::string_view step) {
  std::string text = std::string(head) + std::string(step);
  text.replace(text.find("NAME"), 4, name);
  return text;
}

std::string calls(std::string const& name, std::string const& connection) {
  std::string step = "      call: list-things:1.0.0@gitlab\n";
  if (!connection.empty()) step += "      with:\n        connection: " + connection + "\n";
  return with_name(name, step);
}

std::string runs(std::string const& name, std::string const& child) {
  return with_name(name, "      run:\n        workflow: {namespace: tests, name: " + child +
                             ", version: 1.0.0}\n");
}

class ConnectionGate : public World {
 protected:
  void SetUp() override {
    insert("open", "", "yes");
    insert("secret", "author", "no");
    insert("boss", "org-admin", "no");
  }
  void insert(std::string const& name, std::string const& role, std::string const& is_default) {
    store::ConnectionRecord record;
    record.id = ConnectionId("id-" + name);
    record.name = name;
    record.status = "active";
    record.auth_kind = "token";
    record.is_default = is_default == "yes";
    record.settings = Json::object({{"aliases", Json::array({"alias-of-" + name})}});
    if (!role.empty()) record.settings.set("minimumRole", role);
    ASSERT_TRUE(store->connections().insert(record).ok());
  }
  void publish(std::string const& name, std::string const& source) {
    store::WorkflowRecord record{.workflow_namespace = "tests",
                                 .name = name,
                                 .version = "1.0.0",
                                 .status = "published",
                                 .source = source,
                                 .content_hash = "h" + name,
                                 .created_at = clock.now()};
    ASSERT_TRUE(store->workflows().put(record).ok());
    library.refresh();
  }
  int ask(Role role, Method method, std::string const& target, std::string const& body = "") {
    auto const answer = call({.method = method,
                              .target = target,
                              .body = body,
                              .headers = {{"Authorization", "Bearer " + token_of(role)}}});
    return answer.status == 403 && answer.body.find("Not your connection") == std::string::npos
               ? -1
               : answer.status;
  }
};

TEST_F(ConnectionGate, is_seen_by_those_who_may_use_it) {
  auto listed = [&](Role role) {
    auto const answer = call({.target = "/api/v1/connections",
                              .headers = {{"Authorization", "Bearer " + token_of(role)}}});
    return json_of(answer)["items"].size();
  };
  EXPECT_EQ(listed(Role::viewer), 1u);
  EXPECT_EQ(listed(Role::author), 2u);
  EXPECT_EQ(listed(Role::org_admin), 3u);
  EXPECT_EQ(ask(Role::viewer, Method::get, "/api/v1/connections/secret"), 403);
  EXPECT_EQ(ask(Role::viewer, Method::get, "/api/v1/connections/alias-of-secret"), 403);
  EXPECT_EQ(ask(Role::author, Method::get, "/api/v1/connections/secret"), 200);
  EXPECT_EQ(ask(Role::author, Method::get, "/api/v1/connections/boss/impact"), 403);
  EXPECT_EQ(ask(Role::viewer, Method::get, "/api/v1/connections/none"), 404);
}

TEST_F(ConnectionGate, actions_run_with_it_only_for_its_role) {
  auto run = [&](Role role, std::string const& connection) {
    return ask(role, Method::post, "/api/v1/actions/gitlab.list-things/run",
               R"({"input":{},"connection":")" + connection + "\"}");
  };
  EXPECT_EQ(run(Role::operator_, ""), 200);
  EXPECT_EQ(run(Role::operator_, "open"), 200);
  EXPECT_EQ(run(Role::operator_, "secret"), 403);
  EXPECT_EQ(run(Role::author, "secret"), 200);
  EXPECT_EQ(run(Role::author, "boss"), 403);
  int const before = api.runs;
  run(Role::operator_, "secret");
  EXPECT_EQ(api.runs, before) << "nothing may have been done";
}

TEST_F(ConnectionGate, an_answer_that_was_kept_is_not_for_who_may_not_use_it_any_more) {
  auto run = [&] {
    return call({.method = Method::post,
                 .target = "/api/v1/actions/gitlab.list-things/run",
                 .body = R"({"input":{},"connection":"secret"})",
                 .headers = {{"Authorization", "Bearer " + token_of(Role::author)},
                             {"Idempotency-Key", "k"}}});
  };
  ASSERT_EQ(run().status, 200);
  auto record = *store->connections().find("secret");
  record.settings.set("minimumRole", "org-admin");
  ASSERT_TRUE(store->connections().update(record, record.generation).ok());
  EXPECT_EQ(run().status, 403);
}

TEST_F(ConnectionGate, workflows_are_published_with_it_only_for_its_role) {
  auto publish_as = [&](Role role, std::string const& source) {
    return ask(role, Method::post, "/api/v1/workflows", source);
  };
  EXPECT_EQ(publish_as(Role::author, calls("a", "")), 201);
  EXPECT_EQ(publish_as(Role::author, calls("b", "secret")), 201);
  EXPECT_EQ(publish_as(Role::author, calls("c", "boss")), 403);
  EXPECT_EQ(publish_as(Role::org_admin, calls("c", "boss")), 201);
  EXPECT_EQ(publish_as(Role::author, calls("d", "${ .which }")), 403) << "it could be any";
  Json const files = Json::object(
      {{"files", Json::array({Json::object(
                     {{"path", "d.yaml"}, {"source", calls("d", "alias-of-boss")}})})}});
  EXPECT_EQ(ask(Role::author, Method::post, "/api/v1/workflows/apply", files.dump()), 403);
}

TEST_F(ConnectionGate, drafts_are_saved_by_all_authors_but_published_by_its_role) {
  std::string const draft = "/api/v1/workflows/tests/e/draft";
  EXPECT_EQ(ask(Role::author, Method::put, draft, calls("e", "boss")), 200);
  std::string const publish_it = "/api/v1/workflows/tests/e/publish";
  EXPECT_EQ(ask(Role::author, Method::post, publish_it, "{}"), 403);
  EXPECT_EQ(ask(Role::author, Method::post, publish_it, R"({"version":"1.0.0"})"), 403);
  EXPECT_EQ(ask(Role::org_admin, Method::post, publish_it, "{}"), 201);
  EXPECT_EQ(ask(Role::author, Method::post, "/api/v1/workflows/tests/e/rollback",
                R"({"version":"1.0.0"})"),
            403);
}

TEST_F(ConnectionGate, runs_are_started_by_hand_only_by_its_role_even_through_others) {
  publish("plain", calls("plain", ""));
  publish("child", calls("child", "secret"));
  publish("parent", runs("parent", "child"));
  publish("loop", runs("loop", "loop"));
  auto start = [&](Role role, std::string const& name) {
    return ask(role, Method::post, "/api/v1/workflows/tests/" + name + "/run", "{}");
  };
  EXPECT_EQ(start(Role::operator_, "plain"), 201);
  EXPECT_EQ(start(Role::operator_, "loop"), 201);
  EXPECT_EQ(start(Role::operator_, "child"), 403);
  EXPECT_EQ(start(Role::operator_, "parent"), 403);
  EXPECT_EQ(start(Role::author, "parent"), 201);
  EXPECT_EQ(ask(Role::operator_, Method::post, "/api/v1/workflows/tests/none/run", "{}"), 404);
  EXPECT_EQ(
      ask(Role::operator_, Method::post, "/api/v1/bulk/runs", R"({"action":"replay","filter":{}})"),
      403);
}

TEST_F(ConnectionGate, replays_ask_as_starts_do) {
  publish("w", calls("w", "secret"));
  auto const id = make_run(2, "completed");
  std::string const replay = "/api/v1/runs/" + id.text + "/replay";
  EXPECT_EQ(ask(Role::operator_, Method::post, replay, "{}"), 403);
  EXPECT_NE(ask(Role::author, Method::post, replay, "{}"), 403);
}

TEST(ConnectionUses, are_found_wherever_calls_stand) {
  auto const parsed = workflow::parse_yaml(R"(
use:
  functions:
    mine: {call: get-issue:1.0.0@gitlab, with: {connection: inner}}
do:
  - a: {call: http, with: {endpoint: x}}
  - b: {for: {each: x, in: y}, do: [{c: {call: mine, with: {connection: outer}}}]}
  - d: {fork: {branches: [{e: {call: get-issue:1.0.0@gitlab}}]}}
  - f: {run: {workflow: {namespace: n, name: m, version: 1.0.0}}}
)");
  ASSERT_TRUE(parsed.ok());
  auto const uses = connection_uses(workflow::to_json(*parsed));
  EXPECT_EQ(uses.names, (std::set<std::string>{"", "inner", "outer"}));
  EXPECT_EQ(uses.workflows, (std::set<std::string>{"n/m/1.0.0"}));
  EXPECT_EQ(uses.named, ConnectionUses::Named::plainly);
}

}  // namespace
}  // namespace fairlead::api
