// ServerClient: our own REST API as the commands use it.
//
// Adds the token, turns problem+json back into an Error, streams lines. Blocking; one thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/secret.h"
#include "net/http.h"

namespace fairlead::cli {

class ServerClient final {
 public:
  ServerClient(net::HttpTransport& transport, std::string base_url, Secret token,
               std::string ca_pem);

  Result<Json> get(std::string_view path);
  Result<Json> post(std::string_view path, Json const& body);
  Result<Json> remove(std::string_view path);
  // A body that is not JSON: a workflow's YAML.
  struct Text {
    std::string content_type;
    std::string body;
  };
  Result<Json> send_text(net::Method method, std::string_view path, Text const& text);
  // Calls `on_line` for each line of the answer as it arrives; false stops, which is no error.
  using OnLine = std::function<bool(std::string_view line)>;
  struct Stream {
    net::Method method{net::Method::get};
    std::string path;
    Json body;           // null: none
    std::string accept;  // "application/x-ndjson", "text/event-stream"
    std::string last_event_id;
  };
  Result<void> stream(Stream const& wanted, OnLine const& on_line);

  [[nodiscard]] std::string const& base_url() const { return base_url_; }

 private:
  net::HttpRequest request(net::Method method, std::string_view path) const;
  Result<Json> send(net::HttpRequest const& request);

  net::HttpTransport& transport_;
  std::string base_url_;
  Secret token_;
  std::string ca_pem_;
};

}  // namespace fairlead::cli
