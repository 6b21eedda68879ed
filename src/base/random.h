// Random: the only source of randomness. Handed in, so that a seeded run repeats exactly.
//
// SystemRandom is fit for keys, states and tokens (the kernel's generator); testing::SeededRandom
// is not. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/clock.h"

namespace fairlead {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> out) = 0;
};

class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

// Uniform in [0, bound); bound > 0.
std::uint64_t random_below(Random& random, std::uint64_t bound);
// `bytes` random bytes as lower-case hex (twice as many characters).
std::string random_hex(Random& random, std::size_t bytes);
// `bytes` random bytes as base64url without padding: states, PKCE verifiers, tokens.
std::string random_token(Random& random, std::size_t bytes);
// RFC 9562 version 7 UUID: sorts by time.
std::string uuid7(Random& random, Time now);

}  // namespace fairlead
