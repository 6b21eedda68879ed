// SimGitlab: the real sandbox in the same process, behind a network that loses, delays and doubts.
//
// A request goes straight to the sandbox's front; before and after it the network may fail in every
// way a real one does. `late` is the nastiest: the connection breaks, GitLab goes on working, and
// the effect is there only later. Also judges what is seen from there: effects by marker, refresh
// tokens used again. One thread.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>

#include "net/http.h"
#include "sandbox/front.h"
#include "sandbox/world.h"
#include "tests/sim/dice.h"
#include "tests/sim/setting.h"

namespace fairlead::sim {

inline constexpr std::string_view gitlab_url = "https://gitlab.sim";
inline constexpr std::string_view callback_url = "http://127.0.0.1:8420/oauth/callback";
// Where webhooks are sent to.
inline constexpr std::string_view public_url = "https://fairlead.sim";
// GitLab's own limit for a request (GITLAB_RAILS_RACK_TIMEOUT): nothing lands later than this.
inline constexpr Milliseconds late_max = std::chrono::seconds(55);

class SimGitlab final : public net::HttpTransport {
 public:
  SimGitlab(Setting& setting, std::uint64_t seed);
  SimGitlab(SimGitlab const&) = delete;
  SimGitlab& operator=(SimGitlab const&) = delete;

  Result<net::HttpResponse> send(net::HttpRequest const& request) override;
  // Carries out what is due: pipelines move on, late requests land.
  void settle();
  // The webhooks it wants to send, in order; they are the caller's then.
  std::deque<sandbox::Delivery> take_deliveries();
  // As it goes over the wire now.
  net::HttpRequest request_of(sandbox::Delivery const& delivery);
  // When something is due there.
  std::optional<Time> next();
  // Follows the authorise link as a person's browser would, with consent; the callback's query.
  std::map<std::string, std::string> consent(std::string const& authorize_url);
  // Marker -> how often it is there: issues, comments, pipelines.
  std::map<std::string, int> effects();
  // Pipelines that carry this marker.
  std::set<std::int64_t> pipelines_of(std::string const& marker);
  // Pipelines it was asked to cancel, and did (or said that they are over).
  [[nodiscard]] std::set<std::int64_t> const& cancelled() const { return cancelled_; }
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] int faults() const { return faults_; }
  [[nodiscard]] std::string const& client_id() const { return world_.options.client_id; }
  [[nodiscard]] std::string const& client_secret() const { return world_.options.client_secret; }
  // How the next pipelines of the runbook end.
  void plan_runbook(std::string const& result);

 private:
  struct Late {
    Time at;
    net::HttpRequest request;
  };
  enum class Trouble {
    none,
    refused,       // never arrives
    lost_before,   // reset, nothing happened
    lost_after,    // reset, it happened
    late,          // reset, and it happens later
    times_out,     // it happened, the answer takes too long
    told_to_fail,  // one of the sandbox's own faults
    dies_before,   // the process ends before it is sent
    dies_after,    // ... after the effect, before the answer
  };
  Trouble trouble_for(net::HttpRequest const& request);
  void plan_fault();
  Result<net::HttpResponse> answer(net::HttpRequest const& request);
  Result<net::HttpResponse> read(net::ServerResponse response);
  net::ServerResponse ask(net::HttpRequest const& request);
  void note_cancel(net::HttpRequest const& request, net::ServerResponse const& answer);
  void watch_refresh(net::HttpRequest const& request, Result<net::HttpResponse> const& answer);
  void let_others_run(std::string_view path);

  Setting& setting_;
  Dice dice_;
  Dice product_;  // the sandbox's own randomness
  sandbox::World world_;
  sandbox::Front front_;
  std::deque<Late> late_;
  std::set<std::int64_t> cancelled_;
  struct Spent {
    int life;
    int pairs_stored;
  };
  std::map<std::string, Spent> spent_refreshes_;  // whose answer arrived whole, and when
  int requests_{0};
  int faults_{0};
  int yielding_{0};
};

}  // namespace fairlead::sim
