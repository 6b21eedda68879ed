// Sends any call below the connection's API root, REST or GraphQL: for what has no action of its
// own. The token never leaves the connection's server: paths that climb out, URLs of other hosts
// and credentials of one's own are refused.
// Source: https://docs.gitlab.com/api/rest/, https://docs.gitlab.com/api/graphql/ (checked on
// 19.5).
#include <algorithm>

#include "action/define.h"
#include "base/text.h"
#include "gitlab/actions.h"
#include "gitlab/request_check.h"

namespace fairlead::gitlab {
namespace {

using schema::field;

enum class Verb { get, head, post, put, patch, del };
constexpr auto enum_names(Verb) {
  using Name = schema::EnumName<Verb>;
  return std::array{Name{Verb::get, "GET"}, Name{Verb::head, "HEAD"},   Name{Verb::post, "POST"},
                    Name{Verb::put, "PUT"}, Name{Verb::patch, "PATCH"}, Name{Verb::del, "DELETE"}};
}

struct Input {
  Verb method{};
  std::string path;
  std::optional<std::map<std::string, Json>> query;
  std::optional<std::map<std::string, std::string>> headers;
  std::optional<Json> body;
  bool paginate{false};
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    return std::tuple{
        field("method", &Input::method,
              {.label = "Method", .help = "What to do there.", .example = "GET"}),
        field("path", &Input::path,
              {.label = "Path",
               .help = "Below /api/v4, or /graphql for GraphQL (POST, with query and variables in "
                       "the body). A "
                       "URL of this GitLab's API is fine too.",
               .example = "/projects/12/repository/branches",
               .max_length = 4'000,
               .pattern = schema::not_blank}),
        field("query", &Input::query,
              {.label = "Query",
               .help = "Parameters by name; a list is sent as several of that name (\"iids[]\").",
               .example = R"({"search":"release"})"}),
        field("headers", &Input::headers,
              {.label = "Headers",
               .help = "Further headers. The connection signs its calls itself.",
               .example = R"({"If-None-Match":"W/\"1a2b\""})",
               .advanced = true}),
        field("body", &Input::body,
              {.label = "Body",
               .help = "Sent as JSON.",
               .example = R"({"branch":"fix","ref":"main"})",
               .widget = "code"}),
        field("paginate", &Input::paginate,
              {.label = "All pages",
               .help = "For a GET that answers a list: reads page after page into one list.",
               .example = "true",
               .defaulted = true}),
        field("limit", &Input::limit,
              {.label = "Limit",
               .help = "With all pages: at most that many items.",
               .example = "500",
               .minimum = 1,
               .maximum = action::collected_items_max})};
  }
};

struct Output {
  std::int64_t status{0};
  std::map<std::string, std::string> headers;
  Json body;
  std::optional<std::string> text;
  std::optional<std::int64_t> count;
  std::optional<bool> complete;
  std::optional<std::string> note;

  static constexpr auto fields() {
    return std::tuple{
        field("status", &Output::status, {.label = "Status", .help = "The HTTP status."}),
        field("headers", &Output::headers, {.label = "Headers", .help = "Names in lower case."}),
        field("body", &Output::body,
              {.label = "Body",
               .help = "The JSON of the answer; null if there is none.",
               .defaulted = true}),
        field("text", &Output::text, {.label = "Text", .help = "The answer if it is no JSON."}),
        field("count", &Output::count, {.label = "Count", .help = "Of items, with all pages."}),
        field("complete", &Output::complete,
              {.label = "Complete", .help = "With all pages: false if stopped at the limit."}),
        field("note", &Output::note,
              {.label = "Note", .help = "\"100 of 1,243\" if not complete."})};
  }
};

net::Method method_of(Verb verb) {
  switch (verb) {
    case Verb::get:
      return net::Method::get;
    case Verb::head:
      return net::Method::head;
    case Verb::post:
      return net::Method::post;
    case Verb::put:
      return net::Method::put;
    case Verb::patch:
      return net::Method::patch;
    case Verb::del:
      return net::Method::delete_;
  }
  return net::Method::get;
}

// Splits "?..." off the path and lets people write the API root in front.
action::Request request(Input const& in) {
  action::Request out{.method = method_of(in.method)};
  std::string_view path = in.path;
  std::size_t const mark = path.find('?');
  if (mark != path.npos) {
    out.query = net::decode_query(path.substr(mark + 1));
    path = path.substr(0, mark);
  }
  for (std::string_view const root : {"/api/v4/", "api/v4/", "/api/graphql", "api/graphql"}) {
    if (!path.starts_with(root)) continue;
    path.remove_prefix(root.ends_with('/') ? root.size() - 1
                                           : root.size() - action::graphql_path.size());
    break;
  }
  out.path = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
  action::RequestBuilder query(out.method, "");
  for (auto const& [name, value] : in.query.value_or(std::map<std::string, Json>{}))
    query.query(name, value);
  for (auto const& pair : query.request().query)
    out.query.push_back(pair);
  for (auto const& [name, value] : in.headers.value_or(std::map<std::string, std::string>{})) {
    out.headers.add(name, value);
  }
  if (in.body) out.body = *in.body;
  return out;
}

bool is_url(std::string_view path) {
  return path.find("://") != path.npos || path.starts_with("//");
}

Error elsewhere(std::string_view path, std::string_view base_url) {
  Error error = invalid_input("path", "is a URL that is not below this connection's API");
  auto const url = net::parse_url(path);
  if (url.ok() && !base_url.empty()) {
    error.message += ": it is on " + url->origin() + ", the connection on " + std::string(base_url);
  }
  error.remedy = "Write the path below /api/v4, such as /projects/12/branches.";
  return error;
}

// A pasted URL of the connection's own API becomes a path.
Result<void> resolve(action::Lookup const& lookup, Input& in) {
  if (!is_url(in.path)) return {};
  if (lookup.api == nullptr) return elsewhere(in.path, "");
  std::string const& base = lookup.api->base_url();
  auto const url = net::parse_url(in.path);
  auto const root = net::parse_url(base);
  bool const below = url.ok() && root.ok() && net::same_origin(*url, *root) &&
                     url->fragment.empty() && url->path.starts_with(root->path + "/api/");
  if (!below) return elsewhere(in.path, base);
  in.path = url->path.substr(root->path.size()) + (url->query.empty() ? "" : "?" + url->query);
  return check_request(request(in));
}

Result<void> check_query(Input const& in) {
  for (auto const& [name, value] : in.query.value_or(std::map<std::string, Json>{})) {
    if (value.is_object())
      return invalid_input("query." + name, "must be a value or a list, not an object");
  }
  for (auto const& [name, value] : request(in).query) {
    std::string const lower = to_lower_ascii(name);
    if (lower != "access_token" && lower != "private_token" && lower != "job_token") continue;
    Error error =
        invalid_input("query." + name, "may not be given: credentials in a URL end up in logs");
    error.remedy = "Leave it out: the connection signs its calls itself.";
    return error;
  }
  return {};
}

Result<void> check(Input const& in) {
  bool const reads = in.method == Verb::get || in.method == Verb::head;
  if (in.paginate && in.method != Verb::get)
    return invalid_input("paginate", "needs the method GET");
  if (in.limit && !in.paginate) return invalid_input("limit", "needs paginate");
  if (in.body && reads) return invalid_input("body", "is not sent with GET and HEAD; use query");
  FAIRLEAD_CHECK(check_query(in));
  if (is_url(in.path)) return {};  // known to be ours or not once there is a connection
  if (in.path.find('#') != std::string::npos)
    return invalid_input("path", "may not hold a fragment (#)");
  action::Request const call = request(in);
  if (call.path == action::graphql_path && call.method != net::Method::post) {
    return invalid_input("method", "must be POST for GraphQL");
  }
  return check_request(call);
}

// GraphQL reports failures with status 200.
Result<void> check_graphql(action::Request const& sent, Json const& body) {
  if (sent.path != action::graphql_path || body["errors"].empty() || !body["data"].is_null())
    return {};
  std::vector<std::string> messages;
  for (Json const& item : body["errors"].items())
    messages.push_back(item["message"].as_string());
  Error error = invalid_input("body", "GraphQL refused it: " + join(messages, "; "));
  error.status = 200;
  error.details = Json::object({{"errors", body["errors"]}});
  return error;
}

Output output_of(action::Response response) {
  Output out{.status = response.status};
  for (net::Header const& header : response.headers) {
    std::string const name = to_lower_ascii(header.name);
    if (name == "set-cookie") continue;
    std::string& value = out.headers[name];
    value += (value.empty() ? "" : ", ") + header.value;
  }
  out.body = std::move(response.body);
  if (!response.text.empty()) out.text = std::move(response.text);
  return out;
}

Result<Output> run_all_pages(action::Context& context, Input const& in) {
  Json items = Json::array();
  auto const take = [&](Json item) -> Result<void> {
    if (static_cast<std::int64_t>(items.size()) >= action::collected_items_max) {
      return invalid_input("limit", "is needed: there are more than " +
                                        with_thousands(action::collected_items_max) + " items");
    }
    items.push_back(std::move(item));
    return {};
  };
  FAIRLEAD_TRY(action::ListSummary summary,
               context.api.list(request(in), {.limit = in.limit}, take));
  Output out{.status = 200};
  out.body = std::move(items);
  out.count = summary.count;
  out.complete = summary.complete;
  out.note = summary.note;
  return out;
}

Result<Output> run(action::Context& context, Input const& in) {
  if (in.paginate) return run_all_pages(context, in);
  action::Request const call = request(in);
  FAIRLEAD_TRY(action::Response response, context.api.send(call));
  FAIRLEAD_CHECK(check_graphql(call, response.body));
  return output_of(std::move(response));
}

// What a call does is the author's knowledge: a POST that may have happened cannot be looked up.
Result<std::optional<Output>> find_existing(action::Context&, Input const& in) {
  if (in.method != Verb::post && in.method != Verb::patch) return std::optional<Output>();
  Error error =
      make_error(ErrorKind::uncertain, "Whether the earlier " +
                                           std::string(net::to_string(method_of(in.method))) +
                                           " to " + request(in).path + " took effect is not known");
  error.details = Json::object({{"lookUp", "impossible"}});
  error.cause = "call-api knows nothing about what its calls do, so it cannot look.";
  error.remedy = "Look in GitLab, then go on or run it again by hand.";
  return error;
}

}  // namespace

action::Action call_api() {
  return action::define<Input, Output>(
      {.name = "call-api",
       .title = "Call API",
       .description = "Sends any call to the connection's GitLab, REST or GraphQL, and returns "
                      "status, headers and body.",
       .docs = "https://docs.gitlab.com/api/rest/",
       .effect = action::creates(find_existing),
       .scope = action::Scope::api,
       .request = request,
       .check = check,
       .resolve = resolve,
       .run = run});
}

}  // namespace fairlead::gitlab
