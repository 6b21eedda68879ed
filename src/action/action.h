// What an action is, for everybody who runs, lists or explains one: engine, API, CLI.
//
// An Action is a value: data about itself plus functions over untyped JSON. It is made from typed
// structs by action/define.h; nothing outside this layer and gitlab/ sees the typed side. `run`
// blocks and belongs on a worker thread; a long wait is not a blocked thread but an Outcome with
// `wait` set: the engine arms a timer and calls again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "net/http.h"
#include "net/url.h"

namespace fairlead::action {

enum class Effect { reads, creates, changes, deletes };
// GitLab's OAuth scopes. https://docs.gitlab.com/integration/oauth_provider/ (checked on 19.5)
enum class Scope { none, read_user, read_api, api };
// The project or group role the caller needs at least. Planner (15) and Security Manager (25) are
// not cumulative.
enum class Role { none, guest, planner, reporter, developer, maintainer, owner, admin };

std::string_view to_string(Effect effect);
std::string_view to_string(Scope scope);
std::string_view to_string(Role role);

// The path that stands for GitLab's GraphQL endpoint, which lies beside the REST root.
inline constexpr std::string_view graphql_path = "/graphql";

// One literal call below the connection's API root. Pure data: golden files, dry run and audit show
// exactly this.
struct Request {
  net::Method method{net::Method::get};
  std::string path;  // "/projects/ops%2Fincidents/issues", encoded
  net::QueryPairs query;
  Json body;  // null: none; sent as JSON
  net::Headers headers;
};

struct Response {
  int status{0};
  net::Headers headers;
  Json body;         // null if there was none or it was not JSON
  std::string text;  // the raw body if it was not JSON
};

// {method, path, query?, headers?, body?}
Json to_json(Request const& request);
// What stands behind the instance's base URL: "/api/v4/projects?membership=true", "/api/graphql".
std::string target(Request const& request);

struct ListOptions {
  std::optional<std::int64_t> limit;  // nothing: all there are
  // Asked for before the first page; the client may choose keyset paging where GitLab has it.
  int per_page{100};
};

// Receives the items of a listing one by one; an Error stops the listing.
using ItemSink = std::function<Result<void>(Json item)>;

struct ListSummary {
  std::int64_t count{0};              // items handed to the sink
  std::optional<std::int64_t> total;  // what GitLab said there are; nothing above 10,000
  bool complete{true};                // false: stopped at the limit and there are more
  std::string note;                   // "100 of 1,243", "100 of more than 10,000"; "" if complete
};

// The remote side as an action sees it: below one connection's API root, signed in, paced, decoded.
// Implemented by gitlab::Client and by the dry run. Thread-safe, blocking.
class Api {
 public:
  virtual ~Api() = default;
  // Any 2xx answer. Everything else is an Error with GitLab's own words, status and request id.
  // Retries what is safe.
  virtual Result<Response> send(Request const& request) = 0;
  // Pages through; rows that shift between pages are handed over once.
  virtual Result<ListSummary> list(Request const& request, ListOptions const& options,
                                   ItemSink const& sink) = 0;
  // {id, username, name, ...} of the connection's own user; asks once and remembers.
  virtual Result<Json> account() = 0;
  // "https://host[:port]/sub-path", to recognise pasted URLs and to make links.
  [[nodiscard]] virtual std::string const& base_url() const = 0;
  // The connection's id, for wake keys; "" where there is none (dry run, tests).
  [[nodiscard]] virtual std::string connection_id() const { return ""; }
};

// Makes a create recognisable afterwards: unique for one effect of one run, the same on every
// attempt.
struct EffectMarker {
  std::string id;  // "" outside workflows
  Time first_attempt_at{};
  // The outcome of an attempt is open since then, if it is.
  std::optional<Time> open_since{};
};

// A request whose connection broke may still be worked on at the other side. GitLab gives one up
// after 60 s (GITLAB_RAILS_RACK_TIMEOUT, checked on 19.5): until then "not there" may mean "not
// there yet", and nothing is sent again.
inline constexpr Milliseconds effect_settle_time = std::chrono::seconds(60);
// How much of that is left.
[[nodiscard]] Milliseconds settles_in(EffectMarker const& marker, Time now);
// uncertain, with that time as `retry_after`: looked for, and not seen.
Error not_seen_yet(std::string_view action, Milliseconds settles_in);
[[nodiscard]] bool is_not_seen_yet(Error const& error);

// Not finished: ask again later. The engine keeps `state` and hands it to the next call.
struct Wait {
  Milliseconds check_after{0};
  std::string waiting_for;  // in words: "pipeline 8123 (running for 3 min)"
  Json state;
  // What wakes it before `check_after`: "gitlab:<connection>:project:12:pipeline:345". "": only
  // time.
  std::string wake_key;
};

struct Outcome {
  Json output;  // the action's output; partial while waiting
  std::optional<Wait> wait;
  bool adopted{false};  // an earlier attempt's effect was found and taken over
};

struct Context {
  Api& api;
  Clock const& clock;
  EffectMarker marker;
  Json wait_state;  // of the last Wait; null on the first call
  ItemSink sink;    // if set, listings stream into it and their output has no items
};

// A field of an input or output, for docs, forms, flags. Made by schema/.
struct ActionInfo {
  std::string catalog{"gitlab"};
  std::string name;         // "create-issue"
  std::string version;      // "1.0.0"
  std::string title;        // "Create issue"
  std::string description;  // one or two sentences
  std::string docs_url;     // GitLab's page
  Effect effect{Effect::reads};
  Scope scope{Scope::read_api};
  Role role{Role::none};
  bool listing{false};  // streams items and takes limit / all
  bool waits{false};    // may answer with Wait
  Json input_schema;    // JSON Schema 2020-12
  Json output_schema;

  [[nodiscard]] std::string id() const { return catalog + "." + name; }
};

struct Action {
  ActionInfo info;
  // Checks and types the input: invalid_input names the field and the nearest right name. No I/O.
  std::function<Result<void>(Json const& input)> check;
  // The literal requests this input leads to, without sending a write. May read through `api` to
  // resolve names; with no `api` (nullptr) unresolved names stand as "<id of user alice>".
  std::function<Result<std::vector<Request>>(Api* api, Json const& input)> plan;
  // Blocking. Errors: invalid_input, and all that Api::send gives; `uncertain` if an effect may
  // have happened.
  std::function<Result<Outcome>(Context& context, Json const& input)> run;
  // For Effect::creates: looks whether an earlier, uncertain attempt took effect. Nothing: surely
  // not there.
  std::function<Result<std::optional<Json>>(Context& context, Json const& input)> find_existing;
  // For actions that wait: undoes what is waited for (Context::wait_state), because the run was
  // cancelled; without a wait state what an attempt nobody heard of may have begun, found by the
  // marker (not_seen_yet() while it may still appear). Empty: there is nothing to undo.
  std::function<Result<void>(Context& context, Json const& input)> cancel;
  // Whether this input asks for it. Pure. Set with `cancel`.
  std::function<bool(Json const& input)> is_cancel_asked;
};

}  // namespace fairlead::action
