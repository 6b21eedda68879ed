#include "builtin/http_call.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "builtin/call_errors.h"

namespace fairlead::builtin {
namespace {

using Output = HttpCall::Output;

Error wrong(std::string const& argument, std::string const& what) {
  return invalid_input("with." + argument, "'" + argument + "' of the call " + what + ".");
}

bool is_scalar(Json const& value) {
  return value.is_string() || value.is_number() || value.is_bool();
}

std::string text_of(Json const& value) {
  return value.is_string() ? value.as_string() : value.dump();
}

// "application/json" of "application/json; charset=utf-8"
std::string media_type(std::string_view content_type) {
  return to_lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
}

bool is_json_type(std::string_view type) {
  return type == "application/json" || type == "text/json" || type.ends_with("+json");
}

Result<net::QueryPairs> read_pairs(Json const& value, std::string const& argument) {
  net::QueryPairs pairs;
  if (value.is_null()) return pairs;
  if (!value.is_object()) return wrong(argument, "must be names and values");
  for (auto const& [name, member] : value.members()) {
    if (member.is_null()) continue;
    Json::Array const one{member};
    for (auto const& item : member.is_array() ? member.items() : one) {
      if (!is_scalar(item))
        return wrong(argument + "." + name, "must be a text or a number, or a list of such");
      pairs.emplace_back(name, text_of(item));
    }
  }
  return pairs;
}

Result<void> read_headers(Json const& value, net::HttpRequest& request) {
  FAIRLEAD_TRY(auto const pairs, read_pairs(value, "headers"));
  for (auto const& [name, text] : pairs) {
    // Kept apart, so that it leads to no other origin and into no output.
    if (equals_ignoring_case(name, "Authorization")) {
      request.authorization = Secret(text);
    } else {
      request.headers.add(name, text);
    }
  }
  return {};
}

Result<void> read_endpoint(Json const& endpoint, HttpCall& call) {
  Json const& uri = endpoint.is_object() ? endpoint["uri"] : endpoint;
  if (!uri.is_string() || uri.as_string().empty())
    return wrong("endpoint", "must be an absolute http or https URL");
  call.request.url = uri.as_string();
  if (endpoint.is_object()) call.authentication = endpoint["authentication"];
  return {};
}

Result<Output> read_output(Json const& value) {
  if (value.is_null() || value.as_string() == "content") return Output::content;
  if (value.as_string() == "raw") return Output::raw;
  if (value.as_string() == "response") return Output::response;
  return wrong("output", "must be one of raw, content, response");
}

Json json_of(net::Headers const& headers) {
  Json all = Json::object();
  for (auto const& header : headers) {
    std::string const name = to_lower_ascii(header.name);
    auto const* before = all.find(name);
    all.set(name, before == nullptr ? header.value : before->as_string() + ", " + header.value);
  }
  return all;
}

Result<Json> content_of(net::HttpResponse const& response) {
  if (response.body.empty()) return Json();
  std::string const type = media_type(response.headers.get("Content-Type"));
  if (is_json_type(type) || type.empty()) {
    auto parsed = Json::parse(response.body);
    if (parsed.ok()) return parsed;
    if (!type.empty()) {
      auto error = make_error(ErrorKind::corrupt,
                              "The answer says it is " + type +
                                  " but cannot be read as JSON: " + parsed.error().message);
      error.remedy = "Take it as it is with 'output: raw'.";
      return typed(std::move(error), "communication", 502);
    }
  }
  if (valid_utf8(response.body)) return Json(response.body);
  return Json(base64_encode(response.body));
}

}  // namespace

std::optional<net::Method> method_of(std::string_view name) {
  std::string upper(trim(name));
  for (char& c : upper)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return net::method_from(upper);
}

MethodEffect effect_of(net::Method method) {
  switch (method) {
    case net::Method::get:
    case net::Method::head:
    case net::Method::options:
      return MethodEffect::reads;
    case net::Method::put:
    case net::Method::delete_:
      return MethodEffect::idempotent;
    case net::Method::post:
    case net::Method::patch:
      break;
  }
  return MethodEffect::unsafe;
}

bool may_repeat(net::HttpRequest const& request) {
  return effect_of(request.method) != MethodEffect::unsafe ||
         !request.headers.get(idempotency_header).empty();
}

Result<std::string> with_query(std::string_view url, net::QueryPairs const& query) {
  FAIRLEAD_TRY(auto parsed, net::parse_url(url));
  parsed.fragment.clear();
  if (!query.empty()) {
    if (!parsed.query.empty()) parsed.query += "&";
    parsed.query += net::encode_query(query);
  }
  return parsed.to_string();
}

Result<void> set_body(net::HttpRequest& request, Json const& body) {
  if (body.is_null()) return {};
  std::string const type = media_type(request.headers.get("Content-Type"));
  if (type == "application/x-www-form-urlencoded" && !body.is_string()) {
    FAIRLEAD_TRY(auto const pairs, read_pairs(body, "body"));
    request.body = net::encode_query(pairs);
  } else if (body.is_string()) {
    request.body = body.as_string();
    if (type.empty()) request.headers.set("Content-Type", "text/plain; charset=utf-8");
  } else {
    request.body = body.dump();
    if (type.empty()) request.headers.set("Content-Type", "application/json");
  }
  if (request.body.size() > request_body_bytes_max) {
    return wrong("body", "is larger than " +
                             with_thousands(static_cast<long long>(request_body_bytes_max)) +
                             " bytes");
  }
  return {};
}

Result<HttpCall> read_http_call(Json const& with) {
  HttpCall call;
  call.request.limits = {.total_timeout = answer_timeout, .body_bytes_max = answer_bytes_max};
  call.request.address_policy = net::HttpRequest::AddressPolicy::public_only;
  auto const method = method_of(with["method"].as_string());
  if (!method)
    return wrong("method", "must be one of get, head, post, put, patch, delete, options");
  call.request.method = *method;
  FAIRLEAD_CHECK(read_endpoint(with["endpoint"], call));
  FAIRLEAD_TRY(auto const query, read_pairs(with["query"], "query"));
  FAIRLEAD_TRY(call.request.url, with_query(call.request.url, query));
  FAIRLEAD_CHECK(read_headers(with["headers"], call.request));
  FAIRLEAD_CHECK(set_body(call.request, with["body"]));
  FAIRLEAD_TRY(call.output, read_output(with["output"]));
  if (with["redirect"].as_bool()) {
    call.redirect = HttpCall::Redirect::success;
    call.request.redirects_max = redirects_followed_max;
  }
  return call;
}

bool is_success(HttpCall const& call, int status) {
  return status >= 200 && status < (call.redirect == HttpCall::Redirect::success ? 400 : 300);
}

Result<Json> output_of(HttpCall const& call, net::HttpResponse const& response) {
  if (call.output == Output::raw) return Json(base64_encode(response.body));
  FAIRLEAD_TRY(auto content, content_of(response));
  if (call.output == Output::content) return content;
  return Json::object(
      {{"request", Json::object({{"method", to_lower_ascii(to_string(call.request.method))},
                                 {"uri", response.effective_url},
                                 {"headers", json_of(call.request.headers)}})},
       {"headers", json_of(response.headers)},
       {"statusCode", response.status},
       {"content", std::move(content)}});
}

}  // namespace fairlead::builtin
