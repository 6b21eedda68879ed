// HttpCall: the arguments of `call: http` as a typed value, its request, and its output.
//
// Pure: sending and signing in are builtin/http_sender.h. Any thread. Source: Open Workflow DSL
// 1.0.3, "HTTP Call", and docs/workflows.md for what the text leaves open.
#pragma once

#include <string>

#include "base/json.h"
#include "net/http.h"
#include "net/url.h"

namespace fairlead::builtin {

inline constexpr std::size_t answer_bytes_max = 8u << 20;
inline constexpr std::size_t request_body_bytes_max = 8u << 20;
inline constexpr Milliseconds answer_timeout = std::chrono::seconds(60);
inline constexpr int redirects_followed_max = 10;
inline constexpr std::string_view idempotency_header = "Idempotency-Key";

struct HttpCall {
  net::HttpRequest request;
  Json authentication;  // the policy, or null
  enum class Output { content, raw, response } output{Output::content};
  // Whether an answer of 300 to 399 is a success.
  enum class Redirect { error, success } redirect{Redirect::error};
};

// `with` after evaluation. Errors: invalid_input, `where` names the argument.
Result<HttpCall> read_http_call(Json const& with);

// What a method does when nothing else is known.
enum class MethodEffect { reads, idempotent, unsafe };
MethodEffect effect_of(net::Method method);
// PUT, DELETE, or with an Idempotency-Key: sending it twice is as good as once.
bool may_repeat(net::HttpRequest const& request);
// Upper case or lower case.
std::optional<net::Method> method_of(std::string_view name);

// `query` joined to what the URL has already. Errors: as net::parse_url.
Result<std::string> with_query(std::string_view url, net::QueryPairs const& query);
// Body and Content-Type by the kind of value: JSON, form, or text. invalid_input.
Result<void> set_body(net::HttpRequest& request, Json const& body);

bool is_success(HttpCall const& call, int status);
// By `output`. corrupt: says it is JSON and is not.
Result<Json> output_of(HttpCall const& call, net::HttpResponse const& response);

}  // namespace fairlead::builtin
