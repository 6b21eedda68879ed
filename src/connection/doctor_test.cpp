#include "connection/doctor.h"

#include <map>

#include "connection/change.h"
#include "connection/world_test.h"
#include "net/fault_stage.h"

namespace fairlead::connection {
namespace {

using namespace testing_support;  // NOLINT
using State = DoctorStep::State;

constexpr char const* version_url = "https://gitlab.test/api/v4/version";
constexpr char const* discovery_url = "https://gitlab.test/.well-known/openid-configuration";

net::HttpResponse page(int status, net::Headers headers = {{"Content-Type", "text/html"}}) {
  net::HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = "<html>Sign in</html>";
  return response;
}

Json unauthorized() { return Json::object({{"message", "401 Unauthorized"}}); }

struct DoctorWorld : World {
  Doctor doctor{make_parts(), connections, store->webhooks(),
                DoctorOptions{.public_url = "https://fairlead.test"}};

  std::map<std::string, DoctorStep> examined() {
    auto steps = doctor.examine("gitlab");
    EXPECT_TRUE(steps.ok());
    std::map<std::string, DoctorStep> by_id;
    for (auto const& step : *steps)
      by_id[step.id] = step;
    return by_id;
  }
  void server_answers(std::string const& issuer = "https://gitlab.test") {
    gitlab.on(Method::get, version_url).with_authorization("").answer_json(401, unauthorized());
    gitlab.on(Method::get, discovery_url)
        .answer_json(
            200, Json::object({{"issuer", issuer}, {"scopes_supported", Json::array({"api"})}}));
  }
  void application_answers(int status, char const* error) {
    gitlab.on(Method::post, token_url).answer_json(status, Json::object({{"error", error}}));
  }
  void token_answers(Json const& groups, int level, net::Headers const& headers = {}) {
    gitlab.on(Method::get, user_url)
        .with_authorization("Bearer access-1")
        .answer_json(200, alice());
    gitlab.on(Method::get, version_url)
        .answer_json(200, Json::object({{"version", "19.5.0-ee"}}), headers);
    gitlab.on(Method::get, user_url).answer_json(200, alice());
    gitlab
        .on(Method::get,
            "https://gitlab.test/api/v4/groups?min_access_level=10&per_page=1&order_by=id")
        .answer_json(200, groups);
    if (groups.empty()) return;
    gitlab.on(Method::get, "https://gitlab.test/api/v4/groups/5/members/all/7")
        .answer_json(200, Json::object({{"access_level", level}}));
  }
  static Json ops() { return Json::array({Json::object({{"id", 5}, {"full_path", "acme/ops"}})}); }
};

TEST_F(DoctorWorld, finds_nothing_at_a_good_connection) {
  sign_in();
  server_answers();
  application_answers(400, "invalid_grant");
  token_answers(ops(), 40, {{"RateLimit-Limit", "2000"}, {"RateLimit-Remaining", "1990"}});
  auto steps = examined();
  for (auto const& [id, step] : steps)
    EXPECT_TRUE(step.state == State::ok || id == "webhook") << id << ": " << step.detail;
  EXPECT_EQ(steps.size(), 13u);
  EXPECT_EQ(steps["role"].detail, "Maintainer in acme/ops.");
  EXPECT_EQ(steps["rate"].detail, "1990 of 2000 requests are left in this window.");
  EXPECT_EQ(steps["webhook"].state, State::skipped);
}

TEST_F(DoctorWorld, tells_what_few_scopes_leave_undone) {
  sign_in();
  struct Case {
    char const* scopes;
    State state;
    char const* detail;
    char const* fix;
  };
  for (auto const& one :
       {Case{"api", State::ok, "Granted: api", ""},
        Case{"read_api", State::warning, "can read only", "if writing is wanted"},
        Case{"read_user", State::warning, "no project, issue or pipeline can be read",
             "Tick the scope api (or read_api, to read only)"},
        Case{"openid email", State::warning, "nothing can be changed", "reconnect asking for it"},
        Case{"", State::ok, "GitLab did not say", ""}}) {
    SCOPED_TRACE(one.scopes);
    auto record = *store->connections().find("gitlab");
    record.scopes = one.scopes;
    ASSERT_TRUE(store->connections().update(record, record.generation).ok());
    server_answers();
    application_answers(400, "invalid_grant");
    token_answers(ops(), 40);
    auto const step = examined()["scopes"];
    EXPECT_EQ(step.state, one.state);
    EXPECT_NE(step.detail.find(one.detail), std::string::npos) << step.detail;
    EXPECT_NE(step.fix.find(one.fix), std::string::npos) << step.fix;
  }
}

TEST_F(DoctorWorld, shows_the_certificates_and_warns_before_one_ends) {
  sign_in();
  auto const days = [this](int count) { return clock.now() + std::chrono::hours(24 * count + 1); };
  std::vector<net::ShownCertificate> chain{{"gitlab.test", "Company CA", days(40)},
                                           {"Company CA", "Company CA", days(400)}};
  Doctor sharp(
      make_parts(), connections, store->webhooks(),
      {.public_url = "https://fairlead.test", .certificates = [&](net::HttpRequest const& request) {
         EXPECT_EQ(request.url, "https://gitlab.test");
         return chain;
       }});
  auto const tls_step = [&] {
    gitlab.on(Method::get, version_url).fail(make_error(ErrorKind::uncertain, "lost"));
    auto const steps = sharp.examine("gitlab");
    EXPECT_TRUE(steps.ok() && steps->at(2).id == "tls");
    return steps->at(2);
  };
  auto step = tls_step();
  EXPECT_EQ(step.state, State::ok);
  EXPECT_NE(step.detail.find("Shown: gitlab.test, issued by Company CA, ends "), std::string::npos);
  EXPECT_NE(step.detail.find("(40 days); Company CA (by itself)"), std::string::npos);
  EXPECT_EQ(step.certificates.size(), 2u);
  EXPECT_EQ(step.certificates.at(1).substr(0, 22), "Company CA (by itself)");
  chain[0].ends_at = days(13);
  step = tls_step();
  EXPECT_EQ(step.state, State::warning);
  EXPECT_NE(step.fix.find("Renew the certificate of gitlab.test"), std::string::npos);
}

TEST_F(DoctorWorld, a_gitlab_that_is_down_or_throttles_is_no_wrong_url) {
  for (int const status : {429, 502, 503}) {
    SCOPED_TRACE(status);
    gitlab.on(Method::get, version_url).with_authorization("").answer_json(status, Json::object());
    auto const look = doctor.probe("https://gitlab.test", {});
    ASSERT_TRUE(look.ok() && look->fault);
    EXPECT_EQ(look->fault->kind, status == 429 ? ErrorKind::rate_limited : ErrorKind::unavailable);
    EXPECT_EQ(look->fault->cause.find("URL"), std::string::npos);
    EXPECT_EQ(look->root_hint, "") << "nothing else is looked for";
  }
}

struct WayFault {
  net::FaultStage stage;
  char const* failed;
  std::vector<std::string> well;
};
class WayFaults : public DoctorWorld, public ::testing::WithParamInterface<WayFault> {};

TEST_P(WayFaults, are_never_shown_as_the_tokens) {
  sign_in();
  Error error = make_error(ErrorKind::unavailable, "Could not connect: it broke.");
  error.remedy = "mend it";
  gitlab.on(Method::get, version_url).fail(net::at_stage(error, GetParam().stage));
  auto steps = examined();
  EXPECT_EQ(steps[GetParam().failed].state, State::failed);
  EXPECT_EQ(steps[GetParam().failed].fix, "mend it");
  for (auto const& id : GetParam().well)
    EXPECT_EQ(steps[id].state, State::ok) << id;
  for (auto const* id : {"server", "application", "token", "scopes", "role", "rate"})
    EXPECT_EQ(steps[id].state, State::skipped) << id;
  EXPECT_EQ(status(), "active");
}

INSTANTIATE_TEST_SUITE_P(Stages, WayFaults,
                         ::testing::Values(WayFault{net::FaultStage::dns, "dns", {}},
                                           WayFault{net::FaultStage::tcp, "tcp", {"dns"}},
                                           WayFault{net::FaultStage::proxy, "tcp", {"dns"}},
                                           WayFault{net::FaultStage::tls, "tls", {"dns", "tcp"}}));

TEST_F(DoctorWorld, names_a_wrong_secret_a_changed_redirect_a_low_role_and_a_used_up_limit) {
  sign_in();
  Doctor moved(make_parts(), connections, store->webhooks(), {.public_url = "https://new.test"});
  server_answers("https://git.acme.test");
  application_answers(401, "invalid_client");
  token_answers(ops(), 20, {{"RateLimit-Limit", "2000"}, {"RateLimit-Remaining", "3"}});
  auto found = moved.examine("gitlab");
  ASSERT_TRUE(found.ok());
  std::map<std::string, DoctorStep> steps;
  for (auto const& step : *found)
    steps[step.id] = step;
  EXPECT_EQ(steps["server"].state, State::warning) << "GitLab calls itself otherwise";
  EXPECT_NE(steps["server"].detail.find("https://git.acme.test"), std::string::npos);
  EXPECT_EQ(steps["application"].state, State::failed);
  EXPECT_EQ(steps["redirect"].state, State::warning);
  EXPECT_NE(steps["redirect"].fix.find("https://new.test/oauth/callback"), std::string::npos);
  EXPECT_EQ(steps["token"].state, State::ok) << "the token is another matter";
  EXPECT_EQ(steps["role"].state, State::warning);
  EXPECT_EQ(steps["rate"].state, State::warning);
}

TEST_F(DoctorWorld, has_gitlab_send_a_test_to_a_webhook_that_stands) {
  sign_in();
  store::WebhookRecord hook;
  hook.id = "h1";
  hook.connection = connections.get("gitlab")->id;
  hook.target = "7";
  hook.remote_id = 30;
  hook.status = "registered";
  ASSERT_TRUE(store->webhooks().put(hook).ok());
  Result<void> answer;
  Doctor sharp(make_parts(), connections, store->webhooks(),
               {.public_url = "https://fairlead.test",
                .try_hook = [&](std::string const& name, store::WebhookRecord const& tried) {
                  EXPECT_EQ(name, "gitlab");
                  EXPECT_EQ(tried.remote_id, 30);
                  return answer;
                }});
  auto const last_step = [&] {
    server_answers();
    application_answers(400, "invalid_grant");
    token_answers(ops(), 40);
    auto const steps = sharp.examine("gitlab");
    return steps.ok() ? steps->back() : DoctorStep{};
  };
  EXPECT_EQ(last_step().state, State::ok);
  answer = make_error(ErrorKind::invalid_input, "Hook execution failed: URL is blocked.");
  auto const refused = last_step();
  EXPECT_EQ(refused.state, State::warning);
  EXPECT_NE(refused.detail.find("URL is blocked"), std::string::npos);
  EXPECT_NE(refused.fix.find("Outbound requests"), std::string::npos);
  answer = make_error(ErrorKind::invalid_input, "Ensure the project has pipelines.");
  EXPECT_EQ(last_step().state, State::skipped) << "nothing to test with, nothing came yet";
}

TEST_F(DoctorWorld, says_when_the_user_is_nowhere_a_member) {
  sign_in();
  server_answers();
  application_answers(400, "invalid_grant");
  token_answers(Json::array(), 0);
  EXPECT_EQ(examined()["role"].state, State::warning);
}

TEST_F(DoctorWorld, tells_a_server_that_cannot_reach_us_of_its_address) {
  sign_in();
  Doctor local(make_parts(), connections, store->webhooks(),
               {.public_url = "http://127.0.0.1:8420"});
  gitlab.on(Method::get, version_url)
      .fail(net::at_stage(make_error(ErrorKind::unavailable, "no"), net::FaultStage::tcp));
  auto steps = local.examine("gitlab");
  ASSERT_TRUE(steps.ok());
  EXPECT_EQ(steps->back().id, "webhook");
  EXPECT_EQ(steps->back().state, State::warning);
  EXPECT_NE(steps->back().fix.find("--public-url"), std::string::npos);
}

TEST_F(DoctorWorld, a_look_finds_gitlab_below_a_path) {
  gitlab.on(Method::get, version_url).answer(page(404));
  gitlab.on(Method::get, "https://gitlab.test/")
      .answer(page(302, {{"Location", "/git/lab/users/sign_in"}}));
  gitlab.on(Method::get, "https://gitlab.test/git/lab/api/v4/version")
      .answer_json(401, unauthorized());
  auto look = doctor.probe("https://gitlab.test/", {});
  ASSERT_TRUE(look.ok());
  EXPECT_FALSE(look->gitlab);
  EXPECT_EQ(look->root_hint, "https://gitlab.test/git/lab");
  ASSERT_TRUE(look->fault);
  EXPECT_EQ(net::fault_stage(*look->fault), net::FaultStage::none);
  EXPECT_NE(look->fault->remedy.find("https://gitlab.test/git/lab"), std::string::npos);
}

TEST_F(DoctorWorld, a_look_finds_gitlab_above_a_pasted_project) {
  gitlab.on(Method::get, "https://gitlab.test/acme/api/api/v4/version").answer(page(302));
  gitlab.on(Method::get, "https://gitlab.test/acme/api/").answer(page(200));
  gitlab.on(Method::get, "https://gitlab.test/acme/api/v4/version").answer(page(404));
  gitlab.on(Method::get, version_url).answer_json(401, unauthorized());
  auto look = doctor.probe("https://gitlab.test/acme/api", {});
  ASSERT_TRUE(look.ok());
  EXPECT_EQ(look->root_hint, "https://gitlab.test");
}

TEST_F(DoctorWorld, a_look_reads_what_gitlab_says_of_itself) {
  gitlab.on(Method::get, version_url).answer_json(401, unauthorized());
  gitlab.on(Method::get, discovery_url)
      .answer_json(200,
                   Json::object({{"issuer", "https://gitlab.test"},
                                 {"scopes_supported", Json::array({"api", "read_api"})},
                                 {"grant_types_supported",
                                  Json::array({"urn:ietf:params:oauth:grant-type:device_code"})}}));
  auto look = doctor.probe("https://gitlab.test/api/v4", {});
  ASSERT_TRUE(look.ok());
  EXPECT_TRUE(look->gitlab);
  EXPECT_TRUE(look->device_sign_in);
  EXPECT_EQ(look->scopes.size(), 2u);
  EXPECT_EQ(doctor.probe("gitlab.test", {}).error().where, "baseUrl");
  EXPECT_EQ(doctor.probe("https://gitlab.test", {.proxy = "http://u:p@proxy"}).error().where,
            "proxy");
}

struct ChangeWorld : World {
  Result<store::ConnectionRecord> change(ConnectionChange wish) {
    return connections.change("gitlab", wish);
  }
};

TEST_F(ChangeWorld, keeps_id_tokens_and_what_is_not_named) {
  sign_in();
  auto const before = *connections.get("gitlab");
  ConnectionChange wish;
  wish.name = "company";
  wish.aliases = std::vector<std::string>{"production", "main"};
  wish.minimum_role = "author";
  auto after = change(wish);
  ASSERT_TRUE(after.ok()) << describe(after.error());
  EXPECT_EQ(after->id, before.id);
  EXPECT_EQ(after->sealed_access_token, before.sealed_access_token);
  EXPECT_EQ(after->settings["redirectUri"], before.settings["redirectUri"]);
  EXPECT_EQ(connections.get("production")->id, before.id);
  EXPECT_EQ((*(*connections.source("main"))->token()).bearer.reveal(), "access-1");
  EXPECT_FALSE(connections.get("gitlab").ok());
}

TEST_F(ChangeWorld, a_read_only_connection_refuses_writes_and_can_be_opened_again) {
  sign_in();
  ConnectionChange wish;
  for (auto writes : {ConnectionChange::Writes::refused, ConnectionChange::Writes::allowed}) {
    wish.writes = writes;
    ASSERT_TRUE(change(wish).ok());
    auto const endpoint = (*connections.source("gitlab"))->endpoint();
    EXPECT_EQ(endpoint->writes == Endpoint::Writes::refused,
              writes == ConnectionChange::Writes::refused);
  }
}

TEST_F(ChangeWorld, a_name_means_one_connection) {
  sign_in();
  NewConnection other = wanted();
  other.name = "other";
  ASSERT_TRUE(connections.create(other).ok());
  ConnectionChange taken;
  taken.aliases = std::vector<std::string>{"other"};
  EXPECT_EQ(change(taken).error().kind, ErrorKind::conflict);
  taken = {};
  taken.name = "other";
  EXPECT_EQ(change(taken).error().kind, ErrorKind::conflict);
  ConnectionChange alias;
  alias.aliases = std::vector<std::string>{"staging"};
  ASSERT_TRUE(change(alias).ok());
  other.name = "staging";
  EXPECT_EQ(connections.create(other).error().kind, ErrorKind::conflict);
}

TEST_F(ChangeWorld, no_token_goes_to_another_gitlab) {
  sign_in();
  ConnectionChange wish;
  wish.base_url = "https://gitlab.test/";
  ASSERT_TRUE(change(wish).ok());
  EXPECT_EQ(bearer(), "access-1") << "the same one, written otherwise";
  wish.base_url = "https://evil.test";
  ASSERT_TRUE(change(wish).ok());
  EXPECT_EQ(status(), "needs-sign-in");
  EXPECT_EQ(bearer(), "error: Connection not finished");
}

}  // namespace
}  // namespace fairlead::connection
