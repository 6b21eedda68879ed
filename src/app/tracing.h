// Tracing: what makes traces, put together; there is none unless they are configured.
//
// transport() and around() go outside of all others, so that a span holds the whole of a request.
// Must outlive the engine it follows.
#pragma once

#include <memory>

#include "run/engine.h"
#include "trace/requests.h"
#include "trace/tracer.h"

namespace fairlead::app {

class Tracing {
 public:
  struct Parts {
    store::RunStore& runs;
    net::HttpTransport& sent;       // what actions send goes on to it
    net::HttpTransport& collector;  // the way to the collector
    Clock& clock;
    Log& log;
    store::MetaStore& notes;
    // Asked after follow() only.
    std::function<Result<std::optional<Secret>>(std::string_view name)> secret_of;
  };
  Tracing(Parts parts, trace::Options const& options);

  net::HttpTransport& transport() { return requests_; }
  std::unique_ptr<action::Invoker> around(action::Invoker& inner) const;
  // Before the engine recovers, so that nothing it does is missed.
  void follow(run::Engine& engine);
  void write(MetricText& text) const { tracer_.write(text); }
  // Sends what is there, within a bound.
  void stop() { tracer_.stop(); }

 private:
  trace::RunTraces traces_;
  trace::Requests requests_;
  trace::Tracer tracer_;
};

}  // namespace fairlead::app
