// PlayedSecrets: the secrets that a scenario sets, as the server's own sources give them.
//
// Single-threaded, as the engine in the runner is.
#pragma once

#include <map>
#include <string>

#include "access/secret_source.h"

namespace fairlead::ctk {

class PlayedSecrets final : public access::SecretSource {
 public:
  void set(std::string const& name, std::string value) { values_[name] = std::move(value); }

  Result<std::optional<Secret>> find(std::string_view name) override {
    auto const found = values_.find(name);
    if (found == values_.end()) return std::optional<Secret>();
    return std::optional<Secret>(Secret(found->second));
  }
  Result<std::vector<access::SecretListing>> list() override {
    std::vector<access::SecretListing> all;
    for (auto const& [name, value] : values_)
      all.push_back({.name = name, .source = "scenario"});
    return all;
  }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace fairlead::ctk
