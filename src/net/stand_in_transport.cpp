#include "net/stand_in_transport.h"

#include "net/address_policy.h"
#include "net/redirect.h"
#include "net/url.h"

namespace fairlead::net {
namespace {

class StandInTransport final : public HttpTransport {
 public:
  StandInTransport(HttpTransport& transport, StandIns hosts)
      : transport_(transport), hosts_(std::move(hosts)) {}

  // Redirects are followed here, since each hop needs its own stand-in.
  Result<HttpResponse> send(HttpRequest const& request) override {
    HttpRequest current = request;
    for (int hop = 0;; ++hop) {
      FAIRLEAD_TRY(auto response, send_once(current));
      if (request.redirects_max <= 0) return response;
      FAIRLEAD_TRY(auto next, next_hop(current, response));
      if (!next) return response;
      if (hop == request.redirects_max)
        return make_error(ErrorKind::corrupt, "The request was redirected too often.");
      current = *std::move(next);
    }
  }

 private:
  Result<HttpResponse> send_once(HttpRequest request) {
    request.redirects_max = 0;
    FAIRLEAD_TRY(auto const url, parse_url(request.url));
    bool const refused_below = request.address_policy == HttpRequest::AddressPolicy::public_only &&
                               is_forbidden_host(url.host);
    if (refused_below || url.host == "127.0.0.1" || url.host == "localhost" || url.host == "::1")
      return transport_.send(request);
    auto const found = hosts_.find(url.host);
    if (found == hosts_.end()) {
      auto error = make_error(ErrorKind::unavailable,
                              "Could not connect to " + url.origin() + ": it has no stand-in.");
      error.where = url.origin();
      error.remedy = "Give the host a loopback stub.";
      return error;
    }
    Url target = url;
    target.fragment.clear();
    std::string const shown = target.to_string();
    FAIRLEAD_TRY(auto const stub, parse_url("http://" + found->second));
    target.scheme = "http";
    target.host = stub.host;
    target.port = stub.port;
    request.url = target.to_string();
    request.headers.set("Host", url.origin().substr(url.scheme.size() + 3));
    request.address_policy = HttpRequest::AddressPolicy::any;
    request.proxy.clear();
    FAIRLEAD_TRY(auto response, transport_.send(request));
    response.effective_url = shown;
    return response;
  }

  HttpTransport& transport_;
  StandIns const hosts_;
};

}  // namespace

std::unique_ptr<HttpTransport> make_stand_in_transport(HttpTransport& transport, StandIns hosts) {
  return std::make_unique<StandInTransport>(transport, std::move(hosts));
}

}  // namespace fairlead::net
