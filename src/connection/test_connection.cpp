// Connections::test: the checklist behind "Test connection".
#include "base/text.h"
#include "connection/connections.h"
#include "connection/live_connection.h"
#include "connection/probe.h"

namespace fairlead::connection {
namespace {

CheckStep failed(std::string name, Error const& error) {
  std::string detail = error.message;
  if (!error.cause.empty()) detail += " " + error.cause;
  return {.name = std::move(name),
          .outcome = CheckStep::Outcome::failed,
          .detail = detail,
          .remedy = error.remedy};
}

CheckStep skipped(std::string name, std::string why) {
  return {.name = std::move(name),
          .outcome = CheckStep::Outcome::skipped,
          .detail = std::move(why),
          .remedy = ""};
}

// Reaching the server at all, told apart from signing in: any HTTP answer will do.
CheckStep reach(ConnectionParts const& parts, store::ConnectionRecord const& record) {
  auto answer = who_am_i(parts, record, Secret("none"));
  if (answer.ok() || answer.error().kind == ErrorKind::denied)
    return {.name = "Reach the server", .detail = record.base_url + " answers as a GitLab."};
  return failed("Reach the server", answer.error());
}

CheckStep scopes(store::ConnectionRecord const& record) {
  CheckStep step{.name = "Scopes", .detail = "Granted: " + record.scopes};
  std::string padded = " " + record.scopes + " ";
  if (padded.find(" api ") != std::string::npos) return step;
  step.outcome = CheckStep::Outcome::warned;
  step.detail +=
      ". This connection can read only; creating, changing and starting pipelines need the scope "
      "api.";
  step.remedy =
      "Add the scope api to the application or token in GitLab and reconnect, if writing is "
      "wanted.";
  return step;
}

}  // namespace

std::string_view to_string(CheckStep::Outcome outcome) {
  switch (outcome) {
    case CheckStep::Outcome::passed:
      return "passed";
    case CheckStep::Outcome::failed:
      return "failed";
    case CheckStep::Outcome::warned:
      return "warned";
    case CheckStep::Outcome::skipped:
      return "skipped";
  }
  return "failed";
}

Result<std::vector<CheckStep>> Connections::test(std::string_view name) {
  FAIRLEAD_TRY(auto record, parts_.store.find(name));
  std::vector<CheckStep> steps{reach(parts_, record)};
  auto skip_rest = [&steps](std::string const& why) {
    for (auto const* step : {"Token", "GitLab version", "Scopes"})
      steps.push_back(skipped(step, why));
    return steps;
  };
  if (steps.front().outcome == CheckStep::Outcome::failed)
    return skip_rest("The server was not reached.");
  auto token = live(record.id)->token();
  if (!token.ok()) {
    skip_rest("There is no token.");
    steps[1] = failed("Token", token.error());
    return steps;
  }
  auto account = who_am_i(parts_, record, token->bearer);
  if (!account.ok()) {
    skip_rest("The token does not work.");
    steps[1] = failed("Token", account.error());
    return steps;
  }
  steps.push_back(
      {.name = "Token", .detail = "Signed in as " + (*account)["username"].as_string() + "."});
  auto version = gitlab_version(parts_, record, token->bearer);
  steps.push_back(
      version ? CheckStep{.name = "GitLab version", .detail = *version}
              : skipped("GitLab version", "This token may not read it; nothing depends on it."));
  FAIRLEAD_TRY(auto now, parts_.store.get(record.id));
  steps.push_back(scopes(now));
  return steps;
}

}  // namespace fairlead::connection
