#include "trace/requests.h"

#include <functional>
#include <utility>

#include "base/trace_parent.h"
#include "trace/url_shown.h"

namespace fairlead::trace {
namespace {

constexpr std::size_t made_max = 8'192;
constexpr int failed_from = 400;  // for a client, as OpenTelemetry's conventions say

std::string sameness_of(net::HttpRequest const& request) {
  return std::string(to_string(request.method)) + " " + request.url + " " +
         std::to_string(std::hash<std::string>{}(request.body));
}

void describe_answer(Span& span, Result<net::HttpResponse> const& answer) {
  if (!answer.ok()) {
    span.attributes.emplace_back("error.type", std::string(to_string(answer.error().kind)));
    span.failure = "";
    return;
  }
  span.attributes.emplace_back("http.response.status_code", answer->status);
  if (answer->status < failed_from) return;
  span.attributes.emplace_back("error.type", std::to_string(answer->status));
  span.failure = "";
}

}  // namespace

// ---- whose call it is ----

thread_local CallScope* CallScope::current_ = nullptr;

CallScope::CallScope(action::Invocation const& invocation)
    : outer_(std::exchange(current_, this)),
      run_(invocation.run),
      call_(invocation.call.empty() ? invocation.marker.id : invocation.call),
      to_gitlab_(invocation.catalog == "gitlab") {}

CallScope::~CallScope() { current_ = outer_; }

Result<action::Outcome> TracedCalls::invoke(action::Invocation const& invocation) {
  CallScope const scope(invocation);
  return inner_.invoke(invocation);
}

Result<action::Effect> TracedCalls::effect_of(action::Invocation const& invocation) const {
  CallScope const scope(invocation);
  return inner_.effect_of(invocation);
}

// ---- its requests ----

Result<net::HttpResponse> Requests::send(net::HttpRequest const& request) {
  CallScope* const scope = CallScope::current_;
  if (scope == nullptr || scope->run_.empty()) return parts_.inner.send(request);
  auto const trace = parts_.traces.trace_of(scope->run_);
  if (!trace.ok()) return parts_.inner.send(request);
  RequestSpan made = begin(*scope, request, trace->id);
  Milliseconds const begun = parts_.clock.steady();
  auto answer = send_below(made.span, trace->is_kept, request);
  made.span.end = made.span.begin + (parts_.clock.steady() - begun);
  describe_answer(made.span, answer);
  scope->failed_ = answer.ok() && answer->status < 300 ? "" : sameness_of(request);
  if (trace->is_kept) keep(std::move(made));
  return answer;
}

Result<net::HttpResponse> Requests::send_below(Span const& span, bool is_kept,
                                               net::HttpRequest const& request) {
  if (request.headers.contains("traceparent")) return parts_.inner.send(request);
  net::HttpRequest traced = request;
  traced.headers.add("traceparent",
                     to_string({.trace = span.trace, .span = span.id, .sampled = is_kept}));
  return parts_.inner.send(traced);
}

RequestSpan Requests::begin(CallScope& scope, net::HttpRequest const& request,
                            TraceId const& trace) {
  RequestSpan made{.run = scope.run_, .call = scope.call_, .span = {}};
  Span& span = made.span;
  span.trace = trace;
  span.begin = parts_.clock.now();
  {
    std::lock_guard const lock(mutex_);
    span.id = request_span_id(scope.run_.text + scope.call_, span.begin, ++number_);
  }
  span.kind = Span::Kind::client;
  std::string const method(to_string(request.method));
  UrlShown const url = show_url(request.url, scope.to_gitlab_);
  span.name = url.template_.empty() ? method : method + " " + url.template_;
  span.attributes = {{"fairlead.run.id", scope.run_.text},
                     {"http.request.method", method},
                     {"url.full", url.full},
                     {"server.address", url.host},
                     {"server.port", url.port}};
  if (!url.template_.empty()) span.attributes.emplace_back("url.template", url.template_);
  bool const again = !scope.failed_.empty() && scope.failed_ == sameness_of(request);
  scope.resends_ = again ? scope.resends_ + 1 : 0;
  if (again) span.attributes.emplace_back("http.request.resend_count", scope.resends_);
  return made;
}

void Requests::keep(RequestSpan made) {
  std::lock_guard const lock(mutex_);
  if (made_.size() < made_max) {
    made_.push_back(std::move(made));
  } else {
    ++dropped_;
  }
}

std::vector<RequestSpan> Requests::take() {
  std::lock_guard const lock(mutex_);
  return std::exchange(made_, {});
}

std::uint64_t Requests::take_dropped() {
  std::lock_guard const lock(mutex_);
  return std::exchange(dropped_, 0);
}

}  // namespace fairlead::trace
