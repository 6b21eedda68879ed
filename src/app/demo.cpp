#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "app/demo_browser.h"
#include "app/files.h"
#include "app/programs.h"
#include "app/server_app.h"
#include "app/signals.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/run_view.h"
#include "cli/session.h"
#include "net/curl_transport.h"
#include "net/url.h"
#include "sandbox/sandbox.h"
#include "workflow/templates.h"

namespace fairlead::app {
namespace {

constexpr std::string_view template_name = "incident-to-issue";
constexpr Milliseconds poll_interval{200};
constexpr int polls_max = 100;

// Everything the demo has running, in the order of making.
struct Stage {
  cli::DemoOptions const& options;
  WebFiles web;
  SystemClock clock;
  SystemRandom random;
  InterruptiblePause pause;
  std::unique_ptr<Log> log{
      make_log({.level = LogLevel::warning, .format = LogOptions::Format::text})};
  std::unique_ptr<net::HttpTransport> transport{
      net::make_curl_transport({.user_agent = "fairlead-demo"})};
  std::filesystem::path folder;
  std::unique_ptr<ServerApp> server;
  sandbox::SandboxOptions box_options;
  std::unique_ptr<sandbox::Sandbox> box;
  std::string gitlab;
  int step{0};

  Stage(cli::DemoOptions const& wanted, WebFiles files) : options(wanted), web(files) {}
  [[nodiscard]] bool on_sandbox() const { return options.gitlab.empty(); }
};

void say(Stage& stage, std::string const& text) {
  std::cout << "\n[" << ++stage.step << "/7] " << text << std::endl;
}

Result<void> make_folder(Stage& stage) {
  if (!stage.options.data.empty()) {
    stage.folder = stage.options.data;
    return {};
  }
  std::error_code code;
  std::string pattern =
      (std::filesystem::temp_directory_path(code) / "fairlead-demo-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return make_error(ErrorKind::unavailable,
                      "No folder for the demo could be made at " + pattern + ".");
  stage.folder = pattern;
  return {};
}

Result<void> start_server(Stage& stage) {
  FAIRLEAD_CHECK(make_folder(stage));
  FAIRLEAD_TRY(
      stage.server,
      ServerApp::start({.data = stage.folder, .tls_key_pem = {}, .web = stage.web}, *stage.log));
  std::cout << "      server  " << stage.server->url() << "\n      data    "
            << stage.folder.string() << '\n';
  return {};
}

Result<void> start_gitlab(Stage& stage) {
  if (!stage.on_sandbox()) {
    stage.gitlab = stage.options.gitlab;
    std::cout << "      using " << stage.gitlab << '\n';
    return {};
  }
  stage.box_options.redirect_uris = {stage.server->public_url() + "/oauth/callback"};
  FAIRLEAD_TRY(stage.box, sandbox::Sandbox::start(stage.box_options, {.clock = stage.clock,
                                                                      .random = stage.random,
                                                                      .transport = *stage.transport,
                                                                      .log = *stage.log}));
  stage.gitlab = stage.box->base_url();
  std::cout << "      GitLab look-alike  " << stage.gitlab << '\n';
  return {};
}

Result<cli::Session> make_session(Stage& stage) {
  FAIRLEAD_TRY(auto token, read_small_file(stage.server->token_file()));
  cli::Terminal terminal{.out = std::cout, .err = std::cerr};
  if (::isatty(STDOUT_FILENO) != 0) terminal.colours = cli::Terminal::Colours::on;
  return cli::Session{.terminal = terminal,
                      .server = cli::ServerClient(*stage.transport, stage.server->url(),
                                                  Secret(std::string(trim(token))), ""),
                      .pause = stage.pause,
                      .clock = stage.clock,
                      .in = std::cin};
}

Result<Json> connection_body(Stage& stage) {
  Json body = Json::object(
      {{"name", "gitlab"}, {"app", "gitlab"}, {"baseUrl", stage.gitlab}, {"default", true}});
  if (stage.on_sandbox()) {
    body.set("clientId", stage.box_options.client_id);
    body.set("clientSecret", stage.box_options.client_secret);
    return body;
  }
  if (stage.options.client_id.empty() || stage.options.client_secret_file.empty())
    return invalid_input(
        "--client-id",
        "With --gitlab, give --client-id and --client-secret-file of an OAuth application there.");
  body.set("clientId", stage.options.client_id);
  FAIRLEAD_TRY(auto secret, read_small_file(stage.options.client_secret_file));
  body.set("clientSecret", trim(secret));
  FAIRLEAD_TRY(auto ca, read_small_file(stage.options.ca_file));
  if (!ca.empty()) body.set("caPem", ca);
  return body;
}

// Signs in to the sandbox as a person would: its pages, its cookies, its redirect back to the
// server.
Result<void> click_through(Stage& stage, std::string const& start_url) {
  DemoBrowser browser(*stage.transport);
  FAIRLEAD_TRY(auto sign_in, browser.open(start_url));
  FAIRLEAD_TRY(auto consent, browser.submit(sign_in, "new_user",
                                            {{"user[login]", "alice"},
                                             {"user[password]", stage.box_options.password}}));
  FAIRLEAD_TRY(auto done, browser.submit(consent, "authorize", {}));
  if (done.status == 200) return {};
  return make_error(ErrorKind::denied, "The sign-in ended with HTTP " +
                                           std::to_string(done.status) + " at " +
                                           done.url.substr(0, done.url.find('?')) + ".");
}

Result<void> connect(Stage& stage, cli::Session& session) {
  FAIRLEAD_TRY(auto body, connection_body(stage));
  FAIRLEAD_CHECK(session.server.post("/api/v1/connections", body));
  FAIRLEAD_TRY(auto begun,
               session.server.post("/api/v1/connections/gitlab/sign-in", Json::object()));
  std::string const start_url = begun["startUrl"].as_string();
  if (stage.on_sandbox()) {
    std::cout << "      signing in as alice on GitLab's pages, choosing Authorize\n";
    FAIRLEAD_CHECK(click_through(stage, start_url));
  } else {
    std::cout << "      redirect URI to register: " << begun["redirectUri"].as_string()
              << "\n      open in a browser: " << start_url << std::endl;
  }
  int const polls = stage.on_sandbox() ? polls_max : polls_max * 30;
  for (int i = 0; i < polls; ++i) {
    FAIRLEAD_TRY(auto connection, session.server.get("/api/v1/connections/gitlab"));
    if (connection["status"].as_string() == "active") {
      std::cout << "      connected as @" << connection["account"]["username"].as_string()
                << ", scopes " << connection["scopes"].as_string() << '\n';
      return {};
    }
    if (!stage.pause.wait(poll_interval)) break;
  }
  return make_error(ErrorKind::timed_out, "Nobody signed in at GitLab.");
}

Result<void> publish(Stage& stage, cli::Session& session) {
  Json values = Json::object({{"project", stage.options.project},
                              {"runbook_project", stage.options.runbook},
                              {"runbook_ref", stage.options.ref}});
  FAIRLEAD_TRY(auto text, workflow::fill_template(template_name, values));
  FAIRLEAD_CHECK(write_small_file(stage.folder / "incident-to-issue.yaml", text));
  return cli::workflow_apply(session,
                             {.files = {(stage.folder / "incident-to-issue.yaml").string()}});
}

Result<Json> incident() {
  for (auto const& item : workflow::templates())
    if (item.name == template_name) return item.sample_event;
  return make_error(ErrorKind::internal, "The incident template is missing.");
}

Result<std::string> send_incident(Stage& stage, cli::Session& session) {
  FAIRLEAD_TRY(auto event, incident());
  event.set("id", uuid7(stage.random, stage.clock.now()));
  std::cout << event.pretty() << '\n';
  FAIRLEAD_TRY(auto answer,
               session.server.send_text(
                   net::Method::post, "/api/v1/events",
                   {.content_type = "application/cloudevents+json", .body = event.dump()}));
  std::string const path =
      "/api/v1/events/" + std::to_string(answer["accepted"].at(0)["seq"].as_integer());
  for (int i = 0; i < polls_max; ++i) {
    FAIRLEAD_TRY(auto seen, session.server.get(path));
    if (seen["runs"].size() > 0) return seen["runs"].at(0).as_string();
    if (!stage.pause.wait(poll_interval)) break;
  }
  return make_error(ErrorKind::timed_out, "The event started no run.");
}

// Markers are HTML comments, which GitLab's pages do not show either.
std::string without_comments(std::string text) {
  for (auto begin = text.find("<!--"); begin != std::string::npos;
       begin = text.find("<!--", begin)) {
    auto const end = text.find("-->", begin);
    text.erase(begin, end == std::string::npos ? end : end + 3 - begin);
  }
  return std::string(trim(text));
}

Result<void> show_issue(cli::Session& session, Json const& run) {
  std::string const path = "/api/v1/runs/" + run["id"].as_string() + "/journal?limit=500";
  FAIRLEAD_TRY(auto journal, session.server.get(path));
  Json issue;
  for (auto const& entry : journal["items"].items())
    if (entry["kind"].as_string() == "task-completed" &&
        entry["payload"]["name"].as_string() == "createIssue")
      issue = entry["payload"]["output"];
  std::string const api = "/projects/" + std::to_string(issue["project_id"].as_integer()) +
                          "/issues/" + std::to_string(issue["iid"].as_integer());
  auto call = [&session](std::string const& wanted) {
    Json input = Json::object({{"method", "GET"}, {"path", wanted}});
    return session.server.post("/api/v1/actions/gitlab.call-api/run",
                               Json::object({{"input", std::move(input)}}));
  };
  FAIRLEAD_TRY(auto answer, call(api));
  FAIRLEAD_TRY(auto notes, call(api + "/notes?sort=asc"));
  Json const& now = answer["output"]["body"];
  std::vector<std::string> labels;
  for (auto const& label : now["labels"].items())
    labels.push_back(label.as_string());
  cli::print_pairs(session.terminal, {{"Issue", now["references"]["full"].as_string()},
                                      {"Title", now["title"].as_string()},
                                      {"State", now["state"].as_string()},
                                      {"Labels", join(labels, ", ")},
                                      {"Assignee", now["assignee"]["username"].as_string()},
                                      {"Closed at", now["closed_at"].as_string()},
                                      {"Page", now["web_url"].as_string()}});
  for (auto const& note : notes["output"]["body"].items())
    std::cout << "  @" << note["author"]["username"].as_string() << ": "
              << shorten(without_comments(note["body"].as_string()), 160) << '\n';
  if (now["state"].as_string() == "closed") return {};
  return make_error(ErrorKind::internal,
                    "The issue is not closed; the runbook pipeline did not succeed.");
}

void say_how_to_go_on(Stage& stage) {
  std::string const flag = " --data-folder " + stage.folder.string();
  std::cout << "\nDone: an incident came in, an issue was opened, a pipeline ran, the issue was "
               "closed.\n";
  if (stage.options.keep) {
    std::cout << "\nStill running (Ctrl-C ends it):\n  server   " << stage.server->url()
              << "\n  GitLab   " << stage.gitlab
              << (stage.on_sandbox() ? "  (sign in as alice / " + stage.box_options.password + ")"
                                     : "")
              << "\nIn another terminal:\n  build/fairlead run list" << flag
              << "\n  build/fairlead action run gitlab.list-issues --project "
              << stage.options.project << flag
              << "\n  build/fairlead event send --type com.example.incident.opened --data "
                 "'{\"title\":\"Disk full\"}' --follow"
              << flag << std::endl;
  } else {
    std::cout
        << "Look further:\n  ./do demo --keep          leaves server and sandbox running\n"
           "  build/fairlead --help     all commands\n  docs/connect-gitlab.md    your own GitLab\n"
           "  "
        << stage.folder.string() << "  the data folder of this run" << std::endl;
  }
}

Result<void> play(Stage& stage) {
  say(stage, "Starting Fairlead with SQLite in a fresh folder");
  FAIRLEAD_CHECK(start_server(stage));
  say(stage, "Starting a GitLab");
  FAIRLEAD_CHECK(start_gitlab(stage));
  FAIRLEAD_TRY(auto session, make_session(stage));
  say(stage, "Connecting over OAuth 2.0 (authorization code, PKCE)");
  FAIRLEAD_CHECK(connect(stage, session));
  say(stage, "Publishing the workflow \"Incident to issue\"");
  FAIRLEAD_CHECK(publish(stage, session));
  say(stage, "An incident is reported: a CloudEvent arrives");
  FAIRLEAD_TRY(auto run_id, send_incident(stage, session));
  say(stage, "Following run " + run_id);
  FAIRLEAD_TRY(auto run, cli::follow_run(session, run_id));
  if (run["status"].as_string() != "completed")
    return make_error(ErrorKind::internal,
                      "The run ended as " + run["status"].as_string() + ": " + run["error"].dump());
  say(stage, "The issue, as GitLab has it now");
  FAIRLEAD_CHECK(show_issue(session, run));
  say_how_to_go_on(stage);
  if (stage.options.keep) wait_for_stop_signal();
  return {};
}

}  // namespace

int demo(cli::DemoOptions const& options, WebFiles web) {
  block_stop_signals();
  Stage stage(options, web);
  auto done = play(stage);
  if (stage.server) stage.server->stop();
  if (stage.box) stage.box->stop();
  return done.ok() ? 0 : fail(done.error());
}

}  // namespace fairlead::app
