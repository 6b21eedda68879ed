// ConnectionWatch: the thread that looks after connections while nobody uses them.
//
// Asks GitLab about sign-ins by device code, puts what happened to connections into the inbox
// (connection/care_events.h), and lets the runs go on that wait for one that came back, also when
// another process brought it back. start() after the engine; stop() when the pause was interrupted.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <thread>

#include "base/log.h"
#include "base/pause.h"
#include "connection/connections.h"
#include "store/store.h"

namespace fairlead::app {

class ConnectionWatch {
 public:
  struct Parts {
    connection::Connections& connections;
    store::EventStore& events;
    Clock const& clock;
    Pause& pause;
    Log& log;
    std::function<void(std::int64_t seq)> arrived;           // an event is in the inbox
    std::function<void(std::string const& name)> signed_in;  // runs may go on
  };
  explicit ConnectionWatch(Parts parts) : parts_(std::move(parts)) {}
  ConnectionWatch(ConnectionWatch const&) = delete;
  ConnectionWatch& operator=(ConnectionWatch const&) = delete;
  ~ConnectionWatch() { stop(); }

  void start();
  void stop();
  // One look; the thread does it each second.
  Result<void> look();

 private:
  Result<void> tell(store::ConnectionRecord const& record);

  Parts parts_;
  std::set<std::string> told_;  // ids of events that the inbox has for sure
  std::thread thread_;
};

}  // namespace fairlead::app
