// Requests: stands around the transport and makes a span of every request a task's call sends.
//
// CallScope says on a thread whose call is being made there; TracedCalls, the Invoker outside of
// all others, makes the scopes. A request outside of any is none of a run's and passes as it is;
// the others carry `traceparent`, unless the workflow's author wrote one.
// Spans wait for the tracer, which knows their parents. Thread-safe; never blocks but for the
// store's row of a run it did not know.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "action/catalogue.h"
#include "net/http.h"
#include "trace/run_traces.h"

namespace fairlead::trace {

struct RequestSpan {
  RunId run;
  std::string call;  // Invocation::call
  Span span;         // its parent is open
};

class CallScope {
 public:
  explicit CallScope(action::Invocation const& invocation);
  ~CallScope();
  CallScope(CallScope const&) = delete;
  CallScope& operator=(CallScope const&) = delete;

 private:
  friend class Requests;
  // Innermost of this thread; nullptr: none.
  static thread_local CallScope* current_;

  CallScope* outer_;
  RunId run_;
  std::string call_;
  bool to_gitlab_;
  // The last request, if it failed: the same once more is a resend.
  std::string failed_;
  int resends_{0};
};

class TracedCalls final : public action::Invoker {
 public:
  explicit TracedCalls(action::Invoker& inner) : inner_(inner) {}

  Result<action::Outcome> invoke(action::Invocation const& invocation) override;
  Result<action::ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                         std::string_view version) const override {
    return inner_.info(catalog, name, version);
  }
  Result<action::Effect> effect_of(action::Invocation const& invocation) const override;

 private:
  action::Invoker& inner_;
};

class Requests final : public net::HttpTransport {
 public:
  struct Parts {
    net::HttpTransport& inner;
    RunTraces& traces;
    Clock const& clock;
  };
  explicit Requests(Parts parts) : parts_(parts) {}

  Result<net::HttpResponse> send(net::HttpRequest const& request) override;
  // What was made since the last time.
  std::vector<RequestSpan> take();
  // Spans for which there was no room since the last time.
  std::uint64_t take_dropped();

 private:
  RequestSpan begin(CallScope& scope, net::HttpRequest const& request, TraceId const& trace);
  Result<net::HttpResponse> send_below(Span const& span, bool is_kept,
                                       net::HttpRequest const& request);
  void keep(RequestSpan made);

  Parts parts_;
  std::mutex mutex_;
  std::vector<RequestSpan> made_;
  std::uint64_t number_{0};
  std::uint64_t dropped_{0};
};

}  // namespace fairlead::trace
