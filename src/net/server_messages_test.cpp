#include <gtest/gtest.h>

#include "net/http_server.h"
#include "net/response_head.h"
#include "net/server_stream.h"

namespace fairlead::net {
namespace {

TEST(ServerRequest, reads_query_and_cookies) {
  ServerRequest request;
  request.query = {{"page", "2"}, {"page", "3"}};
  request.headers = {{"Cookie", "a=1; session=\"x=y\"; b"}, {"cookie", "late=z"}};
  EXPECT_EQ(request.query_value("page"), "2");
  EXPECT_EQ(request.query_value("pages"), "");
  EXPECT_EQ(request.cookie("a"), "1");
  EXPECT_EQ(request.cookie("session"), "x=y");
  EXPECT_EQ(request.cookie("late"), "z");
  EXPECT_EQ(request.cookie("b"), "");
  EXPECT_EQ(request.cookie("ession"), "");
}

TEST(ServerSentEvent, splits_data_into_lines_and_cannot_be_broken_out_of) {
  EXPECT_EQ(encode_sse("7", "step", "a\nb\r\nc\rd"),
            "id: 7\nevent: step\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(encode_sse("", "", ""), "data: \n\n");
  EXPECT_EQ(encode_sse("1\ndata: evil", "x\r\n\r\n", "y"),
            "id: 1data: evil\nevent: x\ndata: y\n\n");
}

TEST(ResponseHead, writes_the_servers_own_headers_and_keeps_handlers_from_breaking_the_message) {
  ServerResponse response;
  response.headers = {{"X-A", "1"},
                      {"Content-Length", "999"},
                      {"transfer-encoding", "x"},
                      {"X-B", "2\r\nEvil: 1"},
                      {"Ev\nil", "1"},
                      {"connection", "close"}};
  response.body = "hello";
  auto const head = encode_head(response, {.server_name = "S", .date = "D"});
  EXPECT_EQ(head, "HTTP/1.1 200 OK\r\nX-A: 1\r\nDate: D\r\nServer: S\r\nContent-Length: 5\r\n\r\n");
}

TEST(ResponseHead, says_how_the_body_ends) {
  auto const head = [](HeadOptions options) { return encode_head(ServerResponse{}, options); };
  EXPECT_NE(head({.framing = Framing::chunked}).find("Transfer-Encoding: chunked\r\n"),
            std::string::npos);
  EXPECT_EQ(head({.framing = Framing::none}).find("Content-Length"), std::string::npos);
  EXPECT_NE(head({.keep_alive = false}).find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(head({.http_1_0 = true}).find("Connection: keep-alive\r\n"), std::string::npos);
}

TEST(HttpDate, is_the_fixed_form) {
  EXPECT_EQ(http_date(from_epoch_ms(784'111'777'000)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(from_epoch_ms(1'709'164'800'999)), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(ServerStream, buffers_up_to_its_limit_then_gives_up) {
  int woken = 0;
  ServerStream stream(10, [&] { ++woken; });
  EXPECT_TRUE(stream.write("12345"));
  EXPECT_TRUE(stream.write("67890"));
  EXPECT_EQ(woken, 1) << "one wake-up until the connection comes";
  EXPECT_EQ(stream.take().bytes, "1234567890");
  EXPECT_FALSE(stream.write("x")) << "what is being sent still counts";
  EXPECT_FALSE(stream.open());
  EXPECT_TRUE(stream.take().overflowed);
}

TEST(ServerStream, outlives_its_connection) {
  int woken = 0;
  ServerStream stream(10, [&] { ++woken; });
  stream.detach();
  EXPECT_FALSE(stream.write("x"));
  EXPECT_FALSE(stream.wait_below(0, Milliseconds(0)));
  stream.close();
  EXPECT_EQ(woken, 0);
}

TEST(ServerStream, lets_a_fast_writer_wait_for_its_client) {
  ServerStream stream(10, [] {});
  EXPECT_TRUE(stream.write("12345"));
  EXPECT_FALSE(stream.wait_below(4, Milliseconds(1)));
  EXPECT_TRUE(stream.wait_below(5, Milliseconds(1)));
  (void)stream.take();
  EXPECT_FALSE(stream.wait_below(0, Milliseconds(1))) << "taken is not yet sent";
  (void)stream.take();
  EXPECT_TRUE(stream.wait_below(0, Milliseconds(1)));
}

}  // namespace
}  // namespace fairlead::net
