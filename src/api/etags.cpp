#include "api/etags.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "api/problem.h"
#include "base/text.h"
#include "vault/digest.h"
#include "workflow/yaml.h"

namespace fairlead::api {
namespace {

constexpr std::string_view base = "/api/v1/";
constexpr std::string_view draft_path = "/api/v1/workflows/{namespace}/{name}/draft";
constexpr std::string_view workflow_path = "/api/v1/workflows/{namespace}/{name}";
constexpr std::string_view connection_path = "/api/v1/connections/{name}";
// Of a connection, what people change; the rest changes by itself with every refresh of the grant.
constexpr std::array edited_members{"id",          "name",    "aliases",  "default", "readOnly",
                                    "minimumRole", "baseUrl", "clientId", "proxy",   "privateCa"};
constexpr std::size_t digits = 32;
constexpr int not_modified = 304;
constexpr int precondition_failed = 412;

bool is_json(net::ServerResponse const& response) {
  return response.status == 200 && !response.on_stream &&
         response.headers.get("Content-Type").starts_with("application/json");
}

// What a tag stands for: the whole answer, or what can be edited of it.
std::string what_counts(std::string_view pattern, net::ServerResponse const& response) {
  if (pattern != connection_path) return response.body;
  auto const shown = Json::parse(response.body);
  if (!shown.ok()) return response.body;
  Json edited = Json::object();
  for (auto const* member : edited_members)
    edited.set(member, (*shown)[member]);
  return edited.dump();
}

std::string etag_of(std::string_view pattern, net::ServerResponse const& response) {
  return "\"" + vault::sha256_hex(what_counts(pattern, response)).substr(0, digits) + "\"";
}

// One of a list, or "*". A weak one counts when asked whether to send, never to change.
bool names(std::string_view header, std::string_view etag, bool weak_counts) {
  for (auto const& each : split(header, ',')) {
    std::string_view one = trim(each);
    if (one == "*") return true;
    if (weak_counts && one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag) return true;
  }
  return false;
}

EndpointHandler tagged(EndpointHandler get, std::string pattern) {
  return [get = std::move(get),
          pattern = std::move(pattern)](Call const& call) -> Result<net::ServerResponse> {
    FAIRLEAD_TRY(auto response, get(call));
    if (!is_json(response)) return response;
    std::string const etag = etag_of(pattern, response);
    // Where the tag stands for a part only, the rest may be new: it is sent.
    bool const whole = pattern != connection_path;
    if (whole && names(call.request.headers.get("If-None-Match"), etag, true)) {
      response = net::ServerResponse{};
      response.status = not_modified;
    }
    response.headers.set("ETag", etag);
    return response;
  };
}

// "": there is no such resource (any more).
Result<std::string> etag_now(std::string_view pattern, EndpointHandler const& get,
                             Call const& call) {
  auto const response = get(call);
  if (!response.ok() && response.error().kind == ErrorKind::not_found) return std::string();
  if (!response.ok()) return response.error();
  return is_json(*response) ? etag_of(pattern, *response) : std::string();
}

net::ServerResponse changed_meanwhile() {
  Error error = make_error(ErrorKind::conflict,
                           "This was changed or removed after you had looked at it (If-Match).");
  error.title = "Changed meanwhile";
  error.remedy = "Look at it again, then repeat your change.";
  return problem(error, precondition_failed);
}

Error busy() {
  Error error = make_error(ErrorKind::conflict, "Somebody else changes this at this moment.");
  error.remedy = "Try again.";
  error.retry_after = Milliseconds(1'000);
  return error;
}

// Ends the turn when it dies.
class Turn {
 public:
  Turn(EditTurns& turns, std::string path, EditTurns::Kind kind)
      : turns_(turns), path_(std::move(path)), kind_(kind), begun_(turns.begin(path_, kind)) {}
  Turn(Turn const&) = delete;
  Turn& operator=(Turn const&) = delete;
  ~Turn() {
    if (begun_) turns_.end(path_, kind_);
  }
  [[nodiscard]] bool begun() const { return begun_; }

 private:
  EditTurns& turns_;
  std::string path_;
  EditTurns::Kind kind_;
  bool begun_;
};

std::string path_of(net::ServerRequest const& request) {
  return request.target.substr(0, request.target.find('?'));
}

EndpointHandler careful(EndpointHandler change, EndpointHandler get, std::string pattern,
                        EditTurns& turns) {
  return [change = std::move(change), get = std::move(get), pattern = std::move(pattern),
          &turns](Call const& call) -> Result<net::ServerResponse> {
    std::string_view const wanted = call.request.headers.get("If-Match");
    Turn const turn(turns, path_of(call.request),
                    wanted.empty() ? EditTurns::Kind::blind : EditTurns::Kind::sure);
    if (!turn.begun()) return busy();
    if (!wanted.empty()) {
      FAIRLEAD_TRY(auto const etag, etag_now(pattern, get, call));
      if (etag.empty() || !names(wanted, etag, false)) return changed_meanwhile();
    }
    FAIRLEAD_TRY(auto response, change(call));
    if (!is_json(response) || call.request.method == net::Method::delete_) return response;
    // A saved draft may have got another version than its text named.
    net::ServerRequest request = call.request;
    auto const saved = Json::parse(response.body);
    if (saved.ok() && (*saved)["source"].is_string()) request.body = (*saved)["source"].as_string();
    auto const after =
        etag_now(pattern, get, {.request = request, .caller = call.caller, .note = call.note});
    if (after.ok() && !after->empty()) response.headers.set("ETag", *after);
    return response;
  };
}

// Who sends a tag wants to be sure; without a GET of the same path nobody can be.
EndpointHandler refusing_tags(EndpointHandler change) {
  return [change = std::move(change)](Call const& call) -> Result<net::ServerResponse> {
    std::string_view const wanted = trim(call.request.headers.get("If-Match"));
    if (wanted.empty() || wanted == "*") return change(call);
    Error error = make_error(ErrorKind::conflict,
                             "What is changed here has no ETag, so that If-Match cannot hold.");
    error.where = "If-Match";
    error.remedy = "Leave the header If-Match out.";
    return problem(error, precondition_failed);
  };
}

// The workflow's GET, asked for the version that the saved text names.
EndpointHandler of_saved_version(EndpointHandler get) {
  return [get = std::move(get)](Call const& call) -> Result<net::ServerResponse> {
    net::ServerRequest request = call.request;
    auto const parsed = workflow::parse_yaml(request.body);
    if (parsed.ok()) {
      Json const document = workflow::to_json(*parsed);
      request.query = {{"version", document["document"]["version"].as_string()}};
    }
    return get(Call{.request = request, .caller = call.caller, .note = call.note});
  };
}

bool changes(net::Method method) {
  return method == net::Method::put || method == net::Method::patch ||
         method == net::Method::delete_;
}

}  // namespace

bool EditTurns::begin(std::string const& path, Kind kind) {
  std::lock_guard const lock(mutex_);
  Count& count = busy_[path];
  bool const free = count.sure == 0 && (kind == Kind::blind || count.blind == 0);
  if (free) ++(kind == Kind::sure ? count.sure : count.blind);
  return free;
}

void EditTurns::end(std::string const& path, Kind kind) {
  std::lock_guard const lock(mutex_);
  auto const found = busy_.find(path);
  if (found == busy_.end()) return;
  --(kind == Kind::sure ? found->second.sure : found->second.blind);
  if (found->second.sure == 0 && found->second.blind == 0) busy_.erase(found);
}

bool compares_etags(Endpoint const& endpoint, std::vector<Endpoint> const& all) {
  if (!changes(endpoint.method) || !endpoint.path.starts_with(base)) return false;
  if (endpoint.path == draft_path) return true;
  return std::ranges::any_of(all, [&](Endpoint const& other) {
    return other.method == net::Method::get && other.path == endpoint.path;
  });
}

std::vector<Endpoint> with_etags(std::vector<Endpoint> endpoints, EditTurns& turns) {
  std::map<std::string, EndpointHandler> gets;
  for (auto const& endpoint : endpoints)
    if (endpoint.method == net::Method::get && endpoint.path.starts_with(base))
      gets[endpoint.path] = endpoint.handler;
  if (auto const workflow = gets.find(std::string(workflow_path)); workflow != gets.end())
    gets[std::string(draft_path)] = of_saved_version(workflow->second);
  for (auto& endpoint : endpoints) {
    auto const get = gets.find(endpoint.path);
    if (get == gets.end()) {
      if (changes(endpoint.method) && endpoint.path.starts_with(base))
        endpoint.handler = refusing_tags(std::move(endpoint.handler));
      continue;
    }
    if (endpoint.method == net::Method::get)
      endpoint.handler = tagged(std::move(endpoint.handler), endpoint.path);
    if (changes(endpoint.method))
      endpoint.handler = careful(std::move(endpoint.handler), get->second, endpoint.path, turns);
  }
  return endpoints;
}

}  // namespace fairlead::api
