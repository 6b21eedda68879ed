// Doctor: what is wrong with a connection, step by step, each with its own fault and fix.
//
// The checklist behind "Test connection" and `fairlead connection test`: name (DNS), connection
// (TCP), certificate (TLS), GitLab's API at this URL, the OAuth application, the redirect URI, the
// token, version, scopes, the role in a sample group, room in the rate limit, whether GitLab's
// webhooks reach us. A fault of the way is never shown as one of the token. Reads only (but for the
// trial of an application with a code that cannot be right). Blocks on GitLab; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "connection/connections.h"
#include "connection/server_look.h"
#include "net/shown_certificates.h"
#include "store/webhooks.h"

namespace fairlead::connection {

struct DoctorStep {
  std::string id;     // "dns", "tcp", "tls", "server", ...
  std::string title;  // for people
  enum class State { ok, failed, warning, skipped } state{State::ok};
  std::string detail;  // what was seen
  std::string fix;     // what to do, and who can; "" if it is well
  // What the server shows, the nearest first; `detail` ends with the same in one sentence.
  std::vector<std::string> certificates{};
};
std::string_view to_string(DoctorStep::State state);

struct DoctorOptions {
  std::string public_url;  // how GitLab and browsers reach us, no trailing slash
  // What a server shows of itself; empty: the TLS step names no certificates.
  std::function<std::vector<net::ShownCertificate>(net::HttpRequest const&)> certificates{};
  // Has GitLab send a test to the webhook; empty: the step says what came by itself.
  std::function<Result<void>(std::string const& connection, store::WebhookRecord const&)>
      try_hook{};
};

class Doctor {
 public:
  Doctor(ConnectionParts parts, Connections& connections, store::WebhookStore& webhooks,
         DoctorOptions options)
      : parts_(parts),
        connections_(connections),
        webhooks_(webhooks),
        options_(std::move(options)) {}

  // Never fails by itself: what fails is a step. Errors: not_found, those of the store.
  Result<std::vector<DoctorStep>> examine(std::string_view name);
  // The first step of connecting: what stands at that URL. Errors: invalid_input (field named).
  Result<ServerLook> probe(std::string const& base_url, Reach const& reach);
  [[nodiscard]] std::string redirect_uri() const { return options_.public_url + "/oauth/callback"; }

 private:
  struct Patient;
  void examine_certificates(Patient& patient);
  void examine_token(Patient& patient);
  void examine_application(Patient& patient);
  void examine_redirect(Patient& patient);
  void examine_scopes(Patient& patient);
  void examine_role(Patient& patient);
  void examine_filters(Patient& patient);
  void examine_webhooks(Patient& patient);
  std::optional<DoctorStep> tried_hook(Patient const& patient, store::WebhookRecord const& hook);

  ConnectionParts parts_;
  Connections& connections_;
  store::WebhookStore& webhooks_;
  DoctorOptions options_;
};

}  // namespace fairlead::connection
