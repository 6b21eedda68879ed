#include "gitlab/directory.h"

namespace fairlead::gitlab {

Result<std::shared_ptr<action::Api>> ApiDirectory::open(std::string_view connection) {
  FAIRLEAD_TRY(auto const source, sources_.source(connection));
  FAIRLEAD_TRY(auto const endpoint, source->endpoint());
  std::scoped_lock const lock(mutex_);
  auto const found = clients_.find(endpoint.id);
  if (found != clients_.end() && found->second->base_url() == endpoint.base_url) {
    return std::shared_ptr<action::Api>(found->second);
  }
  auto client = std::make_shared<Client>(surroundings_, source, endpoint);
  if (found != clients_.end() || clients_.size() < shared_clients_max)
    clients_[endpoint.id] = client;
  return std::shared_ptr<action::Api>(client);
}

}  // namespace fairlead::gitlab
