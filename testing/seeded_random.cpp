#include "testing/seeded_random.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

namespace fairlead::testing {
namespace {

std::uint64_t chosen_seed(std::uint64_t seed) {
  char const* text = std::getenv("FAIRLEAD_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : seed;
}

// SplitMix64 (Steele, Lea, Flood 2014): every seed is a good one, and its values never change with
// a library.
std::uint64_t next(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

}  // namespace

SeededRandom::SeededRandom(std::uint64_t seed) : seed_(chosen_seed(seed)), state_(seed_) {}

SeededRandom::~SeededRandom() {
  if (::testing::Test::HasFailure()) {
    std::cerr << "seed " << seed_ << ": repeat with FAIRLEAD_SEED=" << seed_ << '\n';
  }
}

void SeededRandom::fill(std::span<std::byte> out) {
  std::lock_guard const lock(mutex_);
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 8 == 0) word = next(state_);
    out[i] = static_cast<std::byte>(word >> (8 * (i % 8)));
  }
}

}  // namespace fairlead::testing
