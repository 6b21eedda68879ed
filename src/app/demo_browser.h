// A person at a browser, for the demo: follows redirects, keeps cookies, fills in forms.
//
// Enough of a browser to go through the sandbox's real sign-in and consent pages over HTTP. Only
// for pages we know: it reads forms by their tags and runs no script. One thread; blocking.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace fairlead::app {

struct Page {
  int status{0};
  std::string url;
  std::string html;
};

class DemoBrowser final {
 public:
  explicit DemoBrowser(net::HttpTransport& transport) : transport_(transport) {}

  // Follows at most 10 redirects.
  Result<Page> open(std::string const& url);
  // Sends the page's form of that id, with its hidden fields and these values.
  using Values = std::map<std::string, std::string>;
  Result<Page> submit(Page const& page, std::string const& form_id, Values const& values);

 private:
  Result<Page> send(net::HttpRequest request);
  void keep_cookies(std::string const& origin, net::HttpResponse const& response);
  std::string cookies_for(std::string const& origin) const;

  net::HttpTransport& transport_;
  std::map<std::pair<std::string, std::string>, std::string> cookies_;  // (origin, name) -> value
};

}  // namespace fairlead::app
