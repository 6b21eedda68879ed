// SecretMask: takes the values of the secrets that one call used out of what came back.
//
// A service may echo what it was sent. Known values are replaced wherever they stand in outputs and
// errors, as they are and in the forms in which they travel (percent-encoded, base64, JSON
// escapes). Values below four characters are left alone: replacing them would eat ordinary text.
// One thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/secret.h"

namespace fairlead::action {

inline constexpr std::size_t masked_length_min = 4;

class SecretMask {
 public:
  void add(std::string_view value);
  // Every text inside.
  void add_all(Json const& value);
  void add_all(SecretMask const& other);

  [[nodiscard]] bool empty() const { return forms_.empty(); }
  [[nodiscard]] std::string apply(std::string_view text) const;
  // Deep; names of members as well.
  void apply(Json& json) const;
  void apply(Error& error) const;

 private:
  void add_form(std::string form);

  std::vector<Secret> forms_;  // longest first
};

}  // namespace fairlead::action
