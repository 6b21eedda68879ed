#include "builtin/openapi_documents.h"

#include "builtin/call_errors.h"
#include "builtin/http_call.h"
#include "builtin/openapi_document.h"
#include "vault/digest.h"

namespace fairlead::builtin {

std::shared_ptr<Json const> OpenApiDocuments::kept(std::string const& key) {
  std::lock_guard const lock(mutex_);
  auto const now = clock_.steady();
  std::erase_if(documents_, [&](Kept const& each) { return each.until <= now; });
  for (auto const& each : documents_) {
    if (each.key == key) return each.document;
  }
  return nullptr;
}

Result<std::shared_ptr<Json const>> OpenApiDocuments::fetch(Json const& endpoint,
                                                            action::SecretMask& mask) {
  auto call =
      read_http_call(Json::object({{"method", "get"}, {"endpoint", endpoint}, {"redirect", true}}));
  if (!call.ok()) {
    return configuration_error(
        "with.document.endpoint",
        "The place of the OpenAPI document is no usable URL: " + call.error().message,
        "Write an absolute http or https URL.");
  }
  call->request.limits.body_bytes_max = openapi_bytes_max;
  auto answer = authentication_.send(call->request, call->authentication, mask);
  if (!answer.ok()) return no_answer(std::move(answer).error(), Repeat::harmless);
  if (answer->status != 200) {
    auto error = refused(call->request, *answer);
    error.message = "The OpenAPI document could not be read: " + error.message;
    return error;
  }
  FAIRLEAD_TRY(auto document, read_openapi(answer->body));
  return std::make_shared<Json const>(std::move(document));
}

Result<std::shared_ptr<Json const>> OpenApiDocuments::load(Json const& endpoint,
                                                           action::SecretMask& mask) {
  std::string const key = vault::sha256_hex(endpoint.dump());
  if (auto known = kept(key)) return known;
  FAIRLEAD_TRY(auto document, fetch(endpoint, mask));
  std::lock_guard const lock(mutex_);
  documents_.push_back({key, clock_.steady() + openapi_kept, document});
  if (documents_.size() > openapi_documents_max) documents_.pop_front();
  return document;
}

}  // namespace fairlead::builtin
