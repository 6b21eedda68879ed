// Change<T>: leave, set or clear, for fields of updates.
//
// An absent member leaves the remote value alone, a value sets it, null clears it. Plain optionals
// cannot tell the last two apart. Value type.
#pragma once

#include <optional>
#include <utility>

namespace fairlead::schema {

template <class T>
struct Change {
  enum class Kind { leave, set, clear };
  Kind kind{Kind::leave};
  std::optional<T> value;  // present exactly if kind is set

  static Change to(T value) { return {Kind::set, std::move(value)}; }
  static Change cleared() { return {Kind::clear, std::nullopt}; }

  [[nodiscard]] bool leaves() const { return kind == Kind::leave; }
  [[nodiscard]] bool sets() const { return kind == Kind::set; }
  [[nodiscard]] bool clears() const { return kind == Kind::clear; }
};

}  // namespace fairlead::schema
