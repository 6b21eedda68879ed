// Fields: how a struct declares its members once, for JSON Schema, decoding, encoding, forms, docs.
//
//   static constexpr auto fields() {
//     return std::tuple{
//         field("title", &Input::title, {.label = "Title", .help = "In short."}),
//         field("due_date", &Input::due_date, {.label = "Due date", .help = "..."})};
//   }
//
// A member without a field is a compile error. std::optional = need not be given. Pure data; what
// it leads to is in schema/codec.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "base/assert.h"
#include "base/json.h"
#include "schema/pattern.h"

namespace fairlead::schema {

struct FieldOptions {
  std::string_view label;    // "Due date"
  std::string_view help;     // one or two sentences
  std::string_view example;  // the text itself where the field is a text; else JSON text
  std::optional<std::int64_t> minimum{};
  std::optional<std::int64_t> maximum{};
  std::optional<std::int64_t> min_length{};  // code points
  std::optional<std::int64_t> max_length{};
  std::optional<std::int64_t> min_items{};
  std::optional<std::int64_t> max_items{};
  Pattern pattern{};
  std::string_view
      widget{};  // how a form shows it, where its type does not say: "textarea", "code", ...
  std::string_view
      picker{};  // what a form can look up live: "project", "group", "user", "branch", "label", ...
  // Need not be given; the member's initialiser is the default and is shown in the schema.
  bool defaulted{false};
  // Forms show it below "More".
  bool advanced{false};
};

template <class C, class T>
struct Field {
  using Owner = C;
  using Value = T;
  std::string_view name;
  T C::*member;
  FieldOptions options;
};

template <class C, class T>
constexpr Field<C, T> field(std::string_view name, T C::*member, FieldOptions options = {}) {
  return {name, member, options};
}

// The whole object as it was received. Answers keep what GitLab sent beyond the fields we know:
// encoding starts from it and writes the declared fields over it.
template <class C>
struct Rest {
  using Owner = C;
  Json C::*member;
};

template <class C>
constexpr Rest<C> rest(Json C::*member) {
  return {member};
}

template <class F>
inline constexpr bool is_rest = false;
template <class C>
inline constexpr bool is_rest<Rest<C>> = true;

// A struct that declares fields().
template <class T>
concept Described = requires {
  T::fields();
};

namespace detail {

// Converts to anything; only asked about, never called.
struct AnyValue {
  template <class T>
  operator T() const {  // NOLINT: implicit on purpose
    assertion_failed("AnyValue", "is never converted", __FILE__, __LINE__);
  }
};

template <class T, class... Values>
consteval std::size_t count_members() {
  if constexpr (requires { T{Values{}..., AnyValue{}}; }) {
    return count_members<T, Values..., AnyValue>();
  } else {
    return sizeof...(Values);
  }
}

}  // namespace detail

// Whether fields() lists as many fields as the struct has members.
template <Described T>
inline constexpr bool fields_are_complete =
    std::is_aggregate_v<T>&& detail::count_members<T>() ==
    std::tuple_size_v<std::remove_cvref_t<decltype(T::fields())>>;

// Stops the build when a member has no field.
template <Described T>
consteval bool every_member_has_a_field() {
  static_assert(std::is_aggregate_v<T>, "a struct with fields() is a plain aggregate");
  static_assert(fields_are_complete<T>,
                "a member of this struct is missing in its fields() (or listed twice)");
  return true;
}

template <Described T>
constexpr bool has_rest() {
  return std::apply(
      [](auto const&... f) { return (is_rest<std::remove_cvref_t<decltype(f)>> || ...); },
      T::fields());
}

// Names in declared order; a rest has none.
template <Described T>
constexpr auto field_names() {
  constexpr std::size_t count =
      std::tuple_size_v<std::remove_cvref_t<decltype(T::fields())>> - (has_rest<T>() ? 1 : 0);
  std::array<std::string_view, count> names{};
  std::size_t at = 0;
  auto const add = [&](auto const& f) {
    if constexpr (!is_rest<std::remove_cvref_t<decltype(f)>>) names[at++] = f.name;
  };
  std::apply([&](auto const&... f) { (add(f), ...); }, T::fields());
  return names;
}

// An enum's words: `constexpr auto enum_names(Visibility)` beside the enum returns an array of
// these.
template <class E>
struct EnumName {
  E value;
  std::string_view name;
  std::string_view label{};  // for people; "" shows the name
};

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E value) {
  enum_names(value);
};

}  // namespace fairlead::schema
