#include "access/stored_secrets.h"

#include <algorithm>
#include <cctype>

#include "vault/resealing.h"

namespace fairlead::access {
namespace {

constexpr std::size_t name_length_max = 64;
// Shorter ones could not be masked without eating ordinary text (action/secret_mask.h).
constexpr std::size_t value_length_min = 4;

vault::SealContext context_of(std::string_view name) {
  return {.table = "secrets", .row = name, .column = "value"};
}

Result<void> check(std::string_view name, Secret const& value) {
  if (!is_secret_name(name)) {
    return invalid_input("name",
                         "A secret's name is letters, digits, - and _, begins with a "
                         "letter or _, and has at most 64 characters.");
  }
  if (value.size() < value_length_min) {
    auto error = invalid_input("value", "The value of a secret has at least four characters.");
    error.cause = "A shorter one could not be masked in outputs without eating ordinary text.";
    return error;
  }
  if (value.size() > secret_bytes_max)
    return invalid_input("value", "The value of a secret has at most 64 KiB.");
  return {};
}

class Chain final : public SecretSource {
 public:
  explicit Chain(std::vector<SecretSource*> sources) : sources_(std::move(sources)) {}

  Result<std::optional<Secret>> find(std::string_view name) override {
    for (auto* source : sources_) {
      FAIRLEAD_TRY(auto found, source->find(name));
      if (found) return found;
    }
    return std::optional<Secret>();
  }

  Result<std::vector<SecretListing>> list() override {
    std::vector<SecretListing> all;
    for (auto* source : sources_) {
      FAIRLEAD_TRY(auto part, source->list());
      for (auto& each : part) {
        auto const same = [&](SecretListing const& known) { return known.name == each.name; };
        if (std::none_of(all.begin(), all.end(), same)) all.push_back(std::move(each));
      }
    }
    std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
    return all;
  }

 private:
  std::vector<SecretSource*> const sources_;
};

}  // namespace

bool is_secret_name(std::string_view name) {
  auto const allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= name_length_max && name[0] != '-' &&
         std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(), allowed);
}

Result<void> StoredSecrets::set(std::string_view name, Secret const& value, std::string_view by) {
  FAIRLEAD_CHECK(check(name, value));
  return store_.put({.name = std::string(name),
                     .sealed = vault_.seal(context_of(name), value),
                     .updated_by = std::string(by),
                     .updated_at = clock_.now()});
}

Result<void> StoredSecrets::remove(std::string_view name) { return store_.remove(name); }

Result<int> StoredSecrets::reseal(int limit) {
  FAIRLEAD_TRY(auto const all, store_.list());
  vault::Resealing batch(limit);
  for (auto const& each : all) {
    if (batch.is_full()) break;
    FAIRLEAD_TRY(auto const record, store_.find(each.name));
    if (!record || !vault_.is_outdated(record->sealed)) continue;
    batch.note("the secret " + each.name, seal_anew(each.name, record->sealed));
  }
  return batch.result();
}

Result<void> StoredSecrets::seal_anew(std::string const& name, std::string const& sealed) {
  FAIRLEAD_TRY(auto const value, vault_.open(context_of(name), sealed));
  FAIRLEAD_CHECK(store_.reseal(name, sealed, vault_.seal(context_of(name), value)));
  return {};
}

Result<std::optional<Secret>> StoredSecrets::find(std::string_view name) {
  FAIRLEAD_TRY(auto const record, store_.find(name));
  if (!record) return std::optional<Secret>();
  FAIRLEAD_TRY(auto value, vault_.open(context_of(name), record->sealed));
  return std::optional<Secret>(std::move(value));
}

Result<std::vector<SecretListing>> StoredSecrets::list() {
  FAIRLEAD_TRY(auto const records, store_.list());
  std::vector<SecretListing> all;
  for (auto const& record : records) {
    all.push_back({.name = record.name,
                   .source = "store",
                   .updated_by = record.updated_by,
                   .updated_at = record.updated_at});
  }
  return all;
}

std::unique_ptr<SecretSource> make_secret_chain(std::vector<SecretSource*> sources) {
  return std::make_unique<Chain>(std::move(sources));
}

}  // namespace fairlead::access
