// Result<T>: a value or an Error, and the one macro that passes errors on.
//
// Expected failures travel as values; exceptions stay inside the adapter of a library that throws.
// A Result must be looked at ([[nodiscard]]); reading the wrong side is a bug and stops the process
// with a message.
//
//   FAIRLEAD_TRY(auto issue, client.get_issue(ref));   // returns the Error to our caller, or binds
//   the value FAIRLEAD_CHECK(store.commit(batch));               // same for Result<void>
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/assert.h"
#include "base/error.h"

namespace fairlead {

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose
  template <class U>
  requires(std::is_constructible_v<T, U&&>&& std::is_convertible_v<U&&, T> &&
           !std::is_same_v<std::remove_cvref_t<U>, T> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error> &&
           !std::is_same_v<std::remove_cvref_t<U>, Result>) Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT: implicit on purpose

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return FAIRLEAD_ASSERT(ok(), "value() of a failed Result"), std::get<0>(state_); }
  T const& value() const& {
    return FAIRLEAD_ASSERT(ok(), "value() of a failed Result"), std::get<0>(state_);
  }
  T&& value() && {
    return FAIRLEAD_ASSERT(ok(), "value() of a failed Result"), std::move(std::get<0>(state_));
  }
  Error& error() & {
    return FAIRLEAD_ASSERT(!ok(), "error() of a good Result"), std::get<1>(state_);
  }
  Error const& error() const& {
    return FAIRLEAD_ASSERT(!ok(), "error() of a good Result"), std::get<1>(state_);
  }
  Error&& error() && {
    return FAIRLEAD_ASSERT(!ok(), "error() of a good Result"), std::move(std::get<1>(state_));
  }

  T& operator*() & { return value(); }
  T const& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  T const* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  Error& error() & { return FAIRLEAD_ASSERT(!ok(), "error() of a good Result"), *error_; }
  Error const& error() const& {
    return FAIRLEAD_ASSERT(!ok(), "error() of a good Result"), *error_;
  }
  Error&& error() && {
    return FAIRLEAD_ASSERT(!ok(), "error() of a good Result"), std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace fairlead

#define FAIRLEAD_CONCAT_(a, b) a##b
#define FAIRLEAD_CONCAT(a, b) FAIRLEAD_CONCAT_(a, b)
#define FAIRLEAD_TRY_(tmp, declaration, expression) \
  auto tmp = (expression);                          \
  if (!tmp.ok()) return std::move(tmp).error();     \
  declaration = std::move(tmp).value()
// Statement form only: `FAIRLEAD_TRY(auto x, f());`. The second argument may hold commas.
#define FAIRLEAD_TRY(declaration, ...) \
  FAIRLEAD_TRY_(FAIRLEAD_CONCAT(result_, __COUNTER__), declaration, (__VA_ARGS__))
#define FAIRLEAD_CHECK_(tmp, expression) \
  if (auto tmp = (expression); !tmp.ok()) return std::move(tmp).error()
#define FAIRLEAD_CHECK(...) FAIRLEAD_CHECK_(FAIRLEAD_CONCAT(check_, __COUNTER__), (__VA_ARGS__))
