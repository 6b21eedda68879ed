// SeededRandom: the same bytes for the same seed, so that a failure can be repeated. Never for
// keys.
//
// The seed is FAIRLEAD_SEED if that is set, else the one given; it is printed beside a failure of
// the test that made it. Thread-safe; with several threads the order of their draws decides who
// gets what.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "base/random.h"

namespace fairlead::testing {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1);
  SeededRandom(SeededRandom const&) = delete;
  SeededRandom& operator=(SeededRandom const&) = delete;
  // Prints the seed if the running test has failed.
  ~SeededRandom() override;

  void fill(std::span<std::byte> out) override;
  [[nodiscard]] std::uint64_t seed() const { return seed_; }

 private:
  std::uint64_t seed_;
  std::mutex mutex_;
  std::uint64_t state_;
};

}  // namespace fairlead::testing
