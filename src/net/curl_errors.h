// What a failed curl transfer means, in words for people and as the Error kinds that net/http.h
// promises.
//
// Pure: all that curl knows about the failure comes in as one value, so every case is a line in a
// table test. The texts hold the origin, never path, query, body or credentials. Any thread.
#pragma once

#include <string>

#include "net/http.h"
#include "net/url.h"

namespace fairlead::net {

struct CurlFailure {
  int code{0};               // CURLcode
  std::string text;          // curl's own words (CURLOPT_ERRORBUFFER)
  long os_error{0};          // errno of the failed connect
  long verify_result{0};     // X509_V_ERR_..., 0 if the chain was fine
  long proxy_status{0};      // the proxy's answer to CONNECT
  Milliseconds patience{0};  // the time-out that was set
  bool sent{false};          // at least one byte of the request went out
  bool greeted{false};       // the TCP connection stood and our side of TLS began
  bool connected{false};     // connection (and TLS) stood
  bool answered{false};      // a status line came back
  bool resent{false};        // curl wanted to send an unsafe request a second time; we stopped it
  bool forbidden_address{false};
  bool body_too_large{false};
  bool head_too_large{false};
  bool stopped{false};  // the caller's on_body had enough
  bool cancelled{false};
};

Error describe_failure(CurlFailure const& failure, HttpRequest const& request, Url const& url);

}  // namespace fairlead::net
