// Signing in to Fairlead with a GitLab account: OpenID Connect, authorization code with PKCE.
//
// The settings say at which connection's server, with which application of its own (scopes openid
// profile email: it gives no access to the API), who may and with which role. What belongs to one
// sign-in (state, nonce, verifier, where to go back to) is sealed into a cookie of that browser, so
// that nothing is kept for those who never come back. Tokens are used once and forgotten.
// Thread-safe; blocks on the store and on GitLab. Source: OpenID Connect Core 1.0, Discovery 1.0,
// https://docs.gitlab.com/integration/openid_connect_provider/ (checked on 19.5).
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "access/role.h"
#include "connection/connections.h"

namespace fairlead::connection {

inline constexpr std::size_t openid_ways_max = 10;
inline constexpr std::size_t openid_rules_max = 100;
// Each blocks a worker on GitLab, and anybody may ask for one.
inline constexpr int openid_at_once_max = 8;
inline constexpr Milliseconds openid_sign_in_life = std::chrono::minutes(10);

struct GroupRole {
  std::string group;  // full path; those below it, too
  access::Role role{access::Role::viewer};
};

// One way to sign in.
struct OpenIdWay {
  std::string connection;  // name; at its server
  std::string label;       // on the button; "": the connection's name
  std::string client_id;
  std::optional<Secret> client_secret;  // to set; nothing: as it is; empty: a public client
  bool has_secret{false};               // only when read
  // Both empty: everybody who can sign in there.
  std::vector<std::string> allowed_groups;   // in one of them, or below it
  std::vector<std::string> allowed_domains;  // of the confirmed e-mail address
  // The highest that fits, else default_role; nothing: who has no rule may not come in.
  std::vector<GroupRole> roles;
  std::optional<access::Role> default_role;
};

// Who GitLab says it is, and what the settings make of it.
struct OpenIdPerson {
  std::string issuer;
  std::string subject;
  std::string username;
  std::string name;
  std::string email;  // "": not confirmed
  access::Role role{access::Role::viewer};
  std::string return_to;  // a path of ours
  UserId link_to;         // who asked to be linked; empty: nobody
};

class OpenIdSignIn final {
 public:
  OpenIdSignIn(ConnectionParts parts, store::MetaStore& meta) : parts_(parts), meta_(meta) {}
  OpenIdSignIn(OpenIdSignIn const&) = delete;
  OpenIdSignIn& operator=(OpenIdSignIn const&) = delete;

  // Those whose connection still exists, by its name.
  Result<std::vector<OpenIdWay>> ways();
  // Sets or replaces. invalid_input (field named), not_found (connection).
  Result<void> set(OpenIdWay const& way);
  // not_found.
  Result<void> remove(std::string_view connection);

  // Seals at most that many secrets anew that a former master key sealed; gives how many.
  Result<int> reseal(int limit);

  struct Wish {
    std::string connection;  // "": the only way
    std::string redirect_uri;
    std::string return_to;
    UserId link_to;
  };
  struct Start {
    std::string url;    // of GitLab's page
    Secret for_cookie;  // to come back with
  };
  // unavailable: too many at once.
  Result<Start> begin(Wish const& wish);

  struct Callback {
    Secret cookie;
    std::string state;
    Secret code;
    std::string error;
    std::string error_description;
    std::string redirect_uri;
  };
  // denied: GitLab or the settings say no; corrupt: an answer that cannot be right.
  Result<OpenIdPerson> complete(Callback const& callback);

 private:
  struct Server;
  struct Pending;
  struct Turn;

  Result<Json> read_settings();
  Result<Json> way_of(std::string_view connection);
  Result<Json> fetch(store::ConnectionRecord const& record, std::string const& url,
                     Secret const& token);
  Result<Server> discover(Json const& way);
  Result<Secret> seal(Pending const& pending);
  Result<Pending> unseal(Secret const& cookie);
  Result<Json> claims_of(Server const& server, Pending const& pending, Callback const& callback);

  ConnectionParts parts_;
  store::MetaStore& meta_;
  std::mutex mutex_;  // one change of the settings at a time
  std::atomic<int> under_way_{0};
};

// What the settings say of somebody with these groups and this e-mail address. denied. Pure.
Result<access::Role> role_of_claims(OpenIdWay const& way, Json const& claims);
// "/runs?status=faulted", or "/" for whatever leads away from us. Pure.
std::string local_path(std::string_view wanted);

}  // namespace fairlead::connection
