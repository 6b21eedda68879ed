// OpenApiDocuments: fetches the documents that `call: openapi` names and keeps them for a while.
//
// Bounded in size, number and age; the address guard of all outgoing calls holds. Thread-safe;
// load() blocks.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "builtin/authentication.h"

namespace fairlead::builtin {

inline constexpr std::size_t openapi_bytes_max = 16u << 20;
inline constexpr std::size_t openapi_documents_max = 32;
inline constexpr Milliseconds openapi_kept = std::chrono::minutes(10);

class OpenApiDocuments {
 public:
  OpenApiDocuments(Authentication& authentication, Clock const& clock)
      : authentication_(authentication), clock_(clock) {}

  // `endpoint`: a URL, or {uri, authentication}. Shared because calls go on with a document that
  // is replaced meanwhile. Errors: as an HTTP call, and configuration (not a document).
  Result<std::shared_ptr<Json const>> load(Json const& endpoint, action::SecretMask& mask);

 private:
  struct Kept {
    std::string key;
    Milliseconds until;
    std::shared_ptr<Json const> document;
  };
  std::shared_ptr<Json const> kept(std::string const& key);
  Result<std::shared_ptr<Json const>> fetch(Json const& endpoint, action::SecretMask& mask);

  Authentication& authentication_;
  Clock const& clock_;
  std::mutex mutex_;
  std::deque<Kept> documents_;  // oldest first
};

}  // namespace fairlead::builtin
