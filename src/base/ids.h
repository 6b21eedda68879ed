// Distinct types for ids, so that a run's id cannot be passed where a connection's belongs.
//
// An Id is a string with a tag; it compares, hashes and prints as its text. Value types.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace fairlead {

template <class Tag>
struct Id {
  std::string text;

  Id() = default;
  explicit Id(std::string value) : text(std::move(value)) {}
  [[nodiscard]] bool empty() const { return text.empty(); }
  friend auto operator<=>(Id const&, Id const&) = default;
};

using RunId = Id<struct RunTag>;                // UUID version 7
using ConnectionId = Id<struct ConnectionTag>;  // UUID version 7
using UserId = Id<struct UserTag>;

}  // namespace fairlead

template <class Tag>
struct std::hash<fairlead::Id<Tag>> {
  std::size_t operator()(fairlead::Id<Tag> const& id) const {
    return std::hash<std::string>()(id.text);
  }
};
