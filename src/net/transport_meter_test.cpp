#include "net/transport_meter.h"

#include <gtest/gtest.h>

#include "testing/fake_transport.h"
#include "testing/virtual_clock.h"

namespace fairlead::net {
namespace {

// Answers with what it is told, a second later.
class Slow final : public HttpTransport {
 public:
  explicit Slow(testing::VirtualClock& clock) : clock_(clock) {}
  Result<HttpResponse> send(HttpRequest const& /*request*/) override {
    clock_.advance(Milliseconds(1'000));
    if (kind) return make_error(*kind, "no");
    HttpResponse response;
    response.status = status;
    return response;
  }
  int status{200};
  std::optional<ErrorKind> kind;

 private:
  testing::VirtualClock& clock_;
};

TEST(TransportMeter, counts_by_method_and_outcome_and_never_by_host) {
  testing::VirtualClock clock;
  Slow inner(clock);
  TransportMeter meter(inner, clock);
  HttpRequest request;
  request.url = "https://secret.example/path";
  for (int const status : {200, 204, 404, 429, 502}) {
    inner.status = status;
    EXPECT_TRUE(meter.send(request).ok());
  }
  request.method = Method::post;
  for (auto const kind : {ErrorKind::unavailable, ErrorKind::uncertain, ErrorKind::corrupt}) {
    inner.kind = kind;
    EXPECT_FALSE(meter.send(request).ok());
  }
  MetricText text;
  meter.write(text);
  std::string const name = "fairlead_outbound_requests_total";
  for (auto const* labels :
       {"{method=\"GET\",outcome=\"2xx\"} 2\n", "{method=\"GET\",outcome=\"4xx\"} 1\n",
        "{method=\"GET\",outcome=\"429\"} 1\n", "{method=\"GET\",outcome=\"5xx\"} 1\n",
        "{method=\"POST\",outcome=\"not-sent\"} 1\n", "{method=\"POST\",outcome=\"uncertain\"} 1\n",
        "{method=\"POST\",outcome=\"error\"} 1\n"})
    EXPECT_NE(text.text().find(name + labels), std::string::npos) << labels << text.text();
  EXPECT_NE(text.text().find("_sum{method=\"GET\"} 5\n"), std::string::npos) << text.text();
  EXPECT_EQ(text.text().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::net
