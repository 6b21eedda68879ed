// The whole server against the sandbox, over real HTTP on loopback: how many actions and how many
// whole incident runs a second, beside the limit measured in the same run (the same request sent to
// the sandbox directly, with the same client).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "app/files.h"
#include "app/server_app.h"
#include "base/pause.h"
#include "base/text.h"
#include "expression/jq_helper.h"
#include "net/curl_transport.h"
#include "sandbox/sandbox.h"
#include "testing/files.h"

namespace fairlead {
namespace {

constexpr std::string_view incident_workflow = R"(document:
  dsl: '1.0.3'
  namespace: bench
  name: incident
  version: '1.0.0'
schedule: {on: {one: {with: {type: bench.incident}}}, read: data}
input: {from: '${ .[0] }'}
do:
- open:
    call: create-issue:1.0.0@gitlab
    with: {project: ops/incidents, title: '${ .title }', labels: [incident]}
    export: {as: '$context + {iid: .iid}'}
- trigger:
    call: trigger-pipeline:1.0.0@gitlab
    with: {project: ops/runbooks, ref: main}
- look:
    call: get-pipeline:1.0.0@gitlab
    with: {project: ops/runbooks, pipeline: '${ .id }'}
- close:
    call: update-issue:1.0.0@gitlab
    with: {project: ops/incidents, iid: '${ $context.iid }', status: closed}
)";

// A server and a sandbox in this process, connected by an access token.
struct Pair {
  SystemClock clock;
  SystemRandom random;
  InterruptiblePause pause;
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<net::HttpTransport> transport = net::make_curl_transport({});
  testing::TemporaryFolder folder;
  std::unique_ptr<app::ServerApp> server;
  std::unique_ptr<sandbox::Sandbox> box;
  Secret admin;
  std::int64_t events{0};
  std::map<std::int64_t, Time> sent;  // by the event's number

  Pair() {
    sandbox::SandboxOptions options;
    options.pipeline_run_time = Milliseconds(1);
    options.pipelines_per_minute = 0;
    options.worker_threads = 8;
    box = *sandbox::Sandbox::start(
        options, {.clock = clock, .random = random, .transport = *transport, .log = *log});
    server = *app::ServerApp::start({.data = folder.path(), .tls_key_pem = {}}, *log);
    admin = Secret(std::string(trim(*app::read_small_file(server->token_file()))));
    must(post("/api/v1/connections", Json::object({{"baseUrl", box->base_url()},
                                                   {"accessToken", "glpat-sandbox-alice-api"}})),
         201);
    net::HttpRequest publish = request("/api/v1/workflows");
    publish.body = incident_workflow;
    publish.headers.set("Content-Type", "application/yaml");
    must(transport->send(publish), 201);
  }

  net::HttpRequest request(std::string const& path) const {
    net::HttpRequest request;
    request.method = net::Method::post;
    request.url = server->url() + path;
    request.authorization = Secret("Bearer " + std::string(admin.reveal()));
    request.headers.add("Content-Type", "application/json");
    return request;
  }
  Result<net::HttpResponse> post(std::string const& path, Json const& body) const {
    net::HttpRequest wanted = request(path);
    wanted.body = body.dump();
    return transport->send(wanted);
  }
  static void must(Result<net::HttpResponse> const& response, int status) {
    FAIRLEAD_ASSERT(response.ok() && response->status == status, "the benchmark's set-up works");
  }
  // Sends `count` incidents in one request and notes when.
  void send_incidents(int count) {
    Json batch = Json::array();
    for (int i = 0; i < count; ++i)
      batch.push_back(Json::object({{"specversion", "1.0"},
                                    {"id", std::to_string(++events)},
                                    {"source", "/bench"},
                                    {"type", "bench.incident"},
                                    {"data", Json::object({{"title", "Disk full"}})}}));
    net::HttpRequest wanted = request("/api/v1/events");
    wanted.headers.set("Content-Type", "application/cloudevents-batch+json");
    wanted.body = batch.dump();
    Time const at = clock.now();
    auto const answer = transport->send(wanted);
    must(answer, 202);
    Json const accepted = *Json::parse(answer->body);
    for (auto const& each : accepted["accepted"].items())
      sent.emplace(each["seq"].as_integer(), at);
  }
  Json get(std::string const& path) const {
    net::HttpRequest wanted;
    wanted.url = server->url() + path;
    wanted.authorization = Secret("Bearer " + std::string(admin.reveal()));
    auto answer = transport->send(wanted);
    FAIRLEAD_ASSERT(answer.ok() && answer->status == 200, "the API answers");
    return *Json::parse(answer->body);
  }
  void wait_for_all_runs() {
    while (
        get("/api/v1/runs?status=pending&status=running&status=waiting&limit=1")["items"].size() !=
        0)
      pause.wait(Milliseconds(5));
  }
  // From sending an event to the end of its run, in ms, sorted; forgets the events.
  std::vector<double> times() {
    std::vector<double> all;
    std::string cursor;
    do {
      Json const page = get("/api/v1/runs?limit=500" + (cursor.empty() ? "" : "&cursor=" + cursor));
      for (auto const& run : page["items"].items()) {
        FAIRLEAD_ASSERT(run["status"].as_string() == "completed", "every run completes");
        auto const found = sent.find(run["eventSeq"].as_integer());
        if (found == sent.end()) continue;
        std::chrono::duration<double, std::milli> const took =
            *parse_time(run["endedAt"].as_string()) - found->second;
        all.push_back(took.count());
        sent.erase(found);
      }
      cursor = page["nextCursor"].string_or("");
    } while (!cursor.empty() && !sent.empty());
    FAIRLEAD_ASSERT(sent.empty(), "every event has its run");
    std::sort(all.begin(), all.end());
    return all;
  }
};

Pair& world() {
  static Pair pair;
  return pair;
}

void sandbox_directly(benchmark::State& state) {
  Pair& pair = world();
  net::HttpRequest get;
  get.url = pair.box->base_url() + "/api/v4/projects/ops%2Fincidents";
  get.authorization = Secret("Bearer glpat-sandbox-alice-api");
  for (auto _ : state)
    Pair::must(pair.transport->send(get), 200);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(sandbox_directly)->Threads(1)->Threads(16)->Threads(64)->UseRealTime();

void run_get_project(benchmark::State& state) {
  Pair& pair = world();
  Json const body = Json::object({{"input", Json::object({{"project", "ops/incidents"}})}});
  for (auto _ : state)
    Pair::must(pair.post("/api/v1/actions/gitlab.get-project/run", body), 200);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(run_get_project)->Threads(1)->Threads(16)->Threads(64)->UseRealTime();

void report_times(benchmark::State& state, Pair& pair) {
  auto const times = pair.times();
  state.counters["p50_ms"] = times[times.size() / 2];
  state.counters["p99_ms"] = times[times.size() * 99 / 100];
}

// Events as fast as they are accepted, then until every run has ended; items are whole runs.
void incident_runs(benchmark::State& state) {
  Pair& pair = world();
  auto const batch = static_cast<int>(state.range(0));
  for (auto _ : state) {
    for (int left = batch; left > 0; left -= 100)
      pair.send_incidents(100);
    pair.wait_for_all_runs();
  }
  state.SetItemsProcessed(state.iterations() * batch);
  report_times(state, pair);
}
BENCHMARK(incident_runs)->Arg(1'000)->Iterations(2)->Unit(benchmark::kMillisecond)->UseRealTime();

// One event each few milliseconds: how long a run takes while there is room.
void incident_at_a_pace(benchmark::State& state) {
  Pair& pair = world();
  Milliseconds const gap(1'000 / state.range(0));
  for (auto _ : state) {
    pair.send_incidents(1);
    pair.pause.wait(gap);
  }
  pair.wait_for_all_runs();
  state.SetItemsProcessed(state.iterations());
  report_times(state, pair);
}
BENCHMARK(incident_at_a_pace)
    ->Arg(100)
    ->Iterations(500)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace fairlead

int main(int argc, char** argv) {
  if (auto helper = fairlead::expression::run_as_jq_helper(argc, argv)) return *helper;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
