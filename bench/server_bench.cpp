// The whole server against the sandbox, over real HTTP on loopback: how many actions and how many
// whole incident runs a second, beside the limit measured in the same run (the same request sent to
// the sandbox directly, with the same client).
#include <benchmark/benchmark.h>

#include <atomic>
#include <filesystem>

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
  std::atomic<std::int64_t> events{0};

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
  std::int64_t completed() const {
    net::HttpRequest list;
    list.url = server->url() + "/api/v1/runs?status=pending&status=running&status=waiting&limit=1";
    list.authorization = Secret("Bearer " + std::string(admin.reveal()));
    auto answer = transport->send(list);
    FAIRLEAD_ASSERT(answer.ok() && answer->status == 200, "runs can be listed");
    return static_cast<std::int64_t>((*Json::parse(answer->body))["items"].size());
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

// Events as fast as they are accepted, then until every run has ended; items are whole runs.
void incident_runs(benchmark::State& state) {
  Pair& pair = world();
  auto const batch = static_cast<int>(state.range(0));
  for (auto _ : state) {
    for (int sent = 0; sent < batch; sent += 100) {
      Json events = Json::array();
      for (int i = sent; i < std::min(sent + 100, batch); ++i)
        events.push_back(Json::object({{"specversion", "1.0"},
                                       {"id", std::to_string(++pair.events)},
                                       {"source", "/bench"},
                                       {"type", "bench.incident"},
                                       {"data", Json::object({{"title", "Disk full"}})}}));
      net::HttpRequest wanted = pair.request("/api/v1/events");
      wanted.headers.set("Content-Type", "application/cloudevents-batch+json");
      wanted.body = events.dump();
      Pair::must(pair.transport->send(wanted), 202);
    }
    while (pair.completed() != 0)
      pair.pause.wait(Milliseconds(5));
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK(incident_runs)->Arg(1'000)->Iterations(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace fairlead

int main(int argc, char** argv) {
  if (auto helper = fairlead::expression::run_as_jq_helper(argc, argv)) return *helper;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
