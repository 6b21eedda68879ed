#include "api/metrics.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT

TEST_F(World, metrics_tell_of_connections_deliveries_and_requests) {
  store::ConnectionRecord record;
  record.id = ConnectionId("c1");
  record.name = "company";
  record.status = "needs-sign-in";
  ASSERT_TRUE(store->connections().insert(record).ok());
  get("/api/v1/runs");
  get("/api/v1/runs/none");
  get("/api/v1/runs/nobody");
  auto const answer = get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  for (auto const* line :
       {"fairlead_build_info{version=\"1.2.3\"} 1\n",
        "fairlead_connection_state{connection=\"company\",state=\"needs-sign-in\"} 1\n",
        "# TYPE fairlead_webhook_deliveries_total counter\n",
        "fairlead_webhook_deliveries_total{result=\"accepted\"} 0\n",
        "fairlead_http_requests_total{method=\"GET\",route=\"/api/v1/runs\",status=\"200\"} 1\n",
        "fairlead_http_requests_total{method=\"GET\",route=\"/api/v1/runs/{id}\",status=\"404\"} "
        "2\n"})
    EXPECT_NE(answer.body.find(line), std::string::npos) << line << answer.body;
  EXPECT_EQ(answer.body.find("nobody"), std::string::npos) << "no series for each id";
  EXPECT_EQ(visit("/metrics").status, 401);
}

TEST_F(World, metrics_name_only_connections_that_the_caller_may_use) {
  store::ConnectionRecord record;
  record.id = ConnectionId("c1");
  record.name = "secret-place";
  record.status = "active";
  record.settings = Json::object({{"minimumRole", "author"}});
  ASSERT_TRUE(store->connections().insert(record).ok());
  auto const viewer =
      call({.target = "/metrics",
            .headers = {{"Authorization", "Bearer " + token_of(access::Role::viewer)}}});
  EXPECT_EQ(viewer.status, 200);
  EXPECT_EQ(viewer.body.find("secret-place"), std::string::npos) << viewer.body;
  EXPECT_NE(get("/metrics").body.find("secret-place"), std::string::npos);
}

TEST_F(World, metrics_count_what_the_engine_did) {
  auto const before = get("/metrics").body;
  EXPECT_NE(before.find("fairlead_engine_steps_total 0\n"), std::string::npos) << before;
  constexpr std::string_view text =
      "document: {dsl: 1.0.3, namespace: n, name: w, version: 1.0.0}\ndo: [{a: {set: {x: 1}}}]\n";
  ASSERT_EQ(call({.method = net::Method::post,
                  .target = "/api/v1/workflows",
                  .body = std::string(text),
                  .headers = {{"Content-Type", "application/yaml"}}})
                .status,
            201);
  ASSERT_EQ(post("/api/v1/workflows/n/w/run", Json::object()).status, 201);
  engine.run_until_idle();
  auto const after = get("/metrics").body;
  EXPECT_EQ(after.find("fairlead_engine_steps_total 0\n"), std::string::npos) << after;
  for (auto const* line :
       {"fairlead_store_changes_total 0\n", "# TYPE fairlead_timer_lag_seconds histogram\n",
        "fairlead_runs_started_total 1\n", "fairlead_runs_ended_total{outcome=\"completed\"} 1\n",
        "fairlead_runs_ended_total{outcome=\"faulted\"} 0\n"})
    EXPECT_NE(after.find(line), std::string::npos) << line << after;
}

TEST(RequestMeter, keeps_a_cumulative_histogram_by_route) {
  RequestMeter meter;
  auto& series = meter.series("GET", "/x");
  EXPECT_EQ(&series, &meter.series("GET", "/x"));
  for (int const milliseconds : {1, 60, 700, 61'000})
    series.count(200, Milliseconds(milliseconds));
  meter.series("GET", "/never asked");
  MetricText out;
  meter.write(out);
  auto const text = out.text();
  std::string const name = "fairlead_http_request_duration_seconds";
  for (auto const& [bound, count] : {std::pair{"0.005", 1},
                                     {"0.05", 1},
                                     {"0.1", 2},
                                     {"0.5", 2},
                                     {"1", 3},
                                     {"60", 3},
                                     {"+Inf", 4}})
    EXPECT_NE(text.find(name + "_bucket{method=\"GET\",route=\"/x\",le=\"" + bound + "\"} " +
                        std::to_string(count) + "\n"),
              std::string::npos)
        << bound << text;
  EXPECT_NE(text.find(name + "_count{method=\"GET\",route=\"/x\"} 4\n"), std::string::npos);
  EXPECT_NE(text.find(name + "_sum{method=\"GET\",route=\"/x\"} 61.761\n"), std::string::npos);
  EXPECT_EQ(text.find("never"), std::string::npos) << text;
}

TEST(RequestMeter, a_status_that_is_none_of_ours_is_counted_as_another) {
  RequestMeter meter;
  auto& series = meter.series("GET", "/x");
  for (int const status : {100, 200, 418, 504, 599})
    series.count(status, Milliseconds(1));
  MetricText out;
  meter.write(out);
  for (auto const* line : {"status=\"200\"} 1\n", "status=\"504\"} 1\n", "status=\"other\"} 3\n"})
    EXPECT_NE(out.text().find(line), std::string::npos) << line << out.text();
}

}  // namespace
}  // namespace fairlead::api
