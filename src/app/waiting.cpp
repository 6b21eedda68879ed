#include "app/waiting.h"

#include <utility>

namespace fairlead::app {
namespace {

constexpr Milliseconds between_tidies = std::chrono::seconds(30);

}  // namespace

Waiting::Waiting(Parts parts, gitlab::WebhookOptions options)
    : pause_(parts.pause),
      clock_(parts.clock),
      log_(parts.log),
      approvals_(parts.approvals),
      webhooks_({.store = parts.store.webhooks(),
                 .vault = parts.vault,
                 .apis = parts.apis,
                 .clock = parts.clock,
                 .random = parts.random,
                 .log = parts.log,
                 .connections = &parts.store.connections()},
                std::move(options)),
      intake_(
          {.store = parts.store,
           .vault = parts.vault,
           .clock = parts.clock,
           .log = parts.log,
           .arrived = [&engine = parts.engine](std::int64_t seq) { engine.notify_event(seq); },
           .wake = [&engine = parts.engine](std::string const& key) { return engine.wake(key); }}),
      keeper_(
          {.store = parts.store,
           .webhooks = webhooks_,
           .apis = parts.apis,
           .clock = parts.clock,
           .random = parts.random,
           .log = parts.log,
           .wake = [&engine = parts.engine](std::string const& key) { return engine.wake(key); },
           .published = [&library = parts.library] { return library.latest(); }}),
      missed_({.store = parts.store,
               .webhooks = webhooks_,
               .apis = parts.apis,
               .intake = intake_,
               .clock = parts.clock,
               .log = parts.log}) {}

Waiting::~Waiting() { stop(); }

void Waiting::start() {
  thread_ = std::thread([this] {
    do {
      tidy_approvals();
      missed_.work();
    } while (pause_.wait(keeper_.work()));
  });
}

void Waiting::tidy_approvals() {
  if (clock_.steady() < tidy_at_) return;
  tidy_at_ = clock_.steady() + between_tidies;
  auto const closed = approvals_.tidy();
  if (!closed.ok())
    log_.warning("approvals that are over could not be closed; tried again",
                 {{"error", describe(closed.error())}});
}

void Waiting::stop() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace fairlead::app
