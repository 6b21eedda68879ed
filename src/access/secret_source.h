// SecretSource: where the values of `$secrets` come from, one interface for all places.
//
// Sealed in our own store, files of a folder, the environment, or a command of the operator. Asked
// at the moment of a call, never kept longer. Thread-safe; may block.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace fairlead::access {

inline constexpr std::size_t secret_bytes_max = 64u << 10;

struct SecretListing {
  std::string name;
  std::string source;  // "store", "folder", "environment"
  std::string updated_by;
  std::optional<Time> updated_at;
};

class SecretSource {
 public:
  virtual ~SecretSource() = default;
  // Nothing: this source has no secret of that name. Errors: the source itself fails; never with a
  // value in the text.
  virtual Result<std::optional<Secret>> find(std::string_view name) = 0;
  // Those it can name; a command cannot.
  virtual Result<std::vector<SecretListing>> list() = 0;
};

// Letters, digits, - and _, no digit and no - first, at most 64.
bool is_secret_name(std::string_view name);

// Asks one after the other; the first that has the name wins. The sources must outlive it.
std::unique_ptr<SecretSource> make_secret_chain(std::vector<SecretSource*> sources);

}  // namespace fairlead::access
