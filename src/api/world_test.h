// A world for the tests of api/: all routes over a store in memory, with GitLab and actions faked.
//
// Test code only. Requests go through the guard as they do in the server, without sockets: call()
// matches the route, streams are collected by FakeWriter. The engine has no threads of its own.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/api.h"
#include "store/memory/memory_store.h"
#include "testing/fake_transport.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "testing/virtual_pause.h"

namespace fairlead::api::testing_support {

// Keeps what was written; can be made to look slow or gone.
class FakeWriter final : public net::StreamWriter {
 public:
  bool write(std::string_view bytes) override;
  bool wait_below(std::size_t, Milliseconds) override;
  void close() override;
  [[nodiscard]] bool open() const override;
  [[nodiscard]] std::string text() const;

  enum class Reader { quick, slow } reader{Reader::quick};

 private:
  mutable std::mutex mutex_;
  std::string text_;
  bool open_{true};
};

class NoEvaluator final : public expression::Evaluator {
 public:
  Result<Json> evaluate(expression::Evaluation const&) override { return Json(); }
  Result<void> check(std::string_view, std::vector<std::string> const&) override { return {}; }
};

class OneAction final : public workflow::ActionLookup {
 public:
  [[nodiscard]] std::optional<Json> input_schema(std::string_view, std::string_view,
                                                 std::string_view) const override {
    return Json::object({{"type", "object"}});
  }
  [[nodiscard]] std::vector<std::string> ids() const override {
    return {"list-things:1.0.0@gitlab"};
  }
};

class FakeApi final : public action::Api, public action::ApiProvider {
 public:
  Result<action::Response> send(action::Request const&) override;
  Result<action::ListSummary> list(action::Request const&, action::ListOptions const&,
                                   action::ItemSink const&) override;
  Result<Json> account() override { return Json::object({{"id", 1}}); }
  [[nodiscard]] std::string const& base_url() const override { return base_url_; }
  Result<std::shared_ptr<action::Api>> open(std::string_view) override;

  std::optional<Error> failure;  // of open()
  std::vector<action::Request> sent;
  action::Response answer;  // to each of them
  int runs{0};              // of an action, for real

 private:
  std::string base_url_{"https://gitlab.test/git"};
};

// Tells passwords apart without the work of argon2id.
class QuickHasher final : public access::PasswordHasher {
 public:
  Result<std::string> hash(Secret const& password) override {
    return "quick:" + std::string(password.reveal());
  }
  Result<bool> verify(std::string const& hash, Secret const& password) override {
    ++verified;
    return hash == "quick:" + std::string(password.reveal());
  }
  int verified{0};
};

struct World : ::testing::Test {
  World();
  ~World() override;

  struct Ask {
    net::Method method{net::Method::get};
    std::string target;
    std::string body;
    net::Headers headers;
    enum class As { org_admin, whoever } as{As::org_admin};
  };
  // As the org admin, unless the headers or `as` say otherwise.
  net::ServerResponse call(Ask ask);
  net::ServerResponse get(std::string target);
  net::ServerResponse post(std::string target, Json const& body);
  // Without any token.
  net::ServerResponse visit(std::string target, std::string cookie = "");
  static Json json_of(net::ServerResponse const& response);
  std::string token_of(access::Role role);
  // A new run with that many journal entries; `status` as stored.
  RunId make_run(int entries, std::string const& status);
  void append(RunId const& id, std::string const& status);
  ApiParts parts();
  Guard guard();

  testing::VirtualClock clock;
  testing::SeededRandom random{5};
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<store::Store> store =
      store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
  vault::Vault vault;
  testing::FakeTransport gitlab;
  connection::Connections connections;
  connection::Doctor doctor;
  FakeApi api;
  action::Catalogue catalogue;
  std::unique_ptr<action::Invoker> invoker;
  NoEvaluator evaluator;
  OneAction lookup;
  run::WorkflowLibrary library;
  run::Engine engine;
  run::Replays replays;
  run::Bulk bulk;
  testing::VirtualPause pause{clock};
  run::RetentionSettings retention;
  run::HistoryKeeper history;
  std::unique_ptr<RunStreams> streams;
  std::unique_ptr<LiveStreams> live;
  access::StoredSecrets secrets{store->secrets(), vault, clock};
  // A key of the environment: nothing is written to a disk.
  vault::MasterKeyOptions key_options;
  access::KeyRotation rotation{{.vault = vault,
                                .keys = key_options,
                                .source = vault::KeySource::environment,
                                .meta = store->meta(),
                                .clock = clock,
                                .random = random,
                                .pause = pause,
                                .log = *log},
                               {}};
  access::ApiTokens tokens;
  access::Sessions sessions{
      {.users = store->users(), .sessions = store->sessions(), .clock = clock, .random = random}};
  OpenStreams open_streams;
  access::AuditLog audit{store->audit(), clock, *log};
  QuickHasher hasher;
  access::People people{{.users = store->users(),
                         .sessions = store->sessions(),
                         .hasher = hasher,
                         .clock = clock,
                         .random = random}};
  connection::OpenIdSignIn openid{{.store = store->connections(),
                                   .vault = vault,
                                   .transport = gitlab,
                                   .clock = clock,
                                   .random = random,
                                   .log = *log},
                                  store->meta()};
  EditTurns turns;
  IdempotencyKeys idempotency{
      {.store = store->answers(), .vault = vault, .clock = clock, .log = *log}};
  RequestMeter meter;
  std::map<access::Role, std::string> token_texts;
  std::vector<std::int64_t> arrived;
  std::vector<std::string> signed_in;
  std::optional<gitlab::BudgetState> budget;
  std::vector<std::string> woken;  // keys
  std::function<Result<std::int64_t>(std::string const&)> wake =
      [this](std::string const& key) -> Result<std::int64_t> {
    woken.push_back(key);
    return engine.wake(key);
  };
  gitlab::HookWants hook_wants;
  gitlab::HookIntake intake{{.store = *store,
                             .vault = vault,
                             .clock = clock,
                             .log = *log,
                             .arrived = [this](std::int64_t seq) { arrived.push_back(seq); },
                             .wake = wake}};
  builtin::Approvals approvals{{.store = *store,
                                .clock = clock,
                                .arrived = [this](std::int64_t seq) { arrived.push_back(seq); },
                                .wake = wake}};
  std::string public_url{"https://fairlead.test"};
};

}  // namespace fairlead::api::testing_support
