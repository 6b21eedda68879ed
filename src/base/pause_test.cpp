#include "base/pause.h"

#include <gtest/gtest.h>

#include <thread>

namespace fairlead {
namespace {

TEST(Pause, ends_after_its_time) {
  InterruptiblePause pause;
  EXPECT_TRUE(pause.wait(Milliseconds(0)));
  EXPECT_TRUE(pause.wait(Milliseconds(1)));
}

TEST(Pause, is_ended_by_an_interruption_from_another_thread) {
  InterruptiblePause pause;
  std::thread interrupter([&] { pause.interrupt(); });
  EXPECT_FALSE(pause.wait(std::chrono::hours(1)));
  interrupter.join();
}

TEST(Pause, does_not_begin_after_an_interruption) {
  InterruptiblePause pause;
  pause.interrupt();
  EXPECT_FALSE(pause.wait(std::chrono::hours(1)));
}

}  // namespace
}  // namespace fairlead
