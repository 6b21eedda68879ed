// Parameters of one request (query, form or JSON), read the way Grape reads them: coerced, with
// GitLab's own complaints.
//
// Reading never fails; complaints pile up and check() turns them into one 400 `{"error":"a is
// missing, b is invalid"}`. Unknown parameters are ignored, as the real one does. Lives on one
// request's stack; no thread rule beyond that.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace fairlead::sandbox {

class Params {
 public:
  Params() = default;
  explicit Params(Json values) : values_(std::move(values)) {}

  [[nodiscard]] Json const& raw() const { return values_; }
  [[nodiscard]] Json const& raw(std::string_view name) const { return values_[name]; }
  // True if the key was sent, also as null or "".
  [[nodiscard]] bool given(std::string_view name) const { return values_.contains(name); }
  // True if it was sent and is neither null nor "".
  [[nodiscard]] bool filled(std::string_view name) const;

  std::string text(std::string_view name);
  std::string text_or(std::string_view name, std::string_view fallback);
  std::optional<std::int64_t> integer(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  bool flag(std::string_view name) { return boolean(name).value_or(false); }
  // An array, or a comma list in one string; blanks trimmed, empty items dropped.
  std::vector<std::string> list(std::string_view name);
  std::vector<std::int64_t> integers(std::string_view name);
  std::optional<Time> time(std::string_view name);
  // "YYYY-MM-DD"; a date with a time is cut; "" if null or empty.
  std::string date(std::string_view name);
  // One of the words, or the fallback if not filled.
  std::string word(std::string_view name, std::string_view fallback,
                   std::initializer_list<std::string_view> words);

  void require(std::string_view name);
  void at_most_one_of(std::initializer_list<std::string_view> names);
  void at_least_one_of(std::initializer_list<std::string_view> names);
  void complain(std::string text) { complaints_.push_back(std::move(text)); }
  [[nodiscard]] Result<void> check() const;

 private:
  Json values_ = Json::object();
  std::vector<std::string> complaints_;
};

// "2026-02-30" is not one.
bool valid_date(std::string_view text);

}  // namespace fairlead::sandbox
