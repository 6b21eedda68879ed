// Idempotency-Key: a POST that is sent twice is done once, also across a restart.
//
// A client that heard no answer sends the POST again with the same key and gets the answer of the
// first time. Keys belong to the caller, the method and the address. A request is written down
// before its work begins, its answer after it, sealed, since it may hold a new token; both are kept
// for a day and up to a limit (ADR 25). Thread-safe, blocks on the store; no lock is held while the
// work is done. Source: draft-ietf-httpapi-idempotency-key-header-07.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "api/endpoint.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/answers.h"
#include "vault/vault.h"

namespace fairlead::api {

class IdempotencyKeys final {
 public:
  static constexpr std::int64_t kept_max = 4'000;
  static constexpr std::int64_t kept_bytes_max = 64 << 20;
  static constexpr std::size_t body_bytes_max = 256u << 10;
  static constexpr std::size_t key_characters_max = 200;
  static constexpr Milliseconds kept_for{24 * 60 * 60'000};

  struct Parts {
    store::AnswerStore& store;
    vault::Vault& vault;
    Clock const& clock;
    Log& log;
  };
  explicit IdempotencyKeys(Parts const& parts) : parts_(parts) {}

  struct Asked {
    std::string name;  // a digest of caller, method, address and key
    std::string body_hash;
    // What becomes of a request that a crash cut off.
    enum class CutOff { ask, repeat } cut_off{CutOff::ask};
  };
  struct Answer {
    int status{0};
    net::Headers headers;
    std::string body;
  };
  enum class State {
    fresh,       // go on, then done() or forget()
    under_way,   // the first one has not ended yet
    other_body,  // the key was used for something else
    cut_off,     // the server died at it: whether it took effect is not known
    answered,
    not_kept,  // it was done, but its answer cannot be given again
  };
  struct Begun {
    State state{State::fresh};
    Answer answer;
  };
  // An Error of the store: nothing may be done.
  Result<Begun> begin(Asked const& asked);
  // It took effect. Of a body that is too large only that is kept.
  void done(std::string const& name, Answer const& answer);
  // It did not.
  void forget(std::string const& name);

  // Seals at most that many answers of a former master key anew; says how many.
  Result<int> reseal(int limit);

 private:
  [[nodiscard]] Begun known(store::AnswerRecord const& record, Asked const& asked) const;
  Result<void> seal_anew(store::AnswerRecord const& record);
  void leave(std::string const& name);
  void tell(char const* what, Error const& error);

  Parts const parts_;
  std::mutex mutex_;
  std::map<std::string, std::string> under_way_;  // in this process: name -> body_hash
};

// Every POST below /api/v1 that asks for a role. `keys` outlives the endpoints.
std::vector<Endpoint> with_idempotency(std::vector<Endpoint> endpoints, IdempotencyKeys& keys);

// Whether a POST that a crash cut off may simply be done again: it changes nothing, or again is
// fine.
[[nodiscard]] bool is_repeatable(std::string_view pattern);
// Where a person sees whether such a POST took effect: "GET /api/v1/tokens", or "GitLab".
std::string where_to_look(Endpoint const& post, std::vector<Endpoint> const& all);

}  // namespace fairlead::api
