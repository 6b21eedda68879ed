// LiveConnection: one connection in use - its decrypted token and its one refresher.
// Other processes with the same store take part: who marks the row "refreshing" first does it.
//
// token() is cheap while the token is fresh. A refresh is done by the first caller that needs it
// while all others wait: "refreshing" is stored before GitLab is asked, the new pair is stored
// before anybody uses it (and kept until the store takes it), and an answer that never came leaves
// "uncertain", which the next use tries once more. Thread-safe; the mutex is held over the refresh
// on purpose: that is the "one refresher" rule.
#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "connection/connections.h"
#include "connection/failed_calls.h"

namespace fairlead::connection {

class LiveConnection final : public TokenSource {
 public:
  LiveConnection(ConnectionParts parts, ConnectionOptions options, ConnectionId id);

  Result<Endpoint> endpoint() override;
  Result<Token> token() override;
  Result<Token> renew(Token const& refused, Refusal why) override;

  // The row changed outside (disconnect): read it anew at the next use.
  void reload();
  // Reads the row anew, edits and stores it, never in the middle of a refresh. Gives what is stored
  // now. Errors: those of the edit and of the store.
  using Edit = std::function<Result<void>(store::ConnectionRecord&)>;
  Result<store::ConnectionRecord> change(Edit const& edit);
  void call_failed() override { failed_calls_.note(parts_.clock.now()); }
  // In the last 24 hours, refreshes left out.
  [[nodiscard]] std::int64_t calls_failed() const {
    return failed_calls_.last_day(parts_.clock.now());
  }

 private:
  // A pair that GitLab gave and the store did not take yet: it is the only valid one there is.
  struct Unstored {
    store::ConnectionRecord row;
    std::int64_t former_generation{0};
    std::int64_t former_pair{0};
  };
  // Another process's mark, and since when we see it (its clock may be wrong).
  struct Seen {
    std::string mark;
    std::int64_t pair{0};
    Milliseconds since{0};  // steady time
  };
  // ahead: the present token still works, so trouble may pass; refused: GitLab said no to it.
  enum class Reason { ahead, refused };
  // Whether the stored pair was known to be the valid one before this try.
  enum class Before { certain, uncertain };
  struct Need {
    Reason reason{Reason::ahead};
    std::int64_t refused_pair{-1};
    Refusal why{Refusal::expired};
  };
  struct Attempt {
    Reason reason{Reason::ahead};
    Before before{Before::certain};
  };

  Result<void> load();
  Result<void> read_anew();
  Result<void> store_kept_pair();
  Result<void> put_over(store::ConnectionRecord const& stored);
  Result<void> wait_for_refresher();
  [[nodiscard]] bool refreshed_elsewhere();
  [[nodiscard]] bool fresh() const;
  [[nodiscard]] bool still_valid() const;
  Result<Token> current() const;
  Result<Token> settle(Need const& need);
  std::optional<Result<Token>> without_refresh(Need const& need);
  Result<Token> refused_for_good(Refusal why);
  Result<Token> quiet_answer(Reason reason) const;
  Result<Token> refresh(Reason reason);
  Result<bool> pair_lives();
  Result<Token> ask_for_pair(Attempt attempt);
  Result<Token> keep(TokenSet tokens);
  Result<Token> refresh_failed(Error error, Attempt attempt);
  Result<void> store_row(std::int64_t expected_generation);
  Result<void> store_failure(std::string const& status, Error const& error);
  void keep_quiet(std::optional<Milliseconds> asked);
  Error needs_sign_in() const;

  ConnectionParts parts_;
  ConnectionOptions options_;
  ConnectionId id_;
  FailedCalls failed_calls_;
  std::mutex mutex_;
  std::optional<store::ConnectionRecord> row_;
  std::optional<Unstored> unstored_;
  std::optional<Seen> seen_;
  Secret access_token_;
  int failures_{0};              // refreshes in a row
  Milliseconds quiet_until_{0};  // steady time before which a failed refresh is not tried again
};

}  // namespace fairlead::connection
