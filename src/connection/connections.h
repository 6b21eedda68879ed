// Connections: the use cases around connecting to a GitLab - set up, sign in, use, test,
// disconnect.
//
// Owns all tokens: nobody else reads or writes them. Each connection has one LiveConnection
// (live_connection.h) that hands out fresh tokens and refreshes them, one refresher at a time.
// Thread-safe; methods block on the store and, where said, on GitLab.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/pause.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "connection/oauth.h"
#include "connection/token_source.h"
#include "net/address_list.h"
#include "net/http.h"
#include "store/store.h"
#include "vault/vault.h"

namespace fairlead::connection {

class LiveConnection;
struct ConnectionChange;  // connection/change.h
struct PendingDevice;     // connection/pending_sign_ins.h

// Everything Connections works with, handed in by app/.
struct ConnectionParts {
  store::ConnectionStore& store;
  vault::Vault& vault;
  net::HttpTransport& transport;
  Clock const& clock;
  Random& random;
  Log& log;
  Pause* pause{nullptr};  // to wait for another process's refresh; without it nobody waits
};

struct ConnectionOptions {
  Milliseconds refresh_ahead{std::chrono::minutes(5)};
  Milliseconds sign_in_lifetime{std::chrono::minutes(15)};
  net::AddressList allowed_http{};  // beside this machine: hosts to which tokens may go unencrypted
};

// How the instance is reached, whatever the way of signing in.
struct Reach {
  std::string ca_pem;
  std::string client_cert_pem;
  Secret client_key_pem;
  std::string proxy;
};

struct NewConnection {
  std::string name{"gitlab"};  // 1 to 63 lower-case letters, digits, hyphens
  std::string base_url;
  // OAuth: client_id (and client_secret unless it is a public client). Else: access_token.
  std::string client_id;
  Secret client_secret;
  Secret access_token;
  std::string scopes{"api"};
  enum class Default { yes, no } is_default{Default::no};
  Reach reach;
};

// An authorization request under way. The person opens our start link (made from `state` by the
// API), which binds the request to that browser and sends it on to GitLab.
struct SignIn {
  std::string id;  // public: how its outcome is told apart in what is shown of the connection
  std::string state;
  Time expires_at{};
};

// A sign-in by device code under way.
struct DeviceSignIn {
  std::string id;  // as SignIn::id
  std::string user_code;
  std::string verification_uri;
  std::string verification_uri_complete;  // "" if GitLab gave none
  Time expires_at{};
};

class Connections final : public TokenSources {
 public:
  Connections(ConnectionParts parts, ConnectionOptions options);
  ~Connections() override;

  // Checks and stores. With an access token the token is tried at GitLab at once and the connection
  // is active; with OAuth it is pending until a sign-in completes. Of the same name, a pending
  // connection is replaced, and one whose access token ended by one with a new access token.
  // Errors: invalid_input (field named), conflict (name taken), denied / unavailable (token tried
  // in vain).
  Result<store::ConnectionRecord> create(NewConnection const& wanted);

  // Starts an authorization request (RFC 6749 4.1.1 with PKCE). Also to reconnect: id and settings
  // stay. `scopes` asks for more or less than the last time; "" for the same. Errors: not_found,
  // invalid_input (not an OAuth connection, scopes).
  Result<SignIn> begin_sign_in(std::string_view name, std::string const& redirect_uri,
                               std::string_view scopes = {});
  // Binds the request to a browser (once) and gives GitLab's authorise URL. `browser` is the secret
  // in its cookie. Errors: not_found (unknown, expired), conflict (opened in another browser
  // already).
  Result<std::string> open_sign_in(std::string const& state, Secret const& browser);
  struct Callback {
    std::string state;
    Secret code;
    std::string error;  // RFC 6749 4.1.2.1, "" if none
    std::string error_description;
    Secret browser;
  };
  // GitLab redirected back: checks state and browser, exchanges the code, stores the pair, learns
  // who signed in. Blocks on GitLab. A state works once. The outcome is left in the connection's
  // settings.signIn {id, outcome, error?, asked?, granted?, missing?} for whoever waits. The grant
  // before it is revoked at GitLab. Errors: denied, corrupt (titled), unavailable.
  Result<store::ConnectionRecord> complete_sign_in(Callback const& callback);

  // Seals at most that many connections' secrets of a former master key anew; says how many.
  Result<int> reseal(int limit);

  // Sign-in by device code, for a server that no browser reaches: the person types the code at
  // GitLab. It is kept in the row and outlives this process. Errors: not_found, invalid_input (not
  // OAuth, scopes), those of read_device_answer().
  Result<DeviceSignIn> begin_device_sign_in(std::string_view name, std::string_view scopes = {});
  // Asks GitLab about those that are due, one node each; gives the names of the connections signed
  // in now. Call it about once a second. The outcome is left in settings.signIn.
  std::vector<std::string> poll_device_sign_ins();

  Result<std::vector<store::ConnectionRecord>> list();
  // "" is the default one.
  Result<store::ConnectionRecord> get(std::string_view name);

  enum class Revoke { yes, no };
  // Forgets the connection and wipes its tokens; revokes them at GitLab first if asked (a failure
  // of that is returned as text, the connection is removed all the same).
  Result<std::string> disconnect(std::string_view name, Revoke revoke_too);

  // Changes what is given and nothing else; id, tokens and all links stay. Not in the middle of a
  // refresh. Errors: invalid_input (field named), not_found, conflict (name taken).
  Result<store::ConnectionRecord> change(std::string_view name, ConnectionChange const& wish);

  Result<std::shared_ptr<TokenSource>> source(std::string_view name) override;
  // Calls that failed in the last 24 hours, since the start (connection/failed_calls.h).
  [[nodiscard]] std::int64_t calls_failed(ConnectionId const& id);

  // After a start: connections left in the middle of a refresh become "uncertain"; the next use
  // probes them.
  Result<void> recover();

  [[nodiscard]] Time now() const { return parts_.clock.now(); }

 private:
  static std::string public_id(store::SignInRecord const& row);
  Result<bool> poll_device(store::ConnectionRecord const& record, PendingDevice const& device);
  Result<void> device_refused(ConnectionId const& id, PendingDevice const& device, Error error);

  Result<void> check_new(NewConnection const& wanted) const;
  Result<store::ConnectionRecord> record_of(NewConnection const& wanted) const;
  Result<void> make_room(store::ConnectionRecord& record);
  Result<store::ConnectionRecord> exchange(store::SignInRecord const& row,
                                           Callback const& callback);
  Result<store::ConnectionRecord> adopt_tokens(store::SignInRecord const& row,
                                               store::ConnectionRecord const& record,
                                               TokenSet const& tokens);
  void note_failed_sign_in(store::SignInRecord const& row, Error const& error);
  void put_failed_sign_in(store::ConnectionRecord& record, store::SignInRecord const& row,
                          Error const& error) const;
  std::string revoke(store::ConnectionRecord const& record);
  void revoke_former(store::ConnectionRecord const& former, store::ConnectionRecord const& now);
  // Keeps what went wrong with the connection, for those who wait for the sign-in.
  Error sign_in_failed(ConnectionId const& id, Error error);
  std::shared_ptr<LiveConnection> live(ConnectionId const& id);
  void forget(ConnectionId const& id);

  ConnectionParts parts_;
  ConnectionOptions options_;
  std::mutex mutex_;  // guards live_
  std::map<ConnectionId, std::shared_ptr<LiveConnection>> live_;
};

}  // namespace fairlead::connection
