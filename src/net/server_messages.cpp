// What handlers read and write: ServerRequest's accessors, plain and JSON answers, server-sent
// events.
#include "base/text.h"
#include "net/http_server.h"

namespace fairlead::net {

std::string_view ServerRequest::query_value(std::string_view name) const {
  for (auto const& [key, value] : query) {
    if (key == name) return value;
  }
  return "";
}

std::string ServerRequest::cookie(std::string_view name) const {
  for (auto const& header : headers) {
    if (!equals_ignoring_case(header.name, "Cookie")) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      auto const end = std::min(rest.find(';'), rest.size());
      auto const pair = trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      auto const equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      auto value = pair.substr(equals + 1);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
      return std::string(value);
    }
  }
  return "";
}

std::string const& ServerRequest::param(std::string_view name) const {
  auto const found = params.find(name);
  FAIRLEAD_ASSERT(found != params.end(), "the route has that parameter");
  return found->second;
}

std::string encode_sse(std::string_view id, std::string_view event, std::string_view data) {
  std::string out;
  auto const field = [&](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\n");
  };
  // A line break would begin another field; a NUL makes readers ignore the id.
  auto const one_line = [](std::string_view text) {
    std::string kept;
    for (char const c : text) {
      if (c != '\n' && c != '\r' && c != '\0') kept += c;
    }
    return kept;
  };
  if (!id.empty()) field("id", one_line(id));
  if (!event.empty()) field("event", one_line(event));
  for (;;) {
    auto const end = data.find_first_of("\r\n");
    field("data", data.substr(0, end));
    if (end == std::string_view::npos) break;
    data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  return out + "\n";
}

ServerResponse text_response(int status, std::string body, std::string content_type) {
  ServerResponse response;
  response.status = status;
  response.headers.add("Content-Type", std::move(content_type));
  response.body = std::move(body);
  return response;
}

ServerResponse json_response(int status, Json const& body) {
  return text_response(status, body.dump(), "application/json");
}

}  // namespace fairlead::net
