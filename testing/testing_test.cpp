// The fakes must fail where they promise to: a fake that cannot fail makes every test that uses it
// worthless.
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "testing/fake_transport.h"
#include "testing/files.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::testing {
namespace {

using ::testing::HasSubstr;

TEST(VirtualClock, moves_only_when_told) {
  VirtualClock clock;
  Time const start = clock.now();
  Milliseconds const steady = clock.steady();
  EXPECT_EQ(format_time(start), "2026-11-22T12:00:00.000Z");
  clock.advance(Milliseconds(1'500));
  EXPECT_EQ(clock.now() - start, Milliseconds(1'500));
  EXPECT_EQ(clock.steady() - steady, Milliseconds(1'500));
  clock.set_now(start);
  EXPECT_EQ(clock.now(), start);
  EXPECT_EQ(clock.steady() - steady, Milliseconds(1'500)) << "steady time never jumps";
}

TEST(VirtualClock, is_safe_from_many_threads) {
  VirtualClock clock;
  Time const start = clock.now();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 100; ++n)
        clock.advance(Milliseconds(1));
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(clock.now() - start, Milliseconds(400));
}

TEST(SeededRandom, repeats_for_the_same_seed) {
  SeededRandom a(1);
  SeededRandom b(1);
  SeededRandom c(2);
  std::string const first = random_hex(a, 20);
  EXPECT_EQ(first, random_hex(b, 20));
  EXPECT_NE(first, random_hex(c, 20));
  EXPECT_NE(first, random_hex(a, 20));
}

net::HttpRequest post(std::string url, std::string body) {
  net::HttpRequest request;
  request.method = net::Method::post;
  request.url = std::move(url);
  request.body = std::move(body);
  request.headers.add("Content-Type", "application/json");
  request.authorization = Secret("Bearer t");
  return request;
}

TEST(FakeTransport, answers_the_expected_request) {
  FakeTransport transport;
  bool told = false;
  transport.on(net::Method::post, "https://g.test/a")
      .with_json(*Json::parse(R"({"a":1,"b":2})"))
      .with_header("content-type", "application/json")
      .with_authorization("Bearer t")
      .then([&] { told = true; })
      .answer_json(201, Json::object({{"id", 1}}));
  transport.on(net::Method::post, "https://g.test/b")
      .with_body("x")
      .fail(make_error(ErrorKind::uncertain, "reset"));
  auto const first = transport.send(post("https://g.test/a", R"({"b": 2, "a": 1})"));
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(told);
  EXPECT_EQ(first->status, 201);
  EXPECT_EQ(first->body, R"({"id":1})");
  EXPECT_EQ(first->headers.get("Content-Type"), "application/json");
  EXPECT_EQ(first->effective_url, "https://g.test/a");
  EXPECT_EQ(transport.send(post("https://g.test/b", "x")).error().kind, ErrorKind::uncertain);
  EXPECT_EQ(transport.sent().size(), 2U);
}

// Each of these requests differs from the expected one in one thing.
TEST(FakeTransport, fails_on_an_unexpected_request_and_says_what_came) {
  struct Case {
    net::HttpRequest request;
    char const* says;
  };
  std::string const url = "https://g.test/a";
  net::HttpRequest get = post(url, "{\"a\":1}");
  get.method = net::Method::get;
  net::HttpRequest no_header = post(url, "{\"a\":1}");
  no_header.headers = {};
  net::HttpRequest other_token = post(url, "{\"a\":1}");
  other_token.authorization = Secret("Bearer other-token");
  for (auto const& [request, says] : {
           Case{get, "expected POST https://g.test/a"},
           Case{post(url + "?x=1", "{\"a\":1}"), "unexpected request: POST https://g.test/a?x=1"},
           Case{post(url, "{\"a\":2}"), "expected the JSON body {\"a\":1}"},
           Case{post(url, "no json"), "expected the JSON body {\"a\":1}"},
           Case{no_header, "expected the header Content-Type: application/json"},
           Case{other_token, "expected another Authorization"},
       }) {
    FakeTransport transport;
    transport.on(net::Method::post, url)
        .with_json(Json::object({{"a", 1}}))
        .with_header("Content-Type", "application/json")
        .with_authorization("Bearer t");
    ::testing::TestPartResultArray failures;
    {
      ::testing::ScopedFakeTestPartResultReporter const reporter(
          ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &failures);
      EXPECT_FALSE(transport.send(request).ok());
    }
    transport.forget_unused();
    ASSERT_EQ(failures.size(), 1);
    EXPECT_THAT(failures.GetTestPartResult(0).message(), HasSubstr(says));
    EXPECT_THAT(failures.GetTestPartResult(0).message(), ::testing::Not(HasSubstr("other-token")));
  }
}

TEST(FakeTransport, fails_when_nothing_is_expected_any_more) {
  EXPECT_NONFATAL_FAILURE(
      {
        FakeTransport transport;
        static_cast<void>(transport.send(post("https://g.test/a", "")).ok());
      },
      "no request was expected any more");
}

TEST(FakeTransport, fails_on_an_exchange_that_nobody_used) {
  EXPECT_NONFATAL_FAILURE(
      {
        FakeTransport transport;
        transport.on(net::Method::get, "https://g.test/never");
      },
      "never requested: GET https://g.test/never");
}

TEST(FakeTransport, keeps_the_order_unless_any_is_asked_for) {
  FakeTransport any(FakeTransport::Order::any);
  any.on(net::Method::post, "https://g.test/1");
  any.on(net::Method::post, "https://g.test/2");
  EXPECT_TRUE(any.send(post("https://g.test/2", "")).ok());
  EXPECT_TRUE(any.send(post("https://g.test/1", "")).ok());
  EXPECT_NONFATAL_FAILURE(
      {
        FakeTransport ordered;
        ordered.on(net::Method::post, "https://g.test/1");
        ordered.on(net::Method::post, "https://g.test/2");
        static_cast<void>(ordered.send(post("https://g.test/2", "")).ok());
        ordered.forget_unused();
      },
      "expected POST https://g.test/1");
}

TEST(Files, temporary_folder_goes_away) {
  std::filesystem::path path;
  {
    TemporaryFolder const folder;
    path = folder.path();
    write_file(path / "deep" / "file", "x");
    EXPECT_EQ(read_file(path / "deep" / "file"), "x");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(read_file(path).has_value());
}

TEST(Files, finds_the_repository) {
  EXPECT_TRUE(std::filesystem::exists(repository_root() / "layers.txt"));
  EXPECT_EQ(shared_folder().has_value(),
            std::filesystem::is_directory(repository_root().parent_path() / "shared"));
}

TEST(Files, golden_files_show_what_differs) {
  TemporaryFolder const folder;
  static std::filesystem::path file;  // EXPECT_NONFATAL_FAILURE sees no locals
  file = folder.path() / "golden.txt";
  EXPECT_NONFATAL_FAILURE(expect_golden("x", file), "missing golden file");
  write_file(file, "one\ntwo\nthree\n");
  expect_golden("one\ntwo\nthree\n", file);
  EXPECT_NONFATAL_FAILURE(expect_golden("one\n2\nthree\n", file), " one\n-two\n+2\n three\n");
  ::setenv("FAIRLEAD_UPDATE_GOLDEN", "1", 1);
  expect_golden("new\n", file);
  ::unsetenv("FAIRLEAD_UPDATE_GOLDEN");
  EXPECT_EQ(read_file(file), "new\n");
}

TEST(Files, diffs_show_only_what_is_near_a_change) {
  EXPECT_EQ(line_diff("a\nb", "a\nb"), "");
  EXPECT_EQ(line_diff("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\n5\n6\n7\n8\nx"),
            "...\n 6\n 7\n 8\n-9\n+x\n");
  EXPECT_EQ(line_diff("a", "a\nb"), " a\n+b\n");
}

}  // namespace
}  // namespace fairlead::testing
