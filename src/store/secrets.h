// SecretStore: the sealed values of `$secrets`, by name.
//
// Part of the Store. The values were sealed by the vault before they come here (access/secrets.h);
// nobody else reads them. Thread-safe, blocking.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace fairlead::store {

struct SecretRecord {
  std::string name;
  std::string sealed;
  std::string updated_by;
  Time updated_at{};
};

class SecretStore {
 public:
  virtual ~SecretStore() = default;
  // Replaces one of the same name.
  virtual Result<void> put(SecretRecord const& record) = 0;
  // Another seal of the same value, if it still is sealed as `former` says; else false.
  virtual Result<bool> reseal(std::string_view name, std::string_view former,
                              std::string_view sealed) = 0;
  virtual Result<std::optional<SecretRecord>> find(std::string_view name) = 0;
  // By name; `sealed` is left out.
  virtual Result<std::vector<SecretRecord>> list() = 0;
  // not_found.
  virtual Result<void> remove(std::string_view name) = 0;
};

}  // namespace fairlead::store
