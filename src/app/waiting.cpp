#include "app/waiting.h"

#include <utility>

namespace fairlead::app {

Waiting::Waiting(Parts parts, gitlab::WebhookOptions options)
    : pause_(parts.pause),
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
           .wake = [&engine = parts.engine](std::string const& key) { return engine.wake(key); }}) {
}

Waiting::~Waiting() { stop(); }

void Waiting::start() {
  thread_ = std::thread([this] {
    while (pause_.wait(keeper_.work())) {
    }
  });
}

void Waiting::stop() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace fairlead::app
