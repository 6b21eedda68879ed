#include "api/document_headers.h"

#include <algorithm>
#include <array>

#include "api/document_table.h"
#include "api/type_words.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

constexpr std::string_view api_base = "/api/v1/";
constexpr std::string_view draft_route = "PUT /api/v1/workflows/{namespace}/{name}/draft";

// An answer: of which route, with which status ("200", "default").
struct Place {
  std::string_view method;
  std::string_view path;
  std::string_view status;

  [[nodiscard]] bool failed() const { return status == "default"; }
  [[nodiscard]] bool is(std::string_view verb) const { return method == verb; }
  [[nodiscard]] bool of_api() const { return path.starts_with(api_base); }
};

bool has_get(std::string_view path) {
  std::string const get = "GET " + std::string(path);
  return std::ranges::any_of(document_rows(),
                             [&](DocumentRow const& row) { return row.route == get; });
}

bool streams(Place const& place) {
  return place.path == "/api/v1/live" || place.path == "/api/v1/runs/{id}/follow";
}

constexpr std::string_view export_path = "/api/v1/audit/export";

// As api/etags.cpp tags.
bool is_tagged(Place const& place) {
  if (!place.of_api() || streams(place) || place.path == export_path) return false;
  if (place.is("GET")) return place.status == "200" || place.status == "304";
  bool const edits = place.is("PUT") || place.is("PATCH");
  if (!edits || place.status != "200") return false;
  return has_get(place.path) || place.path == draft_route.substr(draft_route.find('/'));
}

bool is_page(Place const& place) { return !place.of_api() && place.is("GET"); }

bool makes_a_cookie(Place const& place) {
  return place.path == "/api/v1/session" || place.path == "/api/v1/setup" ||
         place.path.starts_with("/sign-in/") || place.path.starts_with("/oauth/");
}

bool leads_on(Place const& place) {
  if (place.status == "303") return true;
  return place.status == "201" && (place.path == "/api/v1/connections" ||
                                   place.path == "/api/v1/workflows/{namespace}/{name}/run");
}

struct Header {
  std::string_view name;
  std::string_view type;  // in the words of type_words.h
  std::string_view note;
  bool (*stands)(Place const&);
};

constexpr std::array headers{
    Header{"X-Request-Id", "string", "The caller's own, if it sent one, else a new one.",
           [](Place const&) { return true; }},
    Header{"Cache-Control", "string", "no-store, unless it is a file of the web application.",
           [](Place const&) { return true; }},
    Header{"X-Content-Type-Options", "'nosniff'", "", [](Place const&) { return true; }},
    Header{"ETag", "string", "Stands for what was answered, or for what can be edited of it.",
           is_tagged},
    Header{"Idempotent-Replayed", "'true'",
           "Nothing was done: the answer to the same Idempotency-Key before.",
           [](Place const& place) {
             return place.of_api() && place.is("POST") && place.status.starts_with('2');
           }},
    Header{"Location", "url", "Where what was made, or the next page, is.", leads_on},
    Header{"Set-Cookie", "string", "The session, or the browser a sign-in belongs to.",
           [](Place const& place) { return makes_a_cookie(place); }},
    Header{"Content-Disposition", "string", "",
           [](Place const& place) { return place.path == export_path && place.status == "200"; }},
    Header{"X-Accel-Buffering", "'no'", "Asks proxies to pass on each event at once.",
           [](Place const& place) { return streams(place) && place.status == "200"; }},
    Header{"Content-Security-Policy", "string", "", is_page},
    Header{"Referrer-Policy", "string", "", is_page},
    Header{"Retry-After", "integer", "Seconds, of 429 and 503 and where trying again helps.",
           [](Place const& place) { return place.failed(); }},
    Header{"WWW-Authenticate", "string", "Of a 401.",
           [](Place const& place) { return place.failed(); }},
};

// Of HTTP itself: they say how an answer travels.
constexpr std::array travel{std::string_view("content-type"), std::string_view("content-encoding"),
                            std::string_view("vary")};

Place place_of(std::string_view route, std::string_view status) {
  auto const space = route.find(' ');
  return {.method = route.substr(0, space), .path = route.substr(space + 1), .status = status};
}

}  // namespace

bool has_etag(std::string_view route) {
  Place const place = place_of(route, "200");
  return place.is("GET") && is_tagged(place);
}

Json document_headers() {
  Json all = Json::object();
  for (auto const& header : headers) {
    auto schema = schema_of(header.type);
    FAIRLEAD_ASSERT(schema.ok(), "the type of a header must be readable");
    Json shown = Json::object({{"schema", std::move(*schema)}});
    if (!header.note.empty()) shown.set("description", header.note);
    all.set(header.name, std::move(shown));
  }
  return all;
}

Json headers_of(std::string_view route, std::string_view status) {
  Place const place = place_of(route, status);
  Json all = Json::object();
  for (auto const& header : headers) {
    if (!header.stands(place)) continue;
    all.set(header.name,
            Json::object({{"$ref", "#/components/headers/" + std::string(header.name)}}));
  }
  return all;
}

std::string header_misfit(std::string_view route, int status, net::Headers const& given) {
  constexpr int failed_from = 400;
  std::string const said = status >= failed_from ? "default" : std::to_string(status);
  Place const place = place_of(route, said);
  for (auto const& [name, value] : given) {
    std::string const lower = to_lower_ascii(name);
    if (std::ranges::find(travel, lower) != travel.end()) continue;
    auto const known = std::ranges::any_of(headers, [&](Header const& header) {
      return to_lower_ascii(header.name) == lower && header.stands(place);
    });
    if (!known) return name;
  }
  return "";
}

}  // namespace fairlead::api
