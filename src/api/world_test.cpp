#include "api/world_test.h"

#include <algorithm>

#include "api/answered.h"
#include "api/document.h"
#include "api/document_answers.h"
#include "base/text.h"
#include "net/url.h"

namespace fairlead::api::testing_support {
namespace {

action::Action listing() {
  action::Action action;
  action.info.name = "list-things";
  action.info.version = "1.0.0";
  action.info.title = "List things";
  action.info.listing = true;
  action.info.input_schema = Json::object({{"type", "object"}});
  action.check = [](Json const&) -> Result<void> { return {}; };
  action.plan = [](action::Api*, Json const&) -> Result<std::vector<action::Request>> {
    action::Request request;
    request.path = "/things";
    request.query = {{"search", "a b"}};
    return std::vector{request};
  };
  action.run = [](action::Context& context, Json const& input) -> Result<action::Outcome> {
    FAIRLEAD_TRY(auto summary, context.api.list({}, {}, context.sink));
    if (input["fail"].as_bool()) return make_error(ErrorKind::unavailable, "GitLab went away");
    action::Outcome outcome;
    outcome.output = Json::object({{"count", summary.count}, {"note", summary.note}});
    return outcome;
  };
  return action;
}

// The parameters, if the pattern fits.
std::optional<std::map<std::string, std::string, std::less<>>> match(std::string const& pattern,
                                                                     std::string const& path) {
  std::map<std::string, std::string, std::less<>> params;
  std::vector<std::string> wanted = split(pattern, '/');
  std::vector<std::string> given = split(path, '/');
  if (wanted.size() != given.size()) return std::nullopt;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{'))
      params[wanted[i].substr(1, wanted[i].size() - 2)] = net::percent_decode(given[i]);
    else if (wanted[i] != given[i])
      return std::nullopt;
  }
  return params;
}

// What a route understood after the "?" is described.
void expect_described_query(DocumentRow const& row, net::ServerRequest const& request) {
  auto const known = members_of(row.query).value();
  for (auto const& [name, value] : request.query) {
    bool const found =
        std::ranges::any_of(known, [&](NamedType const& each) { return each.name == name; });
    EXPECT_TRUE(found) << row.route << " is asked with ?" << name << "=, which is not described";
  }
}

// Every answer of every test is as the API's own document says.
void expect_described(net::Route const& route, net::ServerRequest const& request,
                      net::ServerResponse const& response) {
  static Json const components = document_components().value();
  auto const* row = row_of(route.method, route.pattern);
  if (row == nullptr || response.headers.contains("Content-Encoding")) return;
  EXPECT_EQ(answer_misfit(*row, response, components), "")
      << row->route << " answers " << response.status << " " << response.body.substr(0, 400);
  // What was done as asked was asked as the document says.
  if (response.status >= 300) return;
  expect_described_query(*row, request);
  if (request.body.empty() || row->body.empty() || row->body.find('/') != std::string_view::npos)
    return;
  auto const body = Json::parse(request.body);
  EXPECT_EQ(body.ok() ? misfit(schema_of(row->body).value(), *body, components) : "not JSON", "")
      << row->route << " takes " << request.body.substr(0, 400);
}

// Each event that is sent is one of those the document tells of.
void expect_described_event(std::string_view bytes) {
  if (bytes.find("event: ") == std::string_view::npos) return;
  static Json const components = document_components().value();
  std::string found;
  for (auto const* path : {"/api/v1/live", "/api/v1/runs/{id}/follow"}) {
    found = stream_misfit(*row_of(net::Method::get, path), bytes, components);
    if (found.empty()) return;
  }
  ADD_FAILURE() << found << " in " << bytes;
}

}  // namespace

bool FakeWriter::write(std::string_view bytes) {
  expect_described_event(bytes);
  std::lock_guard lock(mutex_);
  if (open_) text_ += bytes;
  return open_;
}
bool FakeWriter::wait_below(std::size_t, Milliseconds) {
  std::lock_guard lock(mutex_);
  return open_ && reader == Reader::quick;
}
void FakeWriter::close() {
  std::lock_guard lock(mutex_);
  open_ = false;
}
bool FakeWriter::open() const {
  std::lock_guard lock(mutex_);
  return open_;
}
std::string FakeWriter::text() const {
  std::lock_guard lock(mutex_);
  return text_;
}

Result<action::Response> FakeApi::send(action::Request const& request) {
  sent.push_back(request);
  return answer;
}

Result<action::ListSummary> FakeApi::list(action::Request const&, action::ListOptions const&,
                                          action::ItemSink const& sink) {
  ++runs;
  for (int i = 1; i <= 3 && sink; ++i)
    FAIRLEAD_CHECK(sink(Json::object({{"id", i}, {"name", "n" + std::to_string(i)}})));
  return action::ListSummary{.count = 3, .total = 9, .complete = false, .note = "3 of 9"};
}

Result<std::shared_ptr<action::Api>> FakeApi::open(std::string_view) {
  if (failure) return *failure;
  // Not owned: the world outlives every call.
  return std::shared_ptr<action::Api>(std::shared_ptr<void>(), this);
}

World::World()
    : vault({{.bytes = Secret(std::string(vault::master_key_bytes, 'k')), .where = "test"}},
            random),
      connections({.store = store->connections(),
                   .vault = vault,
                   .transport = gitlab,
                   .clock = clock,
                   .random = random,
                   .log = *log},
                  connection::ConnectionOptions{}),
      doctor({.store = store->connections(),
              .vault = vault,
              .transport = gitlab,
              .clock = clock,
              .random = random,
              .log = *log},
             connections, store->webhooks(), {.public_url = "https://fairlead.test"}),
      catalogue({listing()}),
      invoker(action::make_invoker(catalogue, api, clock)),
      library(store->workflows(), workflow::parse),
      engine({.store = *store,
              .invoker = *invoker,
              .evaluator = evaluator,
              .library = library,
              .clock = clock,
              .random = random,
              .log = *log},
             {.threads = run::EngineOptions::Threads::none}),
      replays({.engine = engine, .runs = store->runs(), .library = library, .invoker = *invoker}),
      bulk({.engine = engine, .runs = store->runs(), .replays = replays}),
      retention(store->meta(), {}),
      history({.history = store->history(),
               .library = library,
               .clock = clock,
               .pause = pause,
               .log = *log,
               .defaults = retention}),
      streams(std::make_unique<RunStreams>(store->runs(), engine)),
      live(std::make_unique<LiveStreams>(*store, engine)),
      tokens(*store, clock, random) {
  EXPECT_TRUE(engine.recover().ok());
}

World::~World() {
  live.reset();
  streams.reset();
}

Guard World::guard() {
  return {.tokens = tokens,
          .sessions = sessions,
          .audit = audit,
          .streams = open_streams,
          .public_url = public_url};
}

ApiParts World::parts() {
  return {
      .connections = {.connections = connections,
                      .random = random,
                      .signed_in = [this](std::string const& name) { signed_in.push_back(name); },
                      .public_url = public_url},
      .connection_care = {.connections = connections, .doctor = doctor},
      .connection_insight = {.connections = connections,
                             .catalogue = catalogue,
                             .library = library,
                             .store = *store,
                             .clock = clock,
                             .budget = [this](ConnectionId const&) { return budget; },
                             .release = [](store::ConnectionRecord const&) {}},
      .actions = {.catalogue = catalogue, .invoker = *invoker, .apis = api},
      .events = {.store = *store,
                 .clock = clock,
                 .arrived = [this](std::int64_t seq) { arrived.push_back(seq); }},
      .workflows = {.store = store->workflows(),
                    .schedules = store->schedules(),
                    .history = store->history(),
                    .audit = store->audit(),
                    .actions = lookup,
                    .evaluator = evaluator,
                    .library = library,
                    .engine = engine,
                    .clock = clock},
      .runs = {.store = store->runs(), .engine = engine, .streams = *streams},
      .live = {.live = *live},
      .webhooks = {.store = *store, .intake = intake},
      .kept_webhooks = {.store = *store,
                        .intake = intake,
                        .apis = api,
                        .maker = {.vault = vault, .clock = clock, .random = random},
                        .wants = hook_wants},
      .approvals = {.approvals = approvals},
      .control = {.store = store->runs(),
                  .engine = engine,
                  .replays = replays,
                  .bulk = bulk,
                  .history = history},
      .settings = {.retention = retention,
                   .clock = clock,
                   .at_start = Json::object({{"publicUrl", "http://fairlead.test"},
                                             {"version", "1.2.3"},
                                             {"payloadMaxBytes", 1024},
                                             {"requestTimeoutSeconds", 60},
                                             {"trustedProxies", Json::array()},
                                             {"allowedPrivate", Json::array()},
                                             {"allowedHttp", Json::array()}})},
      .secrets = {.stored = secrets, .all = secrets},
      .key = {.rotation = rotation},
      .session = {.guard = guard(),
                  .people = people,
                  .gitlab_ways = [this] { return gitlab_ways(openid); }},
      .audit = {.store = store->audit()},
      .openid = openid,
      .turns = turns,
      .idempotency = idempotency,
      .meter = meter,
      .log = *log,
      .version = "1.2.3",
      .started_at = clock.now(),
      .store_bytes = [] { return std::uintmax_t{4096}; }};
}

std::string World::token_of(access::Role role) {
  auto& text = token_texts[role];
  if (text.empty())
    text = tokens.create(std::string(access::to_string(role)), role, std::nullopt)->reveal();
  return text;
}

net::ServerResponse World::call(Ask ask) {
  net::ServerRequest request;
  request.method = ask.method;
  request.target = ask.target;
  request.headers = ask.headers;
  request.body = ask.body;
  request.peer = "192.0.2.7:54321";
  std::string const path = ask.target.substr(0, ask.target.find('?'));
  if (path.size() < ask.target.size())
    request.query = net::decode_query(ask.target.substr(path.size() + 1));
  if (ask.as == Ask::As::org_admin && !request.headers.contains("Authorization"))
    request.headers.add("Authorization", "Bearer " + token_of(access::Role::org_admin));
  net::Route const* best = nullptr;
  auto const routes = make_routes(parts());
  for (auto const& route : routes) {
    auto params = match(route.pattern, path);
    if (!params || route.method != ask.method) continue;
    if (best != nullptr && params->size() >= request.params.size()) continue;
    best = &route;
    request.params = *params;
  }
  if (best == nullptr)
    return answered_elsewhere(
        no_such_route, {.meter = meter, .clock = clock, .random = random, .log = *log})(request);
  auto response = best->handler(request);
  expect_described(*best, request, response);
  return response;
}

net::ServerResponse World::get(std::string target) { return call({.target = std::move(target)}); }

net::ServerResponse World::post(std::string target, Json const& body) {
  return call({.method = net::Method::post,
               .target = std::move(target),
               .body = body.dump(),
               .headers = {{"Content-Type", "application/json"}}});
}

net::ServerResponse World::visit(std::string target, std::string cookie) {
  net::Headers headers{{"Authorization", ""}};
  if (!cookie.empty()) headers.add("Cookie", cookie);
  return call({.target = std::move(target), .headers = headers});
}

Json World::json_of(net::ServerResponse const& response) {
  auto json = Json::parse(response.body);
  EXPECT_TRUE(json.ok()) << response.body;
  return json.ok() ? *json : Json();
}

void World::append(RunId const& id, std::string const& status) {
  auto run = store->runs().get(id);
  ASSERT_TRUE(run.ok());
  store::RunChange change;
  change.expected_seq = run->last_seq;
  change.run = *run;
  change.run.status = status;
  change.run.last_seq += 1;
  if (status == "completed") change.run.ended_at = clock.now();
  change.journal.push_back({.seq = change.run.last_seq,
                            .kind = "task-completed",
                            .task = "/do/0/a",
                            .payload = Json::object({{"name", "a"}, {"output", Json()}}),
                            .at = clock.now()});
  ASSERT_TRUE(store::commit_and_wait(store->runs(), {.runs = {change}}).ok());
}

RunId World::make_run(int entries, std::string const& status) {
  store::RunChange change;
  change.run.id = RunId(uuid7(random, clock.now()));
  change.run.workflow_namespace = "tests";
  change.run.workflow_name = "w";
  change.run.workflow_version = "1.0.0";
  change.run.status = status;
  change.run.cause = "a test";
  change.run.last_seq = entries;
  change.run.started_at = clock.now();
  if (status == "completed") change.run.ended_at = clock.now();
  Json const completed = Json::object({{"name", "a"}, {"output", Json()}});
  Json const started = Json::object({{"journalVersion", 1},
                                     {"namespace", "tests"},
                                     {"name", "w"},
                                     {"version", "1.0.0"},
                                     {"input", Json()},
                                     {"cause", "a test"},
                                     {"seed", 1}});
  for (int i = 1; i <= entries; ++i)
    change.journal.push_back({.seq = i,
                              .kind = i == 1 ? "run-started" : "task-completed",
                              .task = "",
                              .payload = i == 1 ? started : completed,
                              .at = clock.now()});
  EXPECT_TRUE(store::commit_and_wait(store->runs(), {.runs = {change}}).ok());
  return change.run.id;
}

}  // namespace fairlead::api::testing_support
