// ApiDirectory: opens GitLab by the name of a connection, with one Client for each connection.
//
// Sharing the client is what makes the pace shared: all runs of a connection hold back together
// when GitLab throttles one of them. A connection whose URL changed gets a new client; calls under
// way finish on the old one. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "action/catalogue.h"
#include "gitlab/client.h"

namespace fairlead::gitlab {

// More connections than this are served too, but without sharing what was learnt about them.
inline constexpr std::size_t shared_clients_max = 1'000;

class ApiDirectory final : public action::ApiProvider {
 public:
  ApiDirectory(Surroundings surroundings, connection::TokenSources& sources)
      : surroundings_(surroundings), sources_(sources) {}

  Result<std::shared_ptr<action::Api>> open(std::string_view connection) override;
  Result<std::shared_ptr<action::Api>> open_for(std::string_view connection,
                                                action::Caller const& caller) override;
  // How the connection's rate limit stands; nothing: it was not used since the start.
  std::optional<BudgetState> budget(ConnectionId const& connection);

 private:
  Result<std::shared_ptr<Client>> client(std::string_view connection);

  Surroundings surroundings_;
  connection::TokenSources& sources_;
  std::mutex mutex_;
  std::map<ConnectionId, std::shared_ptr<Client>> clients_;
};

}  // namespace fairlead::gitlab
