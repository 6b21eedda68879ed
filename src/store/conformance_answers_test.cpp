// Conformance of every store: requests with an Idempotency-Key and their answers.
#include <gtest/gtest.h>

#include "store/answers.h"
#include "store/conformance_fixture.h"

namespace fairlead::store {
namespace {

class AnswersConformance : public StoreConformance {
 protected:
  [[nodiscard]] AnswerRecord request(std::string name, int second = 1) const {
    return {.name = std::move(name), .body_hash = "h", .begun_at = at(second), .sealed = {}};
  }
  // True: it was not known.
  bool begin(AnswerRecord const& record) { return begin(record, room_); }
  bool begin(AnswerRecord const& record, AnswerRoom const& room) {
    auto const known = store_->answers().begin(record, room);
    EXPECT_OK(known);
    return known.ok() && !known->has_value();
  }
  bool answer(std::string_view name, std::string_view sealed) {
    return store_->answers().answer(name, sealed).value();
  }
  [[nodiscard]] std::string names() {
    std::string all;
    auto const kept = store_->answers().list();
    for (auto const& each : *kept)
      all += each.name + " ";
    return all;
  }

  AnswerRoom room_{.begun_after = at(0), .count_max = 100, .bytes_max = 1'000};
};

TEST_P(AnswersConformance, a_request_is_kept_before_its_answer) {
  auto& answers = store_->answers();
  EXPECT_TRUE(begin(request("a")));
  AnswerRecord other = request("a", 2);
  other.body_hash = "other";
  auto known = answers.begin(other, room_);
  ASSERT_TRUE(known.ok() && known->has_value());
  EXPECT_EQ((*known)->body_hash, "h") << "the first one stays";
  EXPECT_EQ((*known)->begun_at, at(1));
  EXPECT_EQ((*known)->sealed, "");
  EXPECT_EQ(names(), "");
  std::string const sealed("\x01\x00\xff", 3);
  EXPECT_TRUE(answer("a", sealed));
  EXPECT_FALSE(answer("a", "second")) << "it has one";
  EXPECT_FALSE(answer("b", sealed)) << "nobody asked";
  known = answers.begin(other, room_);
  ASSERT_TRUE(known.ok() && known->has_value());
  EXPECT_EQ((*known)->sealed, sealed);
  EXPECT_EQ((**answers.find("a")).sealed, sealed);
  EXPECT_FALSE(answers.find("b")->has_value());
}

TEST_P(AnswersConformance, what_is_forgotten_may_come_again) {
  EXPECT_TRUE(begin(request("a")));
  EXPECT_OK(store_->answers().forget("a"));
  EXPECT_OK(store_->answers().forget("a"));
  EXPECT_TRUE(begin(request("a")));
}

TEST_P(AnswersConformance, what_is_too_old_goes_with_or_without_an_answer) {
  EXPECT_TRUE(begin(request("a", 1)));
  EXPECT_TRUE(begin(request("b", 1)));
  EXPECT_TRUE(begin(request("c", 2)));
  EXPECT_TRUE(answer("a", "A"));
  room_.begun_after = at(1);
  EXPECT_TRUE(begin(request("b", 3)));
  EXPECT_FALSE(store_->answers().find("a")->has_value());
  EXPECT_TRUE(store_->answers().find("c")->has_value());
}

TEST_P(AnswersConformance, the_oldest_answers_go_when_there_are_too_many) {
  AnswerRoom const three{.begun_after = at(0), .count_max = 3, .bytes_max = 1'000};
  EXPECT_TRUE(begin(request("open", 1), three));
  EXPECT_TRUE(begin(request("late", 3), three));
  EXPECT_TRUE(begin(request("early", 2), three));
  EXPECT_TRUE(answer("late", "L"));
  EXPECT_TRUE(answer("early", "E"));
  EXPECT_TRUE(begin(request("next", 4), three));
  EXPECT_EQ(names(), "late ");
  EXPECT_TRUE(begin(request("more", 5), three));
  EXPECT_TRUE(begin(request("still", 6), three));
  EXPECT_EQ(names(), "");
  EXPECT_FALSE(begin(request("open", 7), three)) << "without an answer it stays";
  EXPECT_FALSE(begin(request("next", 7), three));
}

TEST_P(AnswersConformance, the_oldest_answers_go_when_they_are_too_large) {
  AnswerRoom const ten{.begun_after = at(0), .count_max = 100, .bytes_max = 10};
  for (int i = 1; i <= 4; ++i) {
    EXPECT_TRUE(begin(request("r" + std::to_string(i), i), ten));
    EXPECT_TRUE(answer("r" + std::to_string(i), "12345"));
  }
  EXPECT_EQ(names(), "r2 r3 r4 ");
  EXPECT_TRUE(begin(request("next", 5), ten));
  EXPECT_EQ(names(), "r3 r4 ");
}

TEST_P(AnswersConformance, an_answer_is_sealed_anew_only_as_it_was_read) {
  auto& answers = store_->answers();
  EXPECT_TRUE(begin(request("b")));
  EXPECT_TRUE(begin(request("a")));
  std::string const large(AnswerStore::head_bytes + 1, 's');
  EXPECT_TRUE(answer("b", large));
  EXPECT_TRUE(answer("a", "A"));
  auto const all = answers.list();
  ASSERT_TRUE(all.ok() && all->size() == 2);
  EXPECT_EQ((*all)[0].name, "a");
  EXPECT_EQ((*all)[0].sealed, "A");
  EXPECT_EQ((*all)[1].sealed, large.substr(1)) << "its head";
  EXPECT_TRUE(*answers.reseal("b", large, "anew"));
  EXPECT_FALSE(*answers.reseal("b", large, "again"));
  EXPECT_FALSE(*answers.reseal("c", large, "anew"));
  EXPECT_EQ((**answers.find("b")).sealed, "anew");
}

INSTANTIATE_FOR_EVERY_STORE(AnswersConformance);

}  // namespace
}  // namespace fairlead::store
