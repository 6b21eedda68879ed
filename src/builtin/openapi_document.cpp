#include "builtin/openapi_document.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "builtin/call_errors.h"
#include "builtin/openapi_parameters.h"
#include "net/url.h"
#include "workflow/yaml.h"

namespace fairlead::builtin {
namespace {

constexpr std::array<std::string_view, 7> methods{"get",  "put",     "post", "delete",
                                                  "head", "options", "patch"};
constexpr std::size_t listed_operations_max = 10;

Error unknown_operation(std::string_view wanted, std::vector<std::string> const& known) {
  auto const near = nearest_name(wanted, known);
  auto const shown = std::min(known.size(), listed_operations_max);
  std::string const remedy =
      near ? "Did you mean '" + *near + "'?"
           : "Operations are, for example: " + join(std::span(known).first(shown), ", ") + ".";
  return configuration_error("with.operationId",
                             "The OpenAPI document has no operation '" + shorten(wanted, 80) + "'.",
                             remedy);
}

Result<Operation> find_operation(Json const& document, std::string_view id) {
  std::vector<std::string> known;
  for (auto const& [path, item] : document["paths"].members()) {
    Json const& resolved = resolve_reference(document, item);
    for (auto const method : methods) {
      auto const* operation = resolved.find(method);
      if (operation == nullptr) continue;
      auto const& name = (*operation)["operationId"];
      if (name.as_string() == id)
        return Operation{document, resolved, *operation, path, std::string(method)};
      if (name.is_string()) known.push_back(name.as_string());
    }
  }
  return unknown_operation(id, known);
}

// OpenAPI 3: "{scheme}://{region}.example.com" with the variables' defaults.
std::string filled_server(Json const& server) {
  std::string url = server["url"].as_string();
  for (auto const& [name, variable] : server["variables"].members()) {
    std::string const place = "{" + name + "}";
    for (auto at = url.find(place); at != std::string::npos; at = url.find(place))
      url.replace(at, place.size(), variable["default"].as_string());
  }
  return url;
}

Result<std::string> server_of_3(Operation const& operation, net::Url const& home) {
  for (auto const* place : {&operation.operation, &operation.item, &operation.document}) {
    auto const& servers = (*place)["servers"];
    if (servers.items().empty()) continue;
    FAIRLEAD_TRY(auto url, net::resolve_url(home, filled_server(servers.at(0))));
    return url.to_string();
  }
  return home.origin();
}

// Swagger 2.0: host, basePath and schemes, each of the document's own URL where it is missing.
std::string server_of_2(Json const& document, net::Url const& home) {
  std::string scheme = home.scheme;
  auto const& schemes = document["schemes"].items();
  auto const has = [&](std::string_view name) {
    return std::any_of(schemes.begin(), schemes.end(),
                       [&](Json const& each) { return each.as_string() == name; });
  };
  if (has("https")) {
    scheme = "https";
  } else if (has("http")) {
    scheme = "http";
  }
  std::string const host = document["host"].string_or(home.origin().substr(home.scheme.size() + 3));
  return scheme + "://" + host + document["basePath"].as_string();
}

Result<std::string> server_of(Operation const& operation, std::string const& document_url) {
  FAIRLEAD_TRY(auto const home, net::parse_url(document_url));
  std::string server;
  if (operation.document.contains("swagger")) {
    server = server_of_2(operation.document, home);
  } else {
    FAIRLEAD_TRY(server, server_of_3(operation, home));
  }
  while (server.ends_with('/'))
    server.pop_back();
  return server;
}

}  // namespace

Result<Json> http_arguments(Json const& document, OpenApiCall const& call) {
  FAIRLEAD_TRY(auto const operation, find_operation(document, call.operation_id));
  FAIRLEAD_TRY(auto const server, server_of(operation, call.document_url));
  FAIRLEAD_TRY(auto placed, place_parameters(operation, call.parameters));
  return Json::object({{"method", operation.method},
                       {"endpoint", Json::object({{"uri", server + placed.path}})},
                       {"query", std::move(placed.query)},
                       {"headers", std::move(placed.headers)},
                       {"body", std::move(placed.body)}});
}

Result<std::string> openapi_method(Json const& document, std::string_view operation_id) {
  FAIRLEAD_TRY(auto const operation, find_operation(document, operation_id));
  return operation.method;
}

Result<Json> read_openapi(std::string_view text) {
  auto const unusable = [](std::string const& why) {
    auto error = make_error(ErrorKind::corrupt, "The OpenAPI document cannot be used: " + why);
    error.remedy = "Check its URL: it must lead to the document itself, as JSON or YAML.";
    return typed(std::move(error), "configuration", 400);
  };
  Json document;
  if (trim(text).starts_with('{')) {
    auto parsed = Json::parse(text);
    if (!parsed.ok()) return unusable(parsed.error().message);
    document = std::move(*parsed);
  } else {
    auto parsed = workflow::parse_yaml(text);
    if (!parsed.ok()) return unusable(parsed.error().message);
    document = workflow::to_json(*parsed);
  }
  bool const known = document["swagger"].string_or("").starts_with("2.") ||
                     document["openapi"].string_or("").starts_with("3.");
  if (!known) return unusable("it says neither 'swagger: 2.0' nor 'openapi: 3.x'.");
  return document;
}

}  // namespace fairlead::builtin
