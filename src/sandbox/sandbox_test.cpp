#include "sandbox/sandbox.h"

#include <gtest/gtest.h>

#include "net/curl_transport.h"

namespace fairlead::sandbox {
namespace {

class SandboxTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Sandbox>> start(SandboxOptions options) {
    return Sandbox::start(std::move(options),
                          {.clock = clock, .random = random, .transport = *transport, .log = *log});
  }

  Result<net::HttpResponse> get(std::string url) {
    net::HttpRequest request;
    request.url = std::move(url);
    request.headers.add("PRIVATE-TOKEN", "glpat-sandbox-alice-api");
    return transport->send(request);
  }

  SystemClock clock;
  SystemRandom random;
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<net::HttpTransport> transport = net::make_curl_transport({});
};

TEST_F(SandboxTest, answers_over_real_http_below_its_sub_path) {
  auto box = start({.sub_path = "/gitlab"});
  ASSERT_TRUE(box.ok()) << describe(box.error());
  EXPECT_EQ((*box)->base_url(), "http://127.0.0.1:" + std::to_string((*box)->port()) + "/gitlab");
  auto const answer = get((*box)->base_url() + "/api/v4/projects/ops%2Fincidents");
  ASSERT_TRUE(answer.ok()) << describe(answer.error());
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(Json::parse(answer->body).value()["path_with_namespace"].as_string(), "ops/incidents");
}

TEST_F(SandboxTest, a_cut_answer_never_looks_whole) {
  auto box = start({});
  ASSERT_TRUE(box.ok());
  net::HttpRequest fault;
  fault.method = net::Method::post;
  fault.url = (*box)->base_url() + "/-/sandbox/faults";
  fault.headers.add("Content-Type", "application/json");
  fault.body = R"({"kind":"truncated","path":"/version"})";
  ASSERT_EQ(transport->send(fault)->status, 200);
  auto const cut = get((*box)->base_url() + "/api/v4/version");
  ASSERT_FALSE(cut.ok());
  EXPECT_EQ(cut.error().kind, ErrorKind::uncertain);
  EXPECT_EQ(get((*box)->base_url() + "/api/v4/version")->status, 200);
}

TEST_F(SandboxTest, shows_secrets_only_when_asked) {
  auto box = start({});
  ASSERT_TRUE(box.ok());
  EXPECT_EQ((*box)->welcome(Sandbox::Show::people).find("gloas-"), std::string::npos);
  EXPECT_NE((*box)->welcome(Sandbox::Show::people_and_tokens).find("glpat-sandbox-alice-api"),
            std::string::npos);
}

TEST_F(SandboxTest, refuses_an_odd_sub_path_and_a_taken_port) {
  EXPECT_FALSE(start({.sub_path = "gitlab/"}).ok());
  auto box = start({});
  ASSERT_TRUE(box.ok());
  auto const again = start({.port = (*box)->port()});
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().kind, ErrorKind::conflict);
}

}  // namespace
}  // namespace fairlead::sandbox
