// The commands against a scripted server: what they send, print, and wait for.
#include "cli/commands.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/care_commands.h"
#include "cli/run_view.h"
#include "testing/fake_transport.h"
#include "testing/virtual_pause.h"

namespace fairlead::cli {
namespace {

using net::Method;

constexpr char const* base = "http://127.0.0.1:8420";

std::string at(std::string const& path) { return base + path; }

struct Shell : ::testing::Test {
  testing::VirtualClock clock;
  testing::VirtualPause pause{clock};
  testing::FakeTransport server;
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in;
  Session session{.terminal = {.out = out, .err = err},
                  .server = ServerClient(server, std::string(base) + "/", Secret("fairlead_t"), ""),
                  .pause = pause,
                  .clock = clock,
                  .in = in};

  // The beginning of a sign-in with the id "s1".
  void begin_sign_in() {
    server.on(Method::post, at("/api/v1/connections/gitlab/sign-in"))
        .answer_json(201, Json::object({{"startUrl", "http://127.0.0.1:8420/oauth/start/x"},
                                        {"signIn", "s1"},
                                        {"redirectUri", "http://127.0.0.1:8420/oauth/callback"}}));
  }
  void connection_is(std::string const& status, Json const& last) {
    server.on(Method::get, at("/api/v1/connections/gitlab"))
        .answer_json(
            200,
            Json::object(
                {{"name", "gitlab"}, {"status", status}, {"auth", "oauth"}, {"lastSignIn", last}}));
  }
};

Json signed_in(std::string const& id, std::string const& outcome) {
  Error error = make_error(ErrorKind::denied, "GitLab answered HTTP 400: invalid");
  error.title = "Failed to exchange token";
  error.remedy = "Connect again.";
  Json json = Json::object({{"id", id}, {"outcome", outcome}});
  if (outcome == "failed") json.set("error", to_json(error));
  return json;
}

TEST_F(Shell, disconnecting_says_which_workflows_needed_it) {
  Json const flow = Json::object({{"namespace", "ops"}, {"name", "incident"}});
  server.on(Method::delete_, at("/api/v1/connections/gitlab"))
      .answer_json(200,
                   Json::object({{"disconnected", "gitlab"},
                                 {"note", ""},
                                 {"impact", Json::object({{"workflows", Json::array({flow})}})}}));
  ASSERT_TRUE(connection_disconnect(session, {.name = "gitlab", .yes = true}).ok());
  EXPECT_NE(out.str().find("Without it these workflows fail"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("ops/incident"), std::string::npos) << out.str();
}

TEST_F(Shell, disconnecting_without_a_yes_says_what_breaks_and_does_nothing) {
  server.on(Method::get, at("/api/v1/connections/gitlab"))
      .answer_json(200, Json::object({{"name", "gitlab"}, {"default", true}}));
  Json const flow = Json::object({{"namespace", "ops"}, {"name", "incident"}});
  server.on(Method::get, at("/api/v1/connections/gitlab/impact"))
      .answer_json(
          200,
          Json::object({{"workflows", Json::array({flow})}, {"waitingRuns", 3}, {"more", false}}));
  auto const done = connection_disconnect(session, {.name = "gitlab"});
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().where, "--yes");
  for (char const* said : {"ops/incident", "3 of their runs have not ended", "the default"})
    EXPECT_NE(out.str().find(said), std::string::npos) << out.str();
}

TEST_F(Shell, waits_for_its_own_sign_in_and_no_other) {
  begin_sign_in();
  connection_is("active", signed_in("s0", "completed"));
  connection_is("active", signed_in("s0", "failed"));
  connection_is("active", signed_in("s1", "completed"));
  auto done = connection_reconnect(session, {.no_browser = true});
  ASSERT_TRUE(done.ok()) << describe(done.error());
  EXPECT_EQ(pause.waits().size(), 2u);
  EXPECT_NE(out.str().find("active"), std::string::npos);
  EXPECT_NE(err.str().find("/oauth/start/x"), std::string::npos);
}

TEST_F(Shell, a_reconnect_asks_for_other_scopes_and_says_which_were_not_granted) {
  server.on(Method::post, at("/api/v1/connections/gitlab/sign-in"))
      .with_json(Json::object({{"scopes", "api read_user"}}))
      .answer_json(201, Json::object({{"startUrl", "http://127.0.0.1:8420/oauth/start/x"},
                                      {"signIn", "s1"},
                                      {"redirectUri", "http://127.0.0.1:8420/oauth/callback"}}));
  Json last = signed_in("s1", "completed");
  last.set("missing", Json::array({"api"}));
  connection_is("active", last);
  auto done = connection_reconnect(session, {.new_scopes = "api read_user", .no_browser = true});
  ASSERT_TRUE(done.ok()) << describe(done.error());
  EXPECT_NE(err.str().find("Missing: api\n"), std::string::npos) << err.str();
}

TEST_F(Shell, a_sign_in_that_failed_in_the_browser_ends_the_wait_with_its_reason) {
  begin_sign_in();
  connection_is("pending", Json());
  connection_is("pending", signed_in("s1", "failed"));
  auto done = connection_reconnect(session, {.no_browser = true});
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().title, "Failed to exchange token");
  EXPECT_EQ(done.error().kind, ErrorKind::denied);
}

TEST_F(Shell, nobody_signing_in_is_a_time_out_with_a_way_on) {
  begin_sign_in();
  for (int i = 0; i < 4; ++i)
    connection_is("pending", Json());
  auto done = connection_reconnect(session, {.no_browser = true, .wait_seconds = 2});
  server.forget_unused();
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind, ErrorKind::timed_out);
  EXPECT_NE(done.error().remedy.find("reconnect gitlab"), std::string::npos);
}

TEST_F(Shell, sends_the_token_and_reads_problems) {
  server.on(Method::get, at("/api/v1/connections/a%2Fb"))
      .with_authorization("Bearer fairlead_t")
      .answer_json(404, Json::object({{"title", "Not found"},
                                      {"detail", "There is no connection."},
                                      {"kind", "not_found"},
                                      {"remedy", "See the list."}}));
  auto shown = connection_show(session, "a/b");
  ASSERT_FALSE(shown.ok());
  EXPECT_EQ(shown.error().kind, ErrorKind::not_found);
  EXPECT_EQ(shown.error().message, "There is no connection.");
  EXPECT_EQ(shown.error().remedy, "See the list.");
}

struct NoAnswer {
  char const* name;
  char const* message;
  char const* own_remedy;
  char const* remedy;
};
class NoAnswers : public Shell, public ::testing::WithParamInterface<NoAnswer> {};

TEST_P(NoAnswers, keep_a_remedy_that_fits_better) {
  Error error = make_error(ErrorKind::unavailable, GetParam().message);
  error.remedy = GetParam().own_remedy;
  server.on(Method::get, at("/api/v1/connections")).fail(error);
  auto listed = connection_list(session);
  ASSERT_FALSE(listed.ok());
  EXPECT_EQ(listed.error().title, "No server");
  EXPECT_NE(listed.error().message.find(base), std::string::npos);
  EXPECT_NE(listed.error().remedy.find(GetParam().remedy), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, NoAnswers,
    ::testing::Values(NoAnswer{"refused", "Could not connect: connection refused.",
                               "Check the port.", "fairlead serve"},
                      NoAnswer{"certificate", "Could not connect: unknown authority (CA).",
                               "Give that CA's certificate.", "CA's certificate"}),
    [](auto const& row) { return std::string(row.param.name); });

TEST_F(Shell, what_is_no_fairlead_server_is_said_so) {
  net::HttpResponse page;
  page.status = 200;
  page.body = "<html>router</html>";
  server.on(Method::get, at("/api/v1/connections")).answer(page);
  auto listed = connection_list(session);
  ASSERT_FALSE(listed.ok());
  EXPECT_EQ(listed.error().kind, ErrorKind::corrupt);
  EXPECT_NE(listed.error().remedy.find("Fairlead server"), std::string::npos);
}

Json entry(int seq, std::string const& kind, Json payload = Json::object()) {
  return Json::object({{"seq", seq},
                       {"kind", kind},
                       {"task", "/do/0/createIssue"},
                       {"at", "2026-11-22T17:03:04.123Z"},
                       {"payload", std::move(payload)}});
}

struct Entry {
  char const* kind;
  char const* payload;
  char const* words;  // "" if it is no line
};
class JournalLines : public Shell, public ::testing::WithParamInterface<Entry> {};

TEST_P(JournalLines, say_what_matters) {
  auto payload = Json::parse(GetParam().payload);
  auto line = journal_line(session.terminal, entry(1, GetParam().kind, *payload));
  std::string const words = GetParam().words;
  EXPECT_EQ(line.value_or(""), words.empty() ? "" : "17:03:04  createIssue       " + words);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, JournalLines,
    ::testing::Values(
        Entry{"run-started", R"({"cause":"event x"})", "started by event x"},
        Entry{"task-completed", R"({"output":{"web_url":"https://g/1"}})", "done: https://g/1"},
        Entry{"task-completed", R"({"adopted":true})", "done (found from an earlier attempt)"},
        Entry{"task-completed", R"({"output":"a\u001b[2Jb\nc"})", "done: a[2Jb c"},
        Entry{"task-faulted", R"({"error":{"title":"T","detail":"d"}})", "failed: T: d"},
        Entry{"run-completed", "{}", "completed"}, Entry{"evaluation-asked", "{}", ""}));

std::string sse(std::string const& event, Json const& data) {
  return "event: " + event + "\ndata: " + data.dump() + "\n\n";
}

// Streams one text after the other, as a server that is restarted would; then it is unreachable.
class StreamServer final : public net::HttpTransport {
 public:
  Result<net::HttpResponse> send(net::HttpRequest const& request) override {
    ids.emplace_back(request.headers.get("Last-Event-ID"));
    if (texts.empty()) return make_error(ErrorKind::unavailable, "connection refused");
    std::string const text = texts.front();
    texts.erase(texts.begin());
    net::HttpResponse response;
    response.status = 200;
    if (request.on_body && !request.on_body(text))
      return make_error(ErrorKind::cancelled, "stopped");
    return response;
  }
  std::vector<std::string> texts;
  std::vector<std::string> ids;
};

TEST_F(Shell, following_goes_on_where_the_stream_broke_off) {
  StreamServer streams;
  streams.texts = {sse("entry", entry(1, "run-started")) + sse("entry", entry(2, "run-started")),
                   sse("entry", entry(2, "run-started")) + sse("entry", entry(3, "run-completed")) +
                       sse("end", Json::object({{"id", "r"}, {"status", "completed"}}))};
  Session following{.terminal = session.terminal,
                    .server = ServerClient(streams, base, Secret(), ""),
                    .pause = pause,
                    .clock = clock,
                    .in = in};
  auto run = follow_run(following, "r");
  ASSERT_TRUE(run.ok()) << describe(run.error());
  EXPECT_EQ((*run)["status"].as_string(), "completed");
  EXPECT_EQ(streams.ids, (std::vector<std::string>{"", "2"}));
  std::string const shown = out.str();
  EXPECT_EQ(std::ranges::count(shown, '\n'), 3) << shown;
}

TEST_F(Shell, following_gives_up_on_a_server_that_does_not_come_back) {
  StreamServer streams;
  Session following{.terminal = session.terminal,
                    .server = ServerClient(streams, base, Secret(), ""),
                    .pause = pause,
                    .clock = clock,
                    .in = in};
  auto run = follow_run(following, "r");
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(streams.ids.size(), 10u);
  EXPECT_FALSE(run.error().remedy.empty());
}

TEST_F(Shell, an_action_gets_its_flags_and_prints_its_output) {
  server.on(Method::get, at("/api/v1/actions/gitlab.get-issue"))
      .answer_json(200, Json::parse(R"({"inputSchema":{"properties":
        {"project":{"type":"string"},"iid":{"type":"integer"}}}})")
                            .value());
  server.on(Method::post, at("/api/v1/actions/gitlab.get-issue/run"))
      .with_json(Json::parse(R"({"input":{"project":"a/b","iid":3},"connection":"c"})").value())
      .answer_json(200, Json::parse(R"({"output":{"iid":3}})").value());
  ActionRunOptions options;
  options.id = "gitlab.get-issue";
  options.connection = "c";
  options.input = R"({"project":"a/b"})";
  options.flags = {"--iid", "3"};
  auto done = action_run(session, options);
  ASSERT_TRUE(done.ok()) << describe(done.error());
  EXPECT_EQ(out.str(), "{\"iid\":3}\n");
}

TEST_F(Shell, a_certificate_is_changed_by_its_file_and_taken_away_by_an_empty_name) {
  in.str("-----BEGIN CERTIFICATE-----\n");
  server.on(Method::patch, at("/api/v1/connections/main"))
      .with_json(
          Json::parse(R"({"caPem":null,"clientCertPem":"-----BEGIN CERTIFICATE-----\n"})").value())
      .answer_json(200, Json::object({{"name", "main"}}));
  server.on(Method::get, at("/api/v1/connections/main"))
      .answer_json(200, Json::object({{"name", "main"}, {"clientId", "app"}}));
  ConnectionSetOptions options;
  options.name = "main";
  options.ca_file = "";
  options.client_cert_file = "-";
  auto const done = connection_set(session, options);
  ASSERT_TRUE(done.ok()) << describe(done.error());
  EXPECT_NE(out.str().find("Application ID  app"), std::string::npos) << out.str();
}

TEST_F(Shell, the_client_secret_comes_from_standard_input_and_is_not_printed) {
  in.str("gloas-shh\n");
  server.on(Method::post, at("/api/v1/connections"))
      .with_json(Json::parse(R"({"name":"gitlab","app":"gitlab","baseUrl":"https://g",
        "scopes":"api","clientId":"app","clientSecret":"gloas-shh"})")
                     .value())
      .answer_json(400, Json::object({{"detail", "no"}, {"kind", "invalid_input"}}));
  ConnectOptions options;
  options.url = "https://g";
  options.client_id = "app";
  options.client_secret_file = "-";
  auto done = connect_gitlab(session, options);
  ASSERT_FALSE(done.ok());
  print_error(session.terminal, done.error());
  EXPECT_EQ((out.str() + err.str()).find("shh"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::cli
