// StoredSecrets: secrets that Fairlead keeps itself, sealed by the vault in the store.
//
// Written through API and CLI, read only by calls of workflows: nothing ever shows a value again.
// Thread-safe, blocking.
#pragma once

#include "access/secret_source.h"
#include "store/secrets.h"
#include "vault/vault.h"

namespace fairlead::access {

class StoredSecrets final : public SecretSource {
 public:
  StoredSecrets(store::SecretStore& store, vault::Vault& vault, Clock const& clock)
      : store_(store), vault_(vault), clock_(clock) {}

  // Sets or replaces. Errors: invalid_input (`where` is name or value).
  Result<void> set(std::string_view name, Secret const& value, std::string_view by);
  // not_found.
  Result<void> remove(std::string_view name);

  // Seals at most that many values of a former master key anew; says how many.
  Result<int> reseal(int limit);

  Result<std::optional<Secret>> find(std::string_view name) override;
  Result<std::vector<SecretListing>> list() override;

 private:
  Result<void> seal_anew(std::string const& name, std::string const& sealed);

  store::SecretStore& store_;
  vault::Vault& vault_;
  Clock const& clock_;
};

}  // namespace fairlead::access
