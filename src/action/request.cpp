#include "action/request.h"

#include "base/assert.h"
#include "base/text.h"
#include "net/url.h"

namespace fairlead::action {
namespace {

// A scalar as it stands in a query string.
std::string query_text(Json const& value) {
  return value.is_string() ? value.as_string() : value.dump();
}

// GraphQL lies beside the REST root, not below it.
std::string rooted(std::string_view path) {
  return path == graphql_path ? "/api/graphql" : "/api/v4" + std::string(path);
}

bool only_dots(std::string_view text) { return text == "." || text == ".."; }

Json query_json(net::QueryPairs const& pairs) {
  Json json = Json::object();
  for (auto const& [name, value] : pairs) {
    Json* present = json.find(name);
    if (present == nullptr) {
      json.set(name, value);
    } else if (present->is_array()) {
      present->push_back(value);
    } else {
      *present = Json::array({*present, value});
    }
  }
  return json;
}

}  // namespace

std::string fill_path(std::string_view pattern, std::span<std::string const> segments) {
  std::string out;
  std::size_t next = 0;
  while (!pattern.empty()) {
    std::size_t const hole = pattern.find("{}");
    out += pattern.substr(0, hole);
    if (hole == std::string_view::npos) break;
    FAIRLEAD_ASSERT(next < segments.size(), "a path pattern has a segment for every {}");
    std::string const& segment = segments[next++];
    if (only_dots(segment)) {
      for (std::size_t i = 0; i < segment.size(); ++i)
        out += "%2E";
    } else {
      out += net::percent_encode(segment);
    }
    pattern.remove_prefix(hole + 2);
  }
  FAIRLEAD_ASSERT(next == segments.size(), "a path pattern has a {} for every segment");
  return out;
}

RequestBuilder& RequestBuilder::add_query(std::string_view name, Json const& value) {
  if (value.is_null()) return *this;
  if (value.is_array()) {
    for (Json const& item : value.items())
      request_.query.emplace_back(name, query_text(item));
    return *this;
  }
  request_.query.emplace_back(name, query_text(value));
  return *this;
}

RequestBuilder& RequestBuilder::add_query_list(std::string_view name, Json const& values) {
  if (values.is_null()) return *this;
  std::vector<std::string> texts;
  for (Json const& item : values.items())
    texts.push_back(query_text(item));
  request_.query.emplace_back(name, join(texts, ","));
  return *this;
}

RequestBuilder& RequestBuilder::set_body(std::string_view name, Json value) {
  request_.body.set(name, std::move(value));
  return *this;
}

Json to_json(Request const& request) {
  Json json = Json::object({{"method", net::to_string(request.method)}});
  json.set("path", rooted(request.path));
  if (!request.query.empty()) json.set("query", query_json(request.query));
  if (request.headers.size() > 0) {
    Json headers = Json::object();
    for (net::Header const& header : request.headers)
      headers.set(header.name, header.value);
    json.set("headers", std::move(headers));
  }
  if (!request.body.is_null()) json.set("body", request.body);
  return json;
}

std::string target(Request const& request) {
  std::string out = rooted(request.path);
  if (!request.query.empty()) out += "?" + net::encode_query(request.query);
  return out;
}

}  // namespace fairlead::action
