#include "api/document.h"

#include <algorithm>
#include <memory>
#include <mutex>

#include "api/document_answers.h"
#include "api/document_headers.h"
#include "api/document_page.h"
#include "api/etags.h"
#include "api/type_words.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view problem_type = "application/problem+json";
constexpr std::string_view default_key = "default";

// A media type has a slash and no type of ours does.
bool is_media(std::string_view words) { return words.find('/') != std::string_view::npos; }

Json path_parameters(std::string_view path) {
  Json all = Json::array();
  for (auto const& segment : split(path, '/')) {
    if (!segment.starts_with('{')) continue;
    all.push_back(Json::object({{"name", segment.substr(1, segment.size() - 2)},
                                {"in", "path"},
                                {"required", true},
                                {"schema", Json::object({{"type", "string"}})}}));
  }
  return all;
}

void add_header(Json& parameters, std::string_view name, std::string_view what) {
  parameters.push_back(Json::object({{"name", name},
                                     {"in", "header"},
                                     {"required", false},
                                     {"description", what},
                                     {"schema", Json::object({{"type", "string"}})}}));
}

constexpr std::string_view follow_path = "/api/v1/runs/{id}/follow";

// What api/etags.h, api/idempotency.h and the stream of a run understand.
void add_headers(Endpoint const& endpoint, std::vector<Endpoint> const& all, Json& parameters) {
  if (!endpoint.role || !endpoint.path.starts_with("/api/v1/")) return;
  switch (endpoint.method) {
    case net::Method::get:
      if (endpoint.path == follow_path)
        return add_header(parameters, "Last-Event-ID", "Goes on behind that journal number.");
      if (!has_etag(route_name(endpoint.method, endpoint.path))) return;
      return add_header(parameters, "If-None-Match", "ETag that is known: 304 if it still holds.");
    case net::Method::post:
      if (endpoint.path == "/api/v1/events" || endpoint.path.ends_with("/run"))
        add_header(parameters, "traceparent", "What is started belongs to that trace (W3C).");
      return add_header(parameters, "Idempotency-Key", "Sent again with the same key: done once.");
    default:
      if (!compares_etags(endpoint, all)) return;
      return add_header(parameters, "If-Match", "ETag of what was read: 412 if it changed since.");
  }
}

Result<Json> parameters_of(Endpoint const& endpoint, std::vector<Endpoint> const& endpoints,
                           DocumentRow const* row) {
  Json all = path_parameters(endpoint.path);
  add_headers(endpoint, endpoints, all);
  if (row == nullptr) return all;
  FAIRLEAD_TRY(auto members, members_of(row->query));
  for (auto& member : members) {
    all.push_back(Json::object({{"name", std::string(member.name)},
                                {"in", "query"},
                                {"required", !member.optional},
                                {"schema", std::move(member.schema)}}));
  }
  return all;
}

std::string_view words_of_status(std::string_view status) {
  if (status == default_key) return "What went wrong, why, and what to do";
  if (status == "304") return "Unchanged since the ETag that is known";
  return status.starts_with('3') ? "Elsewhere" : "Done";
}

// Adds a body to an answer; a second shape of the same media type stands beside the first.
void add_content(Json& response, std::string const& media, Json object) {
  if (!response.contains("content")) response.set("content", Json::object());
  Json& contents = *response.find("content");
  if (Json const* other = contents.find(media); other != nullptr && *other != object) {
    Json both = Json::array({(*other)["schema"], object["schema"]});
    object.set("schema", Json::object({{"anyOf", std::move(both)}}));
  }
  contents.set(media, std::move(object));
}

Result<Json> responses_of(Endpoint const& endpoint, DocumentRow const* row) {
  std::string const route = route_name(endpoint.method, endpoint.path);
  Json all = Json::object();
  auto place = [&](std::string const& status) -> Json& {
    if (Json* said = all.find(status)) return *said;
    return all.set(status, Json::object({{"description", words_of_status(status)},
                                         {"headers", headers_of(route, status)}}));
  };
  std::vector<DocumentAnswer> answers;
  if (row != nullptr) {
    FAIRLEAD_TRY(answers, answers_of(*row));
  }
  for (auto const& answer : answers) {
    Json& response = place(answer.key);
    if (!answer.media.empty()) add_content(response, answer.media, media_object(answer));
    if (answer.media == json_type && has_etag(route)) place("304");
  }
  Json problem = Json::object({{"schema", schema_of("Problem").value()}});
  add_content(place(std::string(default_key)), std::string(problem_type), std::move(problem));
  return all;
}

Result<Json> body_of(DocumentRow const& row) {
  Json schema = Json::object({{"type", "string"}});
  if (!is_media(row.body)) {
    FAIRLEAD_TRY(schema, schema_of(row.body));
  }
  std::string const media(is_media(row.body) ? row.body : json_type);
  return Json::object(
      {{"content", Json::object({{media, Json::object({{"schema", std::move(schema)}})}})}});
}

// "listRuns" would need a list of verbs; "get-runs-id" is as unique and needs none.
std::string operation_id(Endpoint const& endpoint) {
  std::string id = to_lower_ascii(net::to_string(endpoint.method));
  for (auto const& segment : split(endpoint.path, '/')) {
    if (segment.empty() || segment == "api" || segment == "v1") continue;
    id += '-';
    for (char c : segment)
      if (c != '{' && c != '}') id += c == '.' ? '-' : c;
  }
  return id;
}

Result<Json> operation_of(Endpoint const& endpoint, std::vector<Endpoint> const& all) {
  DocumentRow const* row = row_of(endpoint.method, endpoint.path);
  Json operation = Json::object({{"operationId", operation_id(endpoint)},
                                 {"summary", endpoint.summary},
                                 {"tags", Json::array({row != nullptr ? row->area : "other"})}});
  if (endpoint.role) {
    operation.set(
        "description",
        "Needs the role " + std::string(access::to_string(*endpoint.role)) + " or a higher one.");
    operation.set("x-fairlead-role", access::to_string(*endpoint.role));
  } else {
    operation.set("security", Json::array());
  }
  FAIRLEAD_TRY(auto parameters, parameters_of(endpoint, all, row));
  if (!parameters.empty()) operation.set("parameters", std::move(parameters));
  if (row != nullptr && !row->body.empty()) {
    FAIRLEAD_TRY(auto body, body_of(*row));
    operation.set("requestBody", std::move(body));
  }
  FAIRLEAD_TRY(auto responses, responses_of(endpoint, row));
  operation.set("responses", std::move(responses));
  return operation;
}

Json security_schemes() {
  return Json::object(
      {{"token", Json::object({{"type", "http"}, {"scheme", "bearer"}})},
       {"session", Json::object({{"type", "apiKey"},
                                 {"in", "cookie"},
                                 {"name", "fairlead_session"},
                                 {"description", "What is not a GET also needs X-CSRF-Token."}})}});
}

// Which member tells the kinds of entries apart is their `kind`.
Result<Json> entry_schema() {
  Json kinds = Json::array();
  for (auto const& entry : document_entries()) {
    FAIRLEAD_TRY(auto schema, schema_of("{ seq: integer, kind: '" + std::string(entry.kind) +
                                        "', task: string, at: time, payload: " +
                                        std::string(entry.payload) + " }"));
    kinds.push_back(std::move(schema));
  }
  return Json::object({{"anyOf", std::move(kinds)},
                       {"description", "What happened to a run: its kind says what it carries."}});
}

Result<void> add_types(std::span<DocumentType const> types, Json& all) {
  for (auto const& type : types) {
    FAIRLEAD_TRY(auto schema, schema_of(type.words));
    if (!type.note.empty()) schema.set("description", type.note);
    all.set(type.name, std::move(schema));
  }
  return {};
}

}  // namespace

std::string route_name(net::Method method, std::string_view path) {
  return std::string(net::to_string(method)) + " " + std::string(path);
}

DocumentRow const* row_of(net::Method method, std::string_view path) {
  std::string const name = route_name(method, path);
  auto const rows = document_rows();
  auto const found = std::find_if(rows.begin(), rows.end(),
                                  [&](DocumentRow const& row) { return row.route == name; });
  return found == rows.end() ? nullptr : &*found;
}

Result<Json> document_components() {
  Json all = Json::object();
  FAIRLEAD_CHECK(add_types(document_types(), all));
  FAIRLEAD_CHECK(add_types(document_work_types(), all));
  FAIRLEAD_TRY(auto entry, entry_schema());
  all.set("JournalEntry", std::move(entry));
  return all;
}

Result<Json> open_api_document(std::vector<Endpoint> const& endpoints, std::string_view version) {
  FAIRLEAD_TRY(auto components, document_components());
  Json paths = Json::object();
  for (auto const& endpoint : endpoints) {
    FAIRLEAD_TRY(auto operation, operation_of(endpoint, endpoints));
    Json* path = paths.find(endpoint.path);
    Json& place = path != nullptr ? *path : paths.set(endpoint.path, Json::object());
    place.set(to_lower_ascii(net::to_string(endpoint.method)), std::move(operation));
  }
  return Json::object({{"openapi", "3.1.0"},
                       {"info", Json::object({{"title", "Fairlead"},
                                              {"version", version},
                                              {"description",
                                               "Connections, workflows, runs and approvals. Errors "
                                               "are application/problem+json."}})},
                       {"servers", Json::array({Json::object({{"url", "/"}})})},
                       {"security", Json::array({Json::object({{"token", Json::array()}}),
                                                 Json::object({{"session", Json::array()}})})},
                       {"paths", std::move(paths)},
                       {"components", Json::object({{"securitySchemes", security_schemes()},
                                                    {"headers", document_headers()},
                                                    {"schemas", std::move(components)}})}});
}

namespace {

// Made when it is first asked for: reading all rows takes longer than making the routes.
class DocumentText final {
 public:
  DocumentText(std::vector<Endpoint> endpoints, std::string_view version)
      : endpoints_(std::move(endpoints)), version_(version) {}

  Result<std::string> text() {
    std::lock_guard lock(mutex_);
    if (text_.empty()) {
      FAIRLEAD_TRY(auto const document, open_api_document(endpoints_, version_));
      text_ = document.dump();
    }
    return text_;
  }

 private:
  std::vector<Endpoint> endpoints_;
  std::string version_;
  std::mutex mutex_;
  std::string text_;
};

Endpoint file(std::string path, std::string summary, std::string type, std::string_view body) {
  return {net::Method::get, std::move(path), std::nullopt, std::move(summary),
          [type = std::move(type), body](Call const&) -> Result<net::ServerResponse> {
            net::ServerResponse response = net::text_response(200, std::string(body), type);
            response.headers.set("Content-Security-Policy", std::string(document_page_policy()));
            return response;
          }};
}

}  // namespace

std::vector<Endpoint> document_endpoints(std::vector<Endpoint> const& others,
                                         std::string_view version) {
  std::vector<Endpoint> own;
  own.push_back(
      {net::Method::get, "/api/v1/openapi.json", std::nullopt, "This API as OpenAPI 3.1", {}});
  own.push_back(file("/api/docs", "The API to read in a browser", "text/html; charset=utf-8",
                     document_page_html()));
  own.push_back(file("/api/docs.js", "The script of that page", "text/javascript; charset=utf-8",
                     document_page_script()));
  own.push_back(file("/api/docs.css", "The style of that page", "text/css; charset=utf-8",
                     document_page_style()));
  std::vector<Endpoint> all = others;
  all.insert(all.end(), own.begin(), own.end());
  for (auto& endpoint : all)
    endpoint.handler = nullptr;
  // Shared by all who copy the handler.
  auto document = std::make_shared<DocumentText>(std::move(all), version);
  own.front().handler = [document](Call const&) -> Result<net::ServerResponse> {
    FAIRLEAD_TRY(auto text, document->text());
    return net::text_response(200, std::move(text), std::string(json_type));
  };
  return own;
}

}  // namespace fairlead::api
