#include "app/connection_watch.h"

#include "connection/care_events.h"

namespace fairlead::app {
namespace {

constexpr Milliseconds between_looks{1'000};
constexpr std::size_t told_max = 10'000;

}  // namespace

void ConnectionWatch::start() {
  thread_ = std::thread([this] {
    do {
      auto looked = look();
      if (!looked.ok())
        parts_.log.warning("connections could not be looked at; tried again",
                           {{"error", describe(looked.error())}});
    } while (parts_.pause.wait(between_looks));
  });
}

void ConnectionWatch::stop() {
  if (thread_.joinable()) thread_.join();
}

Result<void> ConnectionWatch::look() {
  for (auto const& name : parts_.connections.poll_device_sign_ins())
    parts_.signed_in(name);
  FAIRLEAD_TRY(auto const all, parts_.connections.list());
  for (auto const& record : all)
    FAIRLEAD_CHECK(tell(record));
  return {};
}

Result<void> ConnectionWatch::tell(store::ConnectionRecord const& record) {
  for (auto const& event : connection::care_events(record, parts_.clock.now())) {
    if (told_.contains(event.id)) continue;
    FAIRLEAD_TRY(auto const appended, parts_.events.append(event));
    if (told_.size() >= told_max) told_.clear();  // the inbox knows them as well
    told_.insert(event.id);
    if (event.type == "connection.recovered") parts_.signed_in(record.name);
    if (!appended.duplicate) parts_.arrived(appended.seq);
  }
  return {};
}

}  // namespace fairlead::app
