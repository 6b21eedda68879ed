// LiveConnection: one connection in use - its decrypted token and its one refresher.
//
// token() is cheap while the token is fresh. A refresh is done by the first caller that needs it
// while all others wait: "refreshing" is stored before GitLab is asked, the new pair is stored
// before anybody uses it, and an answer that never came leaves "uncertain", which the next use
// probes. Thread-safe; the mutex is held over the refresh on purpose: that is the "one refresher"
// rule.
#pragma once

#include <mutex>
#include <optional>

#include "connection/connections.h"

namespace fairlead::connection {

class LiveConnection final : public TokenSource {
 public:
  LiveConnection(ConnectionParts parts, ConnectionOptions options, ConnectionId id);

  Result<Endpoint> endpoint() override;
  Result<Token> token() override;
  Result<Token> renew(Token const& refused, Refusal why) override;

  // The row changed outside (sign-in, disconnect): read it anew at the next use.
  void reload();

 private:
  Result<void> load();
  [[nodiscard]] bool fresh() const;
  Result<Token> current() const;
  // ahead: the present token still works, so trouble may pass; refused: GitLab said no to it.
  enum class Reason { ahead, refused };
  Result<Token> refresh(Reason reason);
  Result<Token> keep(TokenSet tokens);
  Result<Token> refresh_failed(Error error, Reason reason);
  [[nodiscard]] bool still_valid() const;
  Result<void> store_row(std::int64_t expected_generation);
  Error needs_sign_in() const;

  ConnectionParts parts_;
  ConnectionOptions options_;
  ConnectionId id_;
  std::mutex mutex_;
  std::optional<store::ConnectionRecord> row_;
  Secret access_token_;
  Milliseconds quiet_until_{0};  // steady time before which a failed refresh is not tried again
};

}  // namespace fairlead::connection
