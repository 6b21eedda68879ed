// AnswerStore: the POSTs that came with an Idempotency-Key, and what they were answered.
//
// Part of the Store. A row is written before the work begins and gets the answer after it: one
// without an answer, which no request of this process is at, was cut off by a crash. Answers were
// sealed by the vault before they come here (table "answers", row: name). Thread-safe, blocking.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace fairlead::store {

struct AnswerRecord {
  std::string name;  // a digest of caller, address and key
  std::string body_hash;
  Time begun_at{};
  std::string sealed;  // "": there is no answer yet
};

// How much is kept. Only those with an answer go for the sake of count and bytes: without the
// others the same work could be done twice.
struct AnswerRoom {
  Time begun_after{};
  std::int64_t count_max{0};
  std::int64_t bytes_max{0};  // of sealed answers
};

class AnswerStore {
 public:
  // Enough of an answer to see with which key it was sealed.
  static constexpr std::size_t head_bytes = 64;

  virtual ~AnswerStore() = default;
  // Keeps `fresh`, whose answer is to come, and gives nothing; if there is one of that name, gives
  // that and keeps nothing. Forgets before what is too old, and the oldest answers until one more
  // has room.
  virtual Result<std::optional<AnswerRecord>> begin(AnswerRecord const& fresh,
                                                    AnswerRoom const& room) = 0;
  // Adds the answer. False: it has one, or there is no such name.
  virtual Result<bool> answer(std::string_view name, std::string_view sealed) = 0;
  // Whether or not there is one of that name.
  virtual Result<void> forget(std::string_view name) = 0;
  virtual Result<std::optional<AnswerRecord>> find(std::string_view name) = 0;
  // Those with an answer, by name; of `sealed` only the head.
  virtual Result<std::vector<AnswerRecord>> list() = 0;
  // Another seal of the same answer, if it still is sealed as `former` says; else false.
  virtual Result<bool> reseal(std::string_view name, std::string_view former,
                              std::string_view sealed) = 0;
};

}  // namespace fairlead::store
