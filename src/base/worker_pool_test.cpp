#include "base/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "base/bounded_queue.h"

namespace fairlead {
namespace {

TEST(WorkerPool, runs_everything_accepted_before_it_ends) {
  std::atomic<int> ran = 0;
  {
    WorkerPool pool({.threads = 3, .queue_max = 1'000});
    for (int i = 0; i < 500; ++i) {
      ASSERT_TRUE(pool.submit([&] { ++ran; }).ok());
    }
  }
  EXPECT_EQ(ran, 500);
}

TEST(WorkerPool, refuses_work_when_its_queue_is_full) {
  std::latch started(1);
  std::latch hold(1);
  WorkerPool pool({.threads = 1, .queue_max = 2});
  ASSERT_TRUE(pool.submit([&] {
                    started.count_down();
                    hold.wait();
                  })
                  .ok());
  started.wait();
  EXPECT_TRUE(pool.submit([] {}).ok());
  EXPECT_TRUE(pool.submit([] {}).ok());
  EXPECT_EQ(pool.queued(), 2U);
  EXPECT_EQ(pool.busy(), 1U);
  auto const refused = pool.submit([] {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  hold.count_down();
}

TEST(WorkerPool, works_on_several_pieces_at_once) {
  std::latch both(2);
  WorkerPool pool({.threads = 2, .queue_max = 2});
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(pool.submit([&] { both.arrive_and_wait(); }).ok());
  }
  both.wait();
}

TEST(BoundedQueue, says_when_it_is_full_or_closed_and_keeps_the_item) {
  using Push = BoundedQueue<std::unique_ptr<int>>::Push;
  BoundedQueue<std::unique_ptr<int>> queue(1);
  EXPECT_EQ(queue.try_push(std::make_unique<int>(1)), Push::accepted);
  auto second = std::make_unique<int>(2);
  EXPECT_EQ(queue.try_push(std::move(second)), Push::full);
  ASSERT_NE(second, nullptr);
  queue.close();
  EXPECT_EQ(queue.try_push(std::move(second)), Push::closed);
  EXPECT_EQ(**queue.pop(), 1);
  EXPECT_FALSE(queue.pop().has_value());
  EXPECT_TRUE(queue.pop_many(3).empty());
}

TEST(BoundedQueue, gives_items_in_order_and_in_bounded_batches) {
  BoundedQueue<int> queue(10);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(queue.try_push(int{i}), BoundedQueue<int>::Push::accepted);
  EXPECT_EQ(queue.pop_many(3), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue.try_pop(), 3);
  EXPECT_EQ(queue.pop(), 4);
  EXPECT_FALSE(queue.try_pop().has_value());
}

TEST(BoundedQueue, wakes_a_waiting_reader) {
  BoundedQueue<int> queue(1);
  std::thread writer([&] { EXPECT_EQ(queue.try_push(7), BoundedQueue<int>::Push::accepted); });
  EXPECT_EQ(queue.pop(), 7);
  writer.join();
  std::thread closer([&] { queue.close(); });
  EXPECT_FALSE(queue.pop().has_value());
  closer.join();
}

}  // namespace
}  // namespace fairlead
