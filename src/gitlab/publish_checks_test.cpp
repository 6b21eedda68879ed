// What is asked of GitLab before a workflow is published, and what is made of the answers.
#include "gitlab/publish_checks.h"

#include <gtest/gtest.h>

#include <map>

#include "gitlab/actions.h"
#include "workflow/parse.h"

namespace fairlead::gitlab {
namespace {

class FakeGitLab final : public action::Api, public action::ApiProvider {
 public:
  Result<action::Response> send(action::Request const& request) override {
    sent.push_back(request.path);
    auto const found = answers.find(request.path);
    if (found != answers.end())
      return action::Response{.status = 200, .headers = {}, .body = found->second, .text = {}};
    Error error = make_error(ErrorKind::not_found, "404 Not found");
    error.status = 404;
    return error;
  }
  Result<action::ListSummary> list(action::Request const&, action::ListOptions const&,
                                   action::ItemSink const&) override {
    return make_error(ErrorKind::unavailable, "not asked for");
  }
  Result<Json> account() override { return user; }
  [[nodiscard]] std::string const& base_url() const override { return base_url_; }
  Result<std::shared_ptr<action::Api>> open(std::string_view) override {
    if (failure) return *failure;
    return std::shared_ptr<action::Api>(std::shared_ptr<void>(), this);
  }

  Json user = Json::object({{"id", 7}});
  std::optional<Error> failure;
  std::map<std::string, Json> answers;
  std::vector<std::string> sent;

 private:
  std::string base_url_{"https://gitlab.test/git"};
};

struct PublishChecksTest : ::testing::Test {
  FakeGitLab gitlab;
  action::Catalogue catalogue{all_actions()};

  std::string found_in(std::string const& tasks, std::string const& schedule = "") {
    auto const document =
        workflow::parse("document: {dsl: '1.0.3', namespace: tests, name: t, version: '1.0.0'}\n" +
                        schedule + "do:\n" + tasks);
    if (!document.ok()) return document.error().message;
    std::string all;
    for (auto const& problem : publish_problems(**document, catalogue, gitlab)) {
      EXPECT_EQ(problem.severity, workflow::Problem::Severity::warning);
      all += (all.empty() ? "" : " ") + problem.code + problem.pointer;
      messages += problem.message + "\n";
    }
    return all;
  }
  void member(std::string const& where, int level) {
    gitlab.answers[where + "/members/all/7"] = Json::object({{"id", 7}, {"access_level", level}});
  }
  std::string messages;
};

constexpr auto pipeline =
    "- go: {call: 'trigger-pipeline:1.0.0@gitlab', with: {project: ops/x, ref: main}}\n";

TEST_F(PublishChecksTest, a_role_that_is_too_low_is_told_with_both_roles) {
  member("/projects/ops%2Fx", 20);
  EXPECT_EQ(found_in(pipeline), "role/do/0/go/with/project");
  EXPECT_NE(messages.find("Developer (30)"), std::string::npos) << messages;
  EXPECT_NE(messages.find("Reporter (20)"), std::string::npos) << messages;
}

TEST_F(PublishChecksTest, no_member_is_too_low_and_enough_is_silent) {
  EXPECT_EQ(found_in(pipeline), "role/do/0/go/with/project");
  member("/projects/ops%2Fx", 30);
  EXPECT_EQ(found_in(pipeline), "");
}

TEST_F(PublishChecksTest, an_administrator_needs_no_role) {
  gitlab.user.set("is_admin", true);
  EXPECT_EQ(found_in(pipeline), "");
  EXPECT_TRUE(gitlab.sent.empty());
}

TEST_F(PublishChecksTest, a_protected_branch_the_user_may_not_push_to_is_told) {
  member("/projects/ops%2Fx", 30);
  auto& branch = gitlab.answers["/projects/ops%2Fx/repository/branches/main"];
  branch = Json::object({{"protected", true}, {"can_push", false}});
  EXPECT_EQ(found_in(pipeline), "protected-branch/do/0/go/with/ref");
  branch.set("can_push", true);
  EXPECT_EQ(found_in(pipeline), "");
}

TEST_F(PublishChecksTest, what_only_a_run_knows_is_not_asked_for_and_settings_are) {
  EXPECT_EQ(found_in("- go: {call: 'trigger-pipeline:1.0.0@gitlab', with: {project: '${ .p }', "
                     "ref: main}}\n"),
            "");
  EXPECT_TRUE(gitlab.sent.empty());
  EXPECT_EQ(found_in("- settings: {set: {p: 'https://gitlab.test/git/ops/x'}}\n"
                     "- go: {call: 'trigger-pipeline:1.0.0@gitlab', with: {project: "
                     "'${ $context.settings.p }', ref: main}}\n"),
            "role/do/1/go/with/project");
}

TEST_F(PublishChecksTest, a_place_is_asked_about_once_and_all_of_them_are_bounded) {
  EXPECT_EQ(
      found_in("- a: {call: 'remove-project-member:1.0.0@gitlab', with: {project: 5, user: x}}\n"
               "- b: {call: 'remove-project-member:1.0.0@gitlab', with: {project: 5, user: y}}\n"),
      "role/do/0/a/with/project role/do/1/b/with/project");
  EXPECT_EQ(gitlab.sent.size(), 1u);
  gitlab.sent.clear();
  std::string many;
  for (int i = 0; i < lookups_max + 5; ++i) {
    auto const n = std::to_string(i);
    member("/projects/" + n, 50);
    many += "- s" + n + ": {call: 'remove-project-member:1.0.0@gitlab', with: {project: " + n +
            ", user: x}}\n";
  }
  EXPECT_EQ(found_in(many), "not-checked/do/20/s20");
  EXPECT_EQ(gitlab.sent.size(), static_cast<std::size_t>(lookups_max));
}

TEST_F(PublishChecksTest, a_connection_that_cannot_be_used_is_told_once) {
  gitlab.failure = make_error(ErrorKind::denied, "The connection needs sign-in.");
  EXPECT_EQ(found_in(std::string(pipeline) +
                     "- b: {call: 'get-project:1.0.0@gitlab', with: {project: 5}}\n"),
            "connection/do/0/go");
}

TEST_F(PublishChecksTest, a_step_that_causes_the_event_it_is_started_by_is_told) {
  std::string const comment =
      "- c: {call: 'comment-issue:1.0.0@gitlab', with: {project: 5, issue: 3, body: x}}\n";
  EXPECT_EQ(found_in(comment, "schedule: {on: {one: {with: {type: com.gitlab.note}}}}\n"),
            "own-event/do/0/c");
  EXPECT_EQ(found_in(comment, "schedule: {on: {one: {with: {type: com.gitlab.issue}}}}\n"), "");
  EXPECT_EQ(found_in(comment,
                     "schedule: {on: {one: {with: {type: com.gitlab.note, data: '${ .x }'}}}}\n"),
            "");
}

}  // namespace
}  // namespace fairlead::gitlab
