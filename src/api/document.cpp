#include "api/document.h"

#include <algorithm>
#include <memory>
#include <mutex>

#include "api/document_page.h"
#include "api/type_words.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view problem_type = "application/problem+json";
constexpr std::string_view default_key = "default";
constexpr int problem_from = 400;
constexpr int not_modified = 304;

struct Answer {
  std::string key;    // a status, or "default": whatever failed
  std::string media;  // "": no body
  Json schema;        // of JSON bodies
};

// A media type has a slash and no type of ours does.
bool is_media(std::string_view words) { return words.find('/') != std::string_view::npos; }

Result<Answer> answer_of(std::string_view words) {
  if (words.empty()) words = "200 any";
  Answer answer;
  answer.key = words.substr(0, words.find(' '));
  std::string_view const what = words.substr(std::min(words.size(), answer.key.size() + 1));
  if (what.empty()) return answer;
  answer.media = is_media(what) ? what : json_type;
  if (!is_media(what)) {
    FAIRLEAD_TRY(answer.schema, schema_of(what));
  }
  return answer;
}

std::vector<std::string_view> answers_of(DocumentRow const& row) {
  std::vector<std::string_view> all{row.answer};
  if (!row.other.empty()) all.push_back(row.other);
  return all;
}

Json content(std::string_view media, Json schema) {
  return Json::object({{std::string(media), Json::object({{"schema", std::move(schema)}})}});
}

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

// What api/etags.h and api/idempotency.h understand.
void add_headers(Endpoint const& endpoint, Json& parameters) {
  if (!endpoint.role || !endpoint.path.starts_with("/api/v1/")) return;
  switch (endpoint.method) {
    case net::Method::get:
      return add_header(parameters, "If-None-Match", "ETag that is known: 304 if it still holds.");
    case net::Method::post:
      return add_header(parameters, "Idempotency-Key", "Sent again with the same key: done once.");
    default:
      return add_header(parameters, "If-Match", "ETag of what was read: 412 if it changed since.");
  }
}

Result<Json> parameters_of(Endpoint const& endpoint, DocumentRow const* row) {
  Json all = path_parameters(endpoint.path);
  add_headers(endpoint, all);
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

Result<Json> responses_of(DocumentRow const* row) {
  Json all = Json::object();
  auto place = [&all](std::string const& key) -> Json& {
    if (Json* said = all.find(key)) return *said;
    return all.set(key,
                   Json::object({{"description", key.starts_with('3') ? "Elsewhere" : "Done"}}));
  };
  for (auto const& words : row != nullptr ? answers_of(*row) : std::vector<std::string_view>{""}) {
    FAIRLEAD_TRY(auto answer, answer_of(words));
    Json& response = place(answer.key);
    if (answer.media.empty()) continue;
    if (!response.contains("content")) response.set("content", Json::object());
    Json& contents = *response.find("content");
    Json schema = answer.schema.is_null() ? Json::object() : std::move(answer.schema);
    // Two shapes of one status.
    if (Json const* other = contents.find(answer.media))
      schema = Json::object({{"anyOf", Json::array({(*other)["schema"], schema})}});
    contents.set(answer.media, Json::object({{"schema", std::move(schema)}}));
  }
  Json& failed = place(std::string(default_key));
  failed.set("description", "What went wrong, why, and what to do");
  if (!failed.contains("content")) failed.set("content", Json::object());
  failed.find("content")->set(problem_type,
                              Json::object({{"schema", schema_of("Problem").value()}}));
  return all;
}

Result<Json> body_of(DocumentRow const& row) {
  Json schema = Json::object({{"type", "string"}});
  if (!is_media(row.body)) {
    FAIRLEAD_TRY(schema, schema_of(row.body));
  }
  return Json::object(
      {{"content", content(is_media(row.body) ? row.body : json_type, std::move(schema))}});
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

Result<Json> operation_of(Endpoint const& endpoint) {
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
  FAIRLEAD_TRY(auto parameters, parameters_of(endpoint, row));
  if (!parameters.empty()) operation.set("parameters", std::move(parameters));
  if (row != nullptr && !row->body.empty()) {
    FAIRLEAD_TRY(auto body, body_of(*row));
    operation.set("requestBody", std::move(body));
  }
  FAIRLEAD_TRY(auto responses, responses_of(row));
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

std::string_view media_of(net::ServerResponse const& response) {
  if (response.body.empty() && !response.on_stream) return "";
  std::string_view const said = response.headers.get("Content-Type");
  return said.substr(0, said.find(';'));
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
  for (auto const& type : document_types()) {
    FAIRLEAD_TRY(auto schema, schema_of(type.words));
    if (!type.note.empty()) schema.set("description", type.note);
    all.set(type.name, std::move(schema));
  }
  return all;
}

Result<Json> open_api_document(std::vector<Endpoint> const& endpoints, std::string_view version) {
  FAIRLEAD_TRY(auto components, document_components());
  Json paths = Json::object();
  for (auto const& endpoint : endpoints) {
    FAIRLEAD_TRY(auto operation, operation_of(endpoint));
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
                                                    {"schemas", std::move(components)}})}});
}

std::string answer_misfit(DocumentRow const& row, net::ServerResponse const& response,
                          Json const& components) {
  std::string_view const media = media_of(response);
  if (response.status >= problem_from && media == problem_type) {
    auto const body = Json::parse(response.body);
    return body.ok() ? misfit(schema_of("Problem").value(), *body, components) : "not JSON";
  }
  if (response.status == not_modified && media.empty()) return "";
  std::string first;
  for (auto const& words : answers_of(row)) {
    auto const answer = answer_of(words);
    if (!answer.ok()) return answer.error().message;
    std::string found;
    bool const failed = answer->key == default_key && response.status >= problem_from;
    if (!failed && answer->key != std::to_string(response.status)) {
      found = "status " + std::to_string(response.status) + " is not described";
    } else if (answer->media != media) {
      found = "media type \"" + std::string(media) + "\" is not described";
    } else if (media == json_type) {
      auto const body = Json::parse(response.body);
      found = body.ok() ? misfit(answer->schema, *body, components) : "not JSON";
    }
    if (found.empty()) return "";
    if (first.empty()) first = found;
  }
  return first;
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
