#include "app/tracing.h"

namespace fairlead::app {

Tracing::Tracing(Parts parts, trace::Options const& options)
    : traces_(parts.runs, options),
      requests_({.inner = parts.sent, .traces = traces_, .clock = parts.clock}),
      tracer_({.runs = parts.runs,
               .traces = traces_,
               .requests = &requests_,
               .transport = parts.collector,
               .clock = parts.clock,
               .log = parts.log,
               .notes = &parts.notes,
               .secret_of = std::move(parts.secret_of)},
              options) {
  parts.log.info("traces are sent", {{"to", options.url}});
}

std::unique_ptr<action::Invoker> Tracing::around(action::Invoker& inner) const {
  return std::make_unique<trace::TracedCalls>(inner);
}

void Tracing::follow(run::Engine& engine) {
  tracer_.catch_up();
  tracer_.start();
  engine.subscribe({}, [this](run::RunUpdate const& update) {
    if (!update.entries.empty()) tracer_.changed(update.run.id, update.entries.front().seq);
  });
}

}  // namespace fairlead::app
