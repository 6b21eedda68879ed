#include "tests/sim/process.h"

#include "builtin/approval_invoker.h"
#include "connection/care.h"
#include "vault/digest.h"
#include "workflow/parse.h"

namespace fairlead::sim {
namespace {

constexpr std::size_t marker_length = 32;
constexpr std::size_t shards = 2;

// The real invoker, and what a careless one would do.
class MutantInvoker final : public action::Invoker {
 public:
  MutantInvoker(std::unique_ptr<action::Invoker> real, Setting& setting)
      : real_(std::move(real)), setting_(setting) {}

  Result<action::Outcome> invoke(action::Invocation const& asked) override {
    action::Invocation invocation = asked;
    using Mode = action::Invocation::Mode;
    if (setting_.mutation == Mutation::find_existing_skipped && invocation.mode == Mode::recover)
      invocation.mode = Mode::first;
    if (setting_.mutation == Mutation::unheard_kept && invocation.mode == Mode::cancel &&
        invocation.wait_state.is_null())
      return action::Outcome{};
    if (setting_.mutation == Mutation::early_resend) invocation.marker.open_since.reset();
    if (setting_.mutation == Mutation::marker_renewed) {
      invocation.marker.id = vault::sha256_hex(invocation.marker.id + std::to_string(++attempts_))
                                 .substr(0, marker_length);
    }
    auto outcome = real_->invoke(invocation);
    bool const doubtful = !outcome.ok() && outcome.error().kind == ErrorKind::uncertain;
    if (doubtful && setting_.mutation == Mutation::uncertain_as_refused) {
      Error error = outcome.error();
      error.kind = ErrorKind::unavailable;
      error.retry_after = std::chrono::seconds(1);
      return error;
    }
    return outcome;
  }
  Result<action::ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                         std::string_view version) const override {
    return real_->info(catalog, name, version);
  }

 private:
  std::unique_ptr<action::Invoker> real_;
  Setting& setting_;
  int attempts_{0};
};

std::vector<vault::MasterKey> keys() {
  std::vector<vault::MasterKey> keys;
  keys.push_back(
      {.bytes = Secret(std::string(vault::master_key_bytes, 'k')), .where = "the simulation"});
  return keys;
}

connection::ConnectionParts connection_parts(ProcessParts const& parts, vault::Vault& vault) {
  return {.store = parts.store.connections(),
          .vault = vault,
          .transport = parts.gitlab,
          .clock = parts.setting.clock,
          .random = parts.random,
          .log = parts.log};
}

run::EngineOptions engine_options(ProcessParts const& parts) {
  run::EngineOptions options;
  options.threads = run::EngineOptions::Threads::none;
  options.shards = shards;
  // Few stay in memory: reading back is what is to be tried.
  options.shard_limits.idle_max = 2;
  options.between = parts.between;
  options.watch = parts.watch;
  return options;
}

}  // namespace

Process::Process(ProcessParts parts)
    : parts_(std::move(parts)),
      pause_(parts_.setting),
      vault_(keys(), parts_.random),
      connections_(connection_parts(parts_, vault_), connection::ConnectionOptions{}),
      apis_(gitlab::Surroundings{.transport = parts_.gitlab,
                                 .clock = parts_.setting.clock,
                                 .pause = pause_,
                                 .random = parts_.random,
                                 .log = parts_.log},
            connections_),
      mutant_(std::make_unique<MutantInvoker>(
          action::make_invoker(parts_.catalogue, apis_, parts_.setting.clock), parts_.setting)),
      approvals_({.store = parts_.store,
                  .clock = parts_.setting.clock,
                  .arrived = [this](std::int64_t seq) { engine_.notify_event(seq); },
                  .wake = [this](std::string const& key) { return engine_.wake(key); }}),
      invoker_(builtin::make_approval_invoker({.approvals = approvals_,
                                               .store = parts_.store,
                                               .clock = parts_.setting.clock,
                                               .next = *mutant_})),
      library_(parts_.store.workflows(), workflow::parse),
      engine_(run::Engine::Parts{.store = parts_.store,
                                 .invoker = *invoker_,
                                 .evaluator = parts_.evaluator,
                                 .library = library_,
                                 .clock = parts_.setting.clock,
                                 .random = parts_.random,
                                 .log = parts_.log},
              engine_options(parts_)),
      webhooks_({.store = parts_.store.webhooks(),
                 .vault = vault_,
                 .apis = apis_,
                 .clock = parts_.setting.clock,
                 .random = parts_.random,
                 .log = parts_.log},
                {.public_url = std::string(public_url),
                 .said = gitlab::WebhookOptions::PublicUrl::given}),
      intake_({.store = parts_.store,
               .vault = vault_,
               .clock = parts_.setting.clock,
               .log = parts_.log,
               .arrived = [this](std::int64_t seq) { engine_.notify_event(seq); },
               .wake = [this](std::string const& key) { return engine_.wake(key); }}),
      keeper_({.store = parts_.store,
               .webhooks = webhooks_,
               .apis = apis_,
               .clock = parts_.setting.clock,
               .random = parts_.random,
               .log = parts_.log,
               .wake = [this](std::string const& key) { return engine_.wake(key); }}) {}

// To the operating system all processes of a simulation are one: a refresh that the former one left
// behind bears a mark that looks alive. It is taken off, as a new process would see through it.
Result<void> Process::unmark_the_dead() {
  FAIRLEAD_TRY(auto records, parts_.store.connections().list());
  for (auto& record : records) {
    if (record.status != "refreshing") continue;
    std::int64_t const before = record.generation;
    connection::note_refreshing(record, "", parts_.setting.clock.now());
    FAIRLEAD_CHECK(parts_.store.connections().update(record, before));
  }
  return {};
}

Result<void> Process::boot() {
  FAIRLEAD_CHECK(unmark_the_dead());
  FAIRLEAD_CHECK(connections_.recover());
  return engine_.recover();
}

Result<void> Process::connect() {
  connection::NewConnection wanted;
  wanted.name = connection_name;
  wanted.base_url = gitlab_url;
  wanted.client_id = parts_.gitlab.client_id();
  wanted.client_secret = Secret(parts_.gitlab.client_secret());
  FAIRLEAD_CHECK(connections_.create(wanted));
  return sign_in();
}

Result<void> Process::sign_in() {
  FAIRLEAD_TRY(auto const begun,
               connections_.begin_sign_in(connection_name, std::string(callback_url)));
  FAIRLEAD_TRY(auto const url, connections_.open_sign_in(begun.state, Secret("the browser")));
  auto answer = parts_.gitlab.consent(url);
  FAIRLEAD_CHECK(connections_.complete_sign_in({.state = answer["state"],
                                                .code = Secret(answer["code"]),
                                                .error = answer["error"],
                                                .error_description = "",
                                                .browser = Secret("the browser")}));
  return engine_.connection_recovered(std::string(connection_name));
}

}  // namespace fairlead::sim
