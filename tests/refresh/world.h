// One process's view of the shared world of the refresh proofs: the same database, the same key,
// the same GitLab (the sandbox), its own Connections.
//
// Opens the database file beside others on purpose, which the server's own store does not allow:
// the row is shared as it will be between nodes. One object per process; Connections is
// thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "base/pause.h"
#include "base/random.h"
#include "connection/connections.h"
#include "net/curl_transport.h"
#include "store/sqlite/parts.h"

namespace fairlead::refresh {

inline constexpr char const* connection_name = "gitlab";
inline constexpr char const* redirect_uri = "http://127.0.0.1:8420/oauth/callback";

// Real time, moved forward by the tests, so that a token's end comes when it is wanted.
class MovedClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return system_.now() + moved_; }
  [[nodiscard]] Milliseconds steady() const override { return system_.steady(); }
  void move(Milliseconds by) { moved_ += by; }  // while no other thread runs

 private:
  SystemClock system_;
  Milliseconds moved_{0};
};

// Where this process dies by SIGKILL, if anywhere. The point within GitLab's answer is not here:
// the parent kills there from outside.
enum class DieAt { nowhere, before_call, before_commit, after_commit };

class World {
 public:
  // Errors: those of the database.
  static Result<std::unique_ptr<World>> open(std::filesystem::path const& folder, DieAt die_at);
  ~World();

  MovedClock clock;
  std::unique_ptr<connection::Connections> connections;
  [[nodiscard]] net::HttpTransport& transport();

  struct Rows;
  explicit World(std::unique_ptr<Rows> rows);

 private:
  std::unique_ptr<Rows> rows_;
};

}  // namespace fairlead::refresh
