#include "sandbox/front.h"

#include <algorithm>

#include "base/text.h"
#include "sandbox/auth.h"
#include "sandbox/control.h"
#include "sandbox/form.h"
#include "sandbox/limits.h"
#include "sandbox/oauth.h"
#include "sandbox/pages.h"
#include "sandbox/pipeline_run.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

bool is_parameter(std::string const& part) { return part.starts_with(':'); }

bool fits(std::vector<std::string> const& parts, std::vector<std::string> const& segments) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!is_parameter(parts[i]) && parts[i] != segments[i]) return false;
  }
  return true;
}

// Earlier literals win: "pipelines/latest" before "pipelines/:pipeline_id".
bool more_specific(std::vector<std::string> const& a, std::vector<std::string> const& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (is_parameter(a[i]) != is_parameter(b[i])) return !is_parameter(a[i]);
  }
  return false;
}

std::vector<std::string> arguments_of(std::vector<std::string> const& parts,
                                      std::vector<std::string> const& segments) {
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (is_parameter(parts[i])) arguments.push_back(segments[i]);
  }
  return arguments;
}

// JSON, form or multipart into `into`.
Result<void> read_body(net::ServerRequest const& request, Json& into) {
  if (request.body.empty()) return {};
  std::string_view const type = request.headers.get("Content-Type");
  if (type.starts_with("application/x-www-form-urlencoded")) {
    nest_pairs(split_pairs(request.body), into);
  } else if (type.starts_with("multipart/form-data")) {
    nest_pairs(split_multipart(type, request.body), into);
  } else if (type.find("json") != std::string_view::npos) {
    auto const json = Json::parse(request.body);
    if (!json.ok()) return bad_parameters("message body does not match declared format");
    for (auto const& [name, value] : json->members())
      into.set(name, value);
  }
  return {};
}

net::Method routed(net::Method method) {
  return method == net::Method::head ? net::Method::get : method;
}

// Half of the body, then the end of the connection without the end of the message: the stream is
// made to overflow, which the server answers by dropping the connection.
void cut_in_half(net::ServerResponse& response) {
  response.body.resize(response.body.size() / 2);
  response.on_stream = [](std::shared_ptr<net::StreamWriter> const& writer) {
    writer->write(std::string(stream_buffer_bytes_max + 1, ' '));
  };
}

std::string request_id(World& world) {
  std::string id = "01";
  for (char const c : random_hex(world.random, 12)) {
    id.push_back(static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
  }
  return id;
}

std::string etag_of(std::string const& body) {
  std::size_t hash = std::hash<std::string>()(body);
  std::string bytes;
  for (int i = 0; i < 8; ++i, hash >>= 8)
    bytes.push_back(static_cast<char>(hash & 255));
  return "W/\"" + hex_encode(bytes) + "\"";
}

}  // namespace

Front::Front(World& world) : world_(world) {
  for (ApiRoutes const& routes :
       {branch_routes(), group_routes(), hook_routes(), instance_routes(), invitation_routes(),
        issue_routes(), job_routes(), label_routes(), member_routes(), milestone_routes(),
        note_routes(), pipeline_routes(), project_routes(), user_routes()}) {
    add(api_, routes);
  }
  for (ApiRoutes const& routes :
       {oauth_authorize_routes(), oauth_token_routes(), oauth_device_routes(), discovery_routes(),
        control_routes(), page_routes(), graphql_routes()}) {
    add(pages_, routes);
  }
}

void Front::add(Table& table, ApiRoutes const& routes) {
  for (ApiRoute const& route : routes) {
    Row row{.parts = split_path(route.pattern), .route = route};
    std::vector<Row>& rows = table[row.parts.size()];
    auto const at = std::find_if(rows.begin(), rows.end(), [&](Row const& other) {
      return more_specific(row.parts, other.parts);
    });
    rows.insert(at, std::move(row));
  }
}

Front::Match Front::find(Table const& table, net::Method method,
                         std::vector<std::string> const& segments) {
  Match match;
  auto const it = table.find(segments.size());
  if (it == table.end()) return match;
  for (Row const& row : it->second) {
    if (!fits(row.parts, segments)) continue;
    if (row.route.method == routed(method)) {
      match.row = &row;
      return match;
    }
    match.allow +=
        (match.allow.empty() ? "" : ", ") + std::string(net::to_string(row.route.method));
  }
  return match;
}

net::ServerResponse Front::answer(net::ServerRequest const& request) {
  std::lock_guard const lock(world_.mutex);
  settle(world_);
  std::string_view target = request.target;
  std::string const& sub_path = world_.options.sub_path;
  bool const below = target.starts_with(sub_path) &&
                     (target.size() == sub_path.size() || target[sub_path.size()] == '/' ||
                      target[sub_path.size()] == '?');
  if (!below) return finish(request, html_reply(404, not_found_html()));
  target.remove_prefix(sub_path.size());
  std::string const path = decode_percent(target.substr(0, target.find('?')));
  bool const controlled = path.starts_with("/-/sandbox");
  auto const fault =
      controlled ? std::nullopt : world_.faults.take(net::to_string(request.method), path);
  bool const honest = !fault || fault->when == Fault::When::after;
  Reply reply = honest ? dispatch(request, target) : text_reply(200, "");
  if (!fault) return finish(request, std::move(reply));
  FaultyReply faulty = apply_fault(*fault, std::move(reply), world_.now());
  net::ServerResponse response = finish(request, std::move(faulty.reply));
  response.reset_connection = faulty.reset;
  response.delay = faulty.delay;
  if (faulty.cut) cut_in_half(response);
  if (faulty.date_skew != Milliseconds(0))
    response.headers.set("Date", http_date(world_.now() + faulty.date_skew));
  return response;
}

Reply Front::dispatch(net::ServerRequest const& request, std::string_view target) {
  Call call{.world = world_,
            .method = request.method,
            .target = target,
            .segments = split_path(target),
            .arguments = {},
            .pattern = {},
            .in = {},
            .caller = {},
            .headers = request.headers,
            .body = request.body,
            .sent = Json::object()};
  nest_pairs(split_pairs(query_of(target)), call.sent);
  Json params = call.sent;
  if (auto const read = read_body(request, params); !read.ok()) return to_reply(read.error());
  call.in = Params(std::move(params));
  bool const api =
      call.segments.size() >= 2 && call.segments[0] == "api" && call.segments[1] != "graphql";
  Result<Reply> result = api ? run_api(call) : run_page(call);
  if (result.ok()) return std::move(result).value();
  Error const& refusal = result.error();
  if (refusal.status != 301) return to_reply(refusal);
  std::string const location = refusal.details["location"].as_string();
  Reply moved = text_reply(301, "This resource has been moved permanently to " + location + ".");
  moved.headers.add("Location", location);
  return moved;
}

Result<Reply> Front::run_api(Call& call) {
  if (call.segments[1] != "v4") {
    return refuse(410,
                  Json::object({{"error", "API V3 is no longer supported. Use API V4 instead."}}));
  }
  call.segments.erase(call.segments.begin(), call.segments.begin() + 2);
  Match const match = find(api_, call.method, call.segments);
  if (match.row == nullptr && match.allow.empty()) {
    return refuse(404, Json::object({{"error", "404 Not Found"}}));
  }
  if (match.row == nullptr) {
    Reply refused = json_reply(405, Json::object({{"error", "405 Not Allowed"}}));
    refused.headers.add("Allow", match.allow);
    return refused;
  }
  FAIRLEAD_TRY(call.caller, authenticate(world_, call.headers, call.in));
  FAIRLEAD_CHECK(check_scope(call.caller, match.row->route.need, call.method));
  std::string const key = "token " + call.caller.token;
  if (!within_limit(world_, key, world_.options.requests_per_minute)) {
    return throttled(world_.now(), {.limit = world_.options.requests_per_minute,
                                    .observed = world_.options.requests_per_minute + 1,
                                    .retry_after_seconds = 60});
  }
  call.arguments = arguments_of(match.row->parts, call.segments);
  call.pattern = match.row->route.pattern;
  FAIRLEAD_TRY(Reply reply, match.row->route.handler(call));
  if (world_.options.rate_headers == SandboxOptions::RateHeaders::always) {
    int const limit =
        world_.options.requests_per_minute == 0 ? 2'000 : world_.options.requests_per_minute;
    add_limit_headers(world_.now(), {.limit = limit, .observed = hits_in_minute(world_, key)},
                      reply.headers);
  }
  return reply;
}

Result<Reply> Front::run_page(Call& call) {
  Match const match = find(pages_, call.method, call.segments);
  if (match.row != nullptr) {
    call.arguments = arguments_of(match.row->parts, call.segments);
    call.pattern = match.row->route.pattern;
    return match.row->route.handler(call);
  }
  if (!match.allow.empty()) return html_reply(404, not_found_html());
  return show_any_page(call);
}

net::ServerResponse Front::finish(net::ServerRequest const& request, Reply reply) {
  net::ServerResponse response;
  response.status = reply.status;
  response.headers = std::move(reply.headers);
  if (!reply.content_type.empty()) response.headers.set("Content-Type", reply.content_type);
  bool const readable = request.method == net::Method::get || request.method == net::Method::head;
  if (reply.status == 200 && readable && reply.content_type == "application/json") {
    std::string const etag = etag_of(reply.body);
    response.headers.set("ETag", etag);
    if (request.headers.get("If-None-Match") == etag) {
      response.status = 304;
      reply.body.clear();
    }
  }
  if (!response.headers.contains("Cache-Control")) {
    response.headers.set("Cache-Control", "max-age=0, private, must-revalidate");
  }
  std::string const id = request_id(world_);
  response.headers.set("X-Request-Id", id);
  response.headers.set("X-Gitlab-Meta", R"({"correlation_id":")" + id + R"(","version":"1"})");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("X-Frame-Options", "SAMEORIGIN");
  response.headers.set("Vary", "Origin");
  response.headers.set("Date", http_date(world_.now()));
  response.body = std::move(reply.body);
  return response;
}

}  // namespace fairlead::sandbox
