// Idempotency-Key: a POST that is sent twice is done once.
//
// A client that heard no answer sends the POST again with the same key and gets the answer of the
// first time. Keys belong to the caller and the address. Answers are kept in memory only (they may
// hold a new token), for a day and up to a limit; a restart forgets them. Thread-safe; no lock is
// held while the work is done. Source: draft-ietf-httpapi-idempotency-key-header-07.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/endpoint.h"
#include "base/clock.h"

namespace fairlead::api {

class IdempotencyKeys final {
 public:
  static constexpr std::size_t kept_max = 1'000;  // at most 64 MiB of answers
  static constexpr std::size_t body_bytes_max = 64u << 10;
  static constexpr std::size_t key_characters_max = 200;
  static constexpr Milliseconds kept_for{24 * 60 * 60'000};

  explicit IdempotencyKeys(Clock const& clock) : clock_(clock) {}

  struct Answer {
    int status{0};
    net::Headers headers;
    std::string body;
  };
  enum class State {
    fresh,       // go on, then done() or forget()
    under_way,   // the first one has not ended yet
    other_body,  // the key was used for something else
    answered,
  };
  struct Begun {
    State state{State::fresh};
    Answer answer;
  };
  Begun begin(std::string const& key, std::string const& body_hash);
  void done(std::string const& key, Answer answer);
  void forget(std::string const& key);

 private:
  struct Kept {
    std::string body_hash;
    std::optional<Answer> answer;
    Milliseconds since{0};  // steady
  };
  void make_room();

  Clock const& clock_;
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
  std::deque<std::pair<Milliseconds, std::string>> order_;  // oldest first
};

// Every POST below /api/v1 that asks for a role. `keys` outlives the endpoints.
std::vector<Endpoint> with_idempotency(std::vector<Endpoint> endpoints, IdempotencyKeys& keys);

}  // namespace fairlead::api
