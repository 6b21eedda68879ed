// The side of the refresh proofs that starts processes, lets tokens expire and counts at GitLab.
//
// One thread. The sandbox runs in this process; the children are this program again.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "sandbox/sandbox.h"
#include "store/store.h"
#include "tests/refresh/world.h"

namespace fairlead::refresh {

// A child process with a pipe each way.
class Child {
 public:
  Child(std::filesystem::path const& folder, std::string const& gitlab, DieAt die_at);
  Child(Child const&) = delete;
  Child& operator=(Child const&) = delete;
  ~Child();  // ends it, by its own number

  void tell(std::string const& order);
  std::string hear();  // one line; "" when it has ended
  void kill();         // SIGKILL
  // Waits for its end; true if SIGKILL ended it.
  bool killed();

 private:
  pid_t pid_{-1};
  int to_{-1};
  int from_{-1};
  bool ended_{false};
  bool killed_{false};
};

// A sandbox, a database in a fresh folder, and a signed-in connection in it.
class Stage {
 public:
  Stage();
  ~Stage();

  Result<void> begin();
  // A new sign-in of the connection (the first one makes it).
  Result<void> sign_in();
  // A POST to the sandbox's control, "tokens/expire".
  Result<Json> control(std::string const& path, Json const& body);
  // Token pairs that GitLab gave so far.
  Result<std::int64_t> pairs_given();
  Result<std::string> status();

  [[nodiscard]] std::filesystem::path const& folder() const { return folder_; }
  [[nodiscard]] std::string gitlab() const { return box_->base_url(); }

 private:
  Result<Json> send(net::HttpRequest request);

  std::filesystem::path folder_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<Log> log_ = make_null_log();
  std::unique_ptr<net::HttpTransport> transport_;
  std::unique_ptr<sandbox::Sandbox> box_;
  std::unique_ptr<World> world_;
};

}  // namespace fairlead::refresh
