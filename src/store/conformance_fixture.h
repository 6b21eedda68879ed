// The fixture of the suite that every store passes: what store.h promises, said once.
//
// A suite derives from StoreConformance and is instantiated for every Kind; each test gets a fresh
// store on a virtual clock. Tests only.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
// lint: allow(layers) a fixture of tests only, shared by two of them
#include "testing/files.h"
// lint: allow(layers) a fixture of tests only, shared by two of them
#include "testing/virtual_clock.h"

namespace fairlead::store {

enum class Kind { sqlite, memory, memory_callers_thread };

class StoreConformance : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() == Kind::sqlite) {
      auto opened = open_sqlite_store({.folder = folder_.path() / "data"}, clock_);
      ASSERT_TRUE(opened.ok()) << describe(opened.error());
      store_ = std::move(opened).value();
      return;
    }
    using Delivery = MemoryStoreOptions::Delivery;
    bool const callers = GetParam() == Kind::memory_callers_thread;
    store_ =
        make_memory_store({.delivery = callers ? Delivery::callers_thread : Delivery::own_thread});
  }

  [[nodiscard]] Time at(int seconds) const { return start_ + std::chrono::seconds(seconds); }

  testing::VirtualClock clock_;
  Time start_{clock_.now()};
  testing::TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

inline std::string name_of(::testing::TestParamInfo<Kind> const& info) {
  switch (info.param) {
    case Kind::sqlite:
      return "sqlite";
    case Kind::memory:
      return "memory";
    case Kind::memory_callers_thread:
      return "memory_callers_thread";
  }
  return "";
}

#define INSTANTIATE_FOR_EVERY_STORE(suite)                                                       \
  INSTANTIATE_TEST_SUITE_P(                                                                      \
      Stores, suite, ::testing::Values(Kind::sqlite, Kind::memory, Kind::memory_callers_thread), \
      name_of)

#define EXPECT_OK(result)                             \
  if (auto const& outcome = (result); outcome.ok()) { \
  } else                                              \
    ADD_FAILURE() << #result << ": " << describe(outcome.error())
#define EXPECT_ERROR(kind_, result)                   \
  if (auto const& outcome = (result); outcome.ok()) { \
    ADD_FAILURE() << #result << " succeeded";         \
  } else                                              \
    EXPECT_EQ(to_string(outcome.error().kind), to_string(kind_)) << describe(outcome.error())

}  // namespace fairlead::store
