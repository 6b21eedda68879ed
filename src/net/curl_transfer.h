// CurlTransfer: one HTTP exchange as libcurl sees it. Internal to the curl transport.
//
// Built and read by the thread that calls send(); between start and completion it belongs to the
// curl thread, whose callbacks fill it. Keeps what is needed to tell "never sent" from "sent,
// outcome unknown". The request, whose body is not copied, must live until completion.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "net/address_list.h"
#include "net/ca_bundle.h"
#include "net/curl_errors.h"
#include "net/http.h"
#include "net/url.h"

namespace fairlead::net {

class CurlTransfer {
 public:
  struct Setup {
    HttpRequest const& request;
    Url const& url;
    std::string const& user_agent;
    Milliseconds total_timeout;
    CaBundle& certificates;
    AddressList const& allowed_private;
    std::string resolved;  // the host's address; "": by DNS
  };
  explicit CurlTransfer(Setup const& setup);
  ~CurlTransfer();
  CurlTransfer(CurlTransfer const&) = delete;
  CurlTransfer& operator=(CurlTransfer const&) = delete;

  // The CURL handle; its private pointer is this.
  [[nodiscard]] void* easy() const;
  // Curl thread: the transfer ended with this CURLcode; wakes wait().
  void complete(int curl_code);
  // Curl thread: the transport is shutting down; wakes wait().
  void cancel();
  // Caller: blocks until complete() or cancel().
  Result<HttpResponse> wait();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::net
