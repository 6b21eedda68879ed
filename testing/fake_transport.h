// FakeTransport: the outside world of a test, as a script of expected requests and their answers.
//
//   FakeTransport gitlab;
//   gitlab.on(net::Method::post, "https://gitlab.test/api/v4/projects/1/issues")
//       .with_json(Json::object({{"title", "Boom"}})).answer_json(201, issue);
//
// A request that was not expected fails the test and says what came; an exchange nobody used fails
// it at the end. Requests are matched in written order, or in any order if asked for. Thread-safe
// once it is set up.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace fairlead::testing {

// One expected request and what it is answered with. What is not said is not compared.
class Exchange {
 public:
  Exchange(net::Method method, std::string url);

  // The body as JSON: member order and spacing do not matter.
  Exchange& with_json(Json body);
  // The body byte for byte.
  Exchange& with_body(std::string body);
  Exchange& with_header(std::string name, std::string value);
  // The whole value: "Bearer ...". "" means that none may be sent.
  Exchange& with_authorization(std::string value);

  // Answers 200 with an empty body if none of these is called.
  Exchange& answer(net::HttpResponse response);
  Exchange& answer_json(int status, Json const& body, net::Headers headers = {});
  Exchange& fail(Error error);
  // Called while the request is answered, on the sender's thread: to advance a clock, say.
  Exchange& then(std::function<void()> effect);

 private:
  friend class FakeTransport;
  // "" if the request is this one, else what differs.
  [[nodiscard]] std::string difference(net::HttpRequest const& request) const;

  net::Method method_;
  std::string url_;
  std::optional<Json> json_;
  std::optional<std::string> body_;
  std::vector<net::Header> headers_;
  std::optional<std::string> authorization_;
  std::optional<Error> error_;
  net::HttpResponse response_;
  std::function<void()> effect_;
  bool used_{false};
};

class FakeTransport final : public net::HttpTransport {
 public:
  enum class Order { as_written, any };

  explicit FakeTransport(Order order = Order::as_written) : order_(order) {}
  FakeTransport(FakeTransport const&) = delete;
  FakeTransport& operator=(FakeTransport const&) = delete;
  // Fails the test for every exchange that was not used.
  ~FakeTransport() override;

  // The reference stays good until destruction.
  Exchange& on(net::Method method, std::string url);
  // Fails the test on an unexpected request and answers it with Error internal.
  Result<net::HttpResponse> send(net::HttpRequest const& request) override;
  // All requests so far, expected or not.
  [[nodiscard]] std::vector<net::HttpRequest> sent() const;
  // Forgets exchanges that were not used, without failing.
  void forget_unused();

 private:
  // The exchange for this request, or nullptr with the reason appended to `why`.
  Exchange* match(net::HttpRequest const& request, std::string& why);

  Order const order_;
  mutable std::mutex mutex_;
  std::deque<Exchange> exchanges_;
  std::vector<net::HttpRequest> sent_;
};

}  // namespace fairlead::testing
