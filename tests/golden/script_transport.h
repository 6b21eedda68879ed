// ScriptTransport: answers in the order of a golden case and writes down what was asked.
//
// Unlike FakeTransport it does not judge: the runner compares the requests as texts, so that a case
// can be rewritten from what really happened. A request beyond the script is answered with Error
// internal and shows in the list. One thread.
#pragma once

#include <string>
#include <vector>

#include "tests/golden/case.h"

namespace fairlead::golden {

class ScriptTransport final : public net::HttpTransport {
 public:
  explicit ScriptTransport(std::vector<Exchange> const& script) : script_(script) {}

  Result<net::HttpResponse> send(net::HttpRequest const& request) override {
    std::size_t const at = sent_.size();
    sent_.push_back(request_text(request));
    if (at < script_.size()) return response_of(script_[at].response);
    return make_error(ErrorKind::internal, "the golden case has no answer to " + sent_.back());
  }
  [[nodiscard]] std::vector<std::string> const& sent() const { return sent_; }

 private:
  std::vector<Exchange> const& script_;
  std::vector<std::string> sent_;
};

}  // namespace fairlead::golden
