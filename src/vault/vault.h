// Vault: seals secrets for storage and opens them again. XChaCha20-Poly1305 (libsodium).
//
// A sealed value is bound to the table, row and column it is stored in: moved elsewhere, or
// altered, it does not open. Layout: version (1 byte) | key id (4) | nonce (24) | ciphertext and
// tag (16 more than the plain text). The key id lets former keys open what they sealed while the
// first key seals anew: rotation. Thread-safe; no I/O.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "vault/master_key.h"

namespace fairlead::vault {

// Where a sealed value is stored: {"connections", id, "access_token"}.
struct SealContext {
  std::string_view table;
  std::string_view row;
  std::string_view column;
};

// One subkey for each use, so that no two uses share a key. The numbers are stored data: never
// change one.
enum class Purpose : std::uint64_t { key_id = 1, sealing = 2, sessions = 3, signing = 4 };

class Vault {
 public:
  // The first key seals; all of them open. At least one.
  Vault(std::vector<MasterKey> const& keys, Random& random);
  Vault(Vault const&) = delete;
  Vault& operator=(Vault const&) = delete;
  ~Vault();

  // Bytes to store. Sealing the same value twice gives different bytes.
  std::string seal(SealContext const& context, Secret const& secret);
  // denied: sealed with a key we do not have. corrupt: altered, cut, or stored in another place.
  Result<Secret> open(SealContext const& context, std::string_view sealed) const;
  // True if it was sealed with a former key: seal it again.
  [[nodiscard]] bool is_outdated(std::string_view sealed) const;

  // Kept in the store's meta table (key: vault_check_key) at first start ...
  std::string check_value();
  // ... and verified at every other. denied: another master key than the one the data was sealed
  // with; the text says where this key came from and what to do.
  Result<void> verify(std::string_view stored_check_value) const;

  // From now on this key seals; the others still open. Again with the first one: nothing happens.
  void put_first(MasterKey const& key);
  // Opens with the first key only: all that others sealed must be sealed anew before.
  void forget_former();
  [[nodiscard]] bool has_former() const;

  // 32 bytes for that purpose, from the first key.
  [[nodiscard]] Secret subkey(Purpose purpose) const;

 private:
  struct Key;
  static Key key_from(MasterKey const& key);
  using Keys = std::vector<Key>;
  // Shared: who seals or opens keeps the keys it began with while others are put in.
  [[nodiscard]] std::shared_ptr<Keys const> keys() const;

  mutable std::mutex mutex_;
  std::shared_ptr<Keys const> keys_;
  Random& random_;
};

inline constexpr std::string_view vault_check_key = "vault.check";

}  // namespace fairlead::vault
