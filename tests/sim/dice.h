// Dice: all chance of a simulation. One seed gives one world, whatever else the machine does.
//
// Each use has its own stream (`fork`), so that fewer faults do not change the workload: what makes
// a failing seed easy to shrink. Random for the product's own ids and keys, too. One thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/random.h"

namespace fairlead::sim {

class Dice final : public Random {
 public:
  Dice(std::uint64_t seed, std::string_view use) : state_(seed * 0x9E3779B97F4A7C15U + 1) {
    for (char const c : use)
      state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }

  // splitmix64 (Steele, Lea, Flood 2014).
  std::uint64_t draw() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  // Both ends included.
  int between(int low, int high) {
    return low + static_cast<int>(draw() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool once_in(int times) { return times > 0 && between(1, times) == 1; }
  bool per_mille(int share) { return between(1, 1'000) <= share; }
  Milliseconds time_between(Milliseconds low, Milliseconds high) {
    auto const span = static_cast<std::uint64_t>((high - low).count() + 1);
    return low + Milliseconds(static_cast<std::int64_t>(draw() % span));
  }

  void fill(std::span<std::byte> out) override {
    for (std::size_t at = 0; at < out.size(); at += sizeof(std::uint64_t)) {
      std::uint64_t const value = draw();
      std::memcpy(out.data() + at, &value, std::min(sizeof(value), out.size() - at));
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace fairlead::sim
