// Client: GitLab's REST API v4 through one connection. Signed in, paced, repeated where safe,
// decoded.
//
// Sits between the actions (which say what to ask) and HttpTransport. It keeps the instance's whole
// root (port and sub-path), sends the token to that origin only, and turns every failure into one
// Error with GitLab's words. Waits of some seconds happen inside; longer ones are returned as
// rate_limited. Thread-safe; all calls block.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "action/action.h"
#include "base/log.h"
#include "base/pause.h"
#include "base/random.h"
#include "connection/token_source.h"
#include "gitlab/budget.h"
#include "gitlab/errors.h"
#include "gitlab/pace.h"
#include "gitlab/paging.h"
#include "store/store.h"

namespace fairlead::gitlab {

// What every client needs of its surroundings; all outlive it.
struct Surroundings {
  net::HttpTransport& transport;
  Clock const& clock;
  Pause& pause;
  Random& random;  // jitter
  Log& log;
  // Where "GitLab asked to wait" is noted for other nodes and the next start; null: nowhere.
  store::MetaStore* notes{nullptr};
};

inline constexpr int redirects_max = 3;

class Client final : public action::Api {
 public:
  // `endpoint` as read from `source` just now: its root is this client's for good.
  Client(Surroundings surroundings, std::shared_ptr<connection::TokenSource> source,
         connection::Endpoint const& endpoint);

  // Errors by kind: see decode_error(); unavailable (never reached GitLab), uncertain (a write that
  // may have taken effect), denied (also: writes through a read-only connection, refused before
  // sending), corrupt (not GitLab's API).
  Result<action::Response> send(action::Request const& request) override;
  Result<action::ListSummary> list(action::Request const& request,
                                   action::ListOptions const& options,
                                   action::ItemSink const& sink) override;
  // The same, for that caller's share of the rate limit.
  Result<action::Response> send_for(action::Caller const& caller, action::Request const& request);
  Result<action::ListSummary> list_for(action::Caller const& caller, action::Request const& request,
                                       action::ListOptions const& options,
                                       action::ItemSink const& sink);
  [[nodiscard]] BudgetState budget() const;
  Result<Json> account() override;
  [[nodiscard]] std::string const& base_url() const override { return base_url_; }
  [[nodiscard]] std::string connection_id() const override { return connection_id_; }
  [[nodiscard]] std::shared_ptr<connection::TokenSource> const& source() const { return source_; }

 private:
  struct Exchanged {
    net::HttpResponse response;
    bool gone_after_retry{false};  // a DELETE whose repetition found nothing left
  };
  net::HttpRequest prepare(action::Request const& request,
                           connection::Endpoint const& endpoint) const;
  Result<action::Response> answered(Call const& call, net::HttpRequest& http);
  Result<connection::Token> fresh_token();
  Result<connection::Token> renew(Call const& call, connection::Token const& refused,
                                  net::HttpResponse const& answer);
  Result<Exchanged> exchange(Call const& call, net::HttpRequest& http);
  Result<Exchanged> exchange_following(Call const& call, net::HttpRequest& http);
  Result<void> wait(Call const& call, Milliseconds duration, Milliseconds& waited);
  Result<void> wait_for_turn(Call const& call, Milliseconds& waited);
  void learn(net::HttpResponse const& response);
  void close_for(Milliseconds wait);
  void read_notes();
  Result<action::Response> decode(Call const& call, Exchanged exchanged) const;
  Error failure(Call const& call, net::HttpResponse const& response) const;

  Surroundings surroundings_;
  std::shared_ptr<connection::TokenSource> source_;
  std::string base_url_;
  std::string connection_id_;
  Pace pace_;
  Budget budget_;
  std::atomic<std::int64_t> notes_read_ms_{-1};
  KeysetMemory keyset_memory_;
  std::mutex account_mutex_;
  Json account_;
  std::int64_t account_generation_{-1};
};

}  // namespace fairlead::gitlab
