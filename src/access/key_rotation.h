// KeyRotation: a new master key while the server goes on, and all that is sealed sealed anew.
//
// rotate() makes the new key durable, lets it seal, and wakes the thread that re-seals row after
// row in small batches; the former key opens what is left until then, and for sign-ins under way a
// while longer. Killed at any point, the next start finds both keys and goes on by itself. Values
// are re-sealed by their owners (ResealSource), each with a compare-and-swap of its own.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/pause.h"
#include "base/random.h"
#include "store/store.h"
#include "vault/vault.h"

namespace fairlead::access {

inline constexpr int reseal_batch = 50;
inline constexpr Milliseconds reseal_pause{20};  // between two batches
// The former key is kept this long after nothing sealed with it was found: a sign-in under way
// holds a value for 15 minutes.
inline constexpr Milliseconds former_key_kept = std::chrono::minutes(20);
inline constexpr Milliseconds reseal_look_interval = std::chrono::minutes(1);

struct ResealSource {
  std::string name;  // "connections"
  // Seals at most that many outdated values anew; 0: none was found. One that cannot be opened is
  // passed over, and is the error once there is no other. Blocks on the store.
  std::function<Result<int>(int limit)> reseal;
};

struct KeyState {
  vault::KeySource source{vault::KeySource::key_file};
  bool rotating{false};             // a former key is kept
  std::int64_t resealed{0};         // values, since the start of the server
  std::optional<Time> clean_since;  // nothing sealed with the former key was found since then
  std::optional<Error> trouble;     // of the last batch
  std::string retired;              // where the former key's file was put, of the last rotation
};

class KeyRotation {
 public:
  struct Parts {
    vault::Vault& vault;
    vault::MasterKeyOptions const& keys;
    vault::KeySource source;
    store::MetaStore& meta;
    Clock const& clock;
    Random& random;
    Pause& pause;
    Log& log;
  };
  KeyRotation(Parts parts, std::vector<ResealSource> sources)
      : parts_(parts), sources_(std::move(sources)) {}
  KeyRotation(KeyRotation const&) = delete;
  KeyRotation& operator=(KeyRotation const&) = delete;
  ~KeyRotation() { stop(); }

  // Starts the thread; goes on with a rotation that was cut off.
  void start();
  void stop();
  // Errors: conflict (one goes on), invalid_input (the key is not a file of ours: what to do),
  // unavailable (files).
  Result<void> rotate();
  [[nodiscard]] KeyState state() const;
  // One batch of each source, on the caller's thread: how long to wait before the next one. For the
  // thread and for tests.
  Milliseconds work();

 private:
  Result<int> reseal_some();
  Result<void> finish();
  void loop();

  Parts parts_;
  std::vector<ResealSource> const sources_;
  std::mutex rotating_;  // held during rotate()
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_{false};
  bool rung_{false};
  KeyState state_;
  std::thread thread_;
};

}  // namespace fairlead::access
