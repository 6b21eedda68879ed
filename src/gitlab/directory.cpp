#include "gitlab/directory.h"

namespace fairlead::gitlab {
namespace {

// One client for all, one of these for each call: it says whose share of the limit is used.
class ForCaller final : public action::Api {
 public:
  ForCaller(std::shared_ptr<Client> client, action::Caller caller)
      : client_(std::move(client)), caller_(std::move(caller)) {}

  Result<action::Response> send(action::Request const& request) override {
    return client_->send_for(caller_, request);
  }
  Result<action::ListSummary> list(action::Request const& request,
                                   action::ListOptions const& options,
                                   action::ItemSink const& sink) override {
    return client_->list_for(caller_, request, options, sink);
  }
  Result<Json> account() override { return client_->account(); }
  [[nodiscard]] std::string const& base_url() const override { return client_->base_url(); }
  [[nodiscard]] std::string connection_id() const override { return client_->connection_id(); }

 private:
  std::shared_ptr<Client> client_;
  action::Caller caller_;
};

}  // namespace

Result<std::shared_ptr<action::Api>> ApiDirectory::open(std::string_view connection) {
  FAIRLEAD_TRY(auto found, client(connection));
  return std::shared_ptr<action::Api>(std::move(found));
}

Result<std::shared_ptr<action::Api>> ApiDirectory::open_for(std::string_view connection,
                                                            action::Caller const& caller) {
  FAIRLEAD_TRY(auto found, client(connection));
  if (caller.workflow.empty()) return std::shared_ptr<action::Api>(std::move(found));
  return std::shared_ptr<action::Api>(std::make_shared<ForCaller>(std::move(found), caller));
}

std::optional<BudgetState> ApiDirectory::budget(ConnectionId const& connection) {
  std::scoped_lock const lock(mutex_);
  auto const found = clients_.find(connection);
  if (found == clients_.end()) return std::nullopt;
  return found->second->budget();
}

Result<std::shared_ptr<Client>> ApiDirectory::client(std::string_view connection) {
  FAIRLEAD_TRY(auto const source, sources_.source(connection));
  FAIRLEAD_TRY(auto const endpoint, source->endpoint());
  std::scoped_lock const lock(mutex_);
  auto const found = clients_.find(endpoint.id);
  if (found != clients_.end() && found->second->base_url() == endpoint.base_url) {
    return found->second;
  }
  auto made = std::make_shared<Client>(surroundings_, source, endpoint);
  if (found != clients_.end() || clients_.size() < shared_clients_max) clients_[endpoint.id] = made;
  return made;
}

}  // namespace fairlead::gitlab
