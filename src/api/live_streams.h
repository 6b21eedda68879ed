// LiveStreams: what changes on this server, told to every open page as it happens.
//
// A page does not get the whole truth here but a word that something changed: `run` with the row
// without its payloads, `connection` with its state, `approval` with its status. A run that changes
// often is told at most once a beat. Runs come from the engine's commits; new runs,
// connections and approvals are looked at now and then while somebody listens. LiveBeat is the
// thread that writes; the rest is thread-safe.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "api/endpoint.h"
#include "base/pause.h"
#include "net/http_server.h"
#include "run/engine.h"
#include "store/store.h"

namespace fairlead::api {

inline constexpr std::size_t live_streams_max = 500;
// Runs told in one beat; of more than that only the number is told.
inline constexpr std::size_t live_runs_max = 200;
inline constexpr Milliseconds live_beat{250};
// After that a stream is ended: the browser comes back, and its session is looked at again.
inline constexpr Milliseconds live_stream_life = std::chrono::minutes(5);

class LiveStreams final {
 public:
  LiveStreams(store::Store& store, run::Engine& engine) : store_(store), engine_(engine) {}
  ~LiveStreams();
  LiveStreams(LiveStreams const&) = delete;
  LiveStreams& operator=(LiveStreams const&) = delete;

  // Told is what that role may see. One stream too many is told so and closed.
  void add(std::shared_ptr<net::StreamWriter> writer, access::Role role);
  // Ends all streams, now and later.
  void stop();
  // Tells what came since the last beat. One caller at a time.
  void beat();

 private:
  void note(store::RunRecord const& run);
  void look_around();
  void look_at_new_runs();
  void look_at_connections();
  void look_at_approvals();
  void tell(std::string const& bytes);
  void tell_users(store::ConnectionRecord const& connection);

  struct Listener {
    std::shared_ptr<net::StreamWriter> writer;
    access::Role role{access::Role::viewer};
    std::int64_t beats_left{live_stream_life / live_beat};
  };

  store::Store& store_;
  run::Engine& engine_;
  std::mutex mutex_;
  std::list<Listener> streams_;
  std::map<std::string, std::string> changed_;  // run -> its row
  std::size_t untold_{0};                       // runs beyond live_runs_max
  bool stopped_{false};
  // Of beat() only.
  bool watching_{false};
  run::FollowerId follower_{0};
  int beats_{0};
  bool looked_{false};
  std::map<std::string, std::string> states_;  // connection -> status
  std::string newest_;                         // run
  std::set<std::string> open_;                 // approvals, with how many decided
};

class LiveBeat final {
 public:
  explicit LiveBeat(LiveStreams& live);
  ~LiveBeat();
  LiveBeat(LiveBeat const&) = delete;
  LiveBeat& operator=(LiveBeat const&) = delete;

 private:
  InterruptiblePause pause_;
  std::thread thread_;
};

struct LiveRoutesParts {
  LiveStreams& live;
};
std::vector<Endpoint> live_endpoints(LiveRoutesParts parts);

}  // namespace fairlead::api
