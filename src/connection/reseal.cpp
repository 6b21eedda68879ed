// Connections::reseal: after a new master key.
#include <array>

#include "connection/live_connection.h"
#include "connection/pending_sign_ins.h"
#include "connection/sealing.h"
#include "vault/resealing.h"

namespace fairlead::connection {
namespace {

struct Column {
  char const* name;
  std::string store::ConnectionRecord::*sealed;
};
constexpr std::array columns{
    Column{"client_secret", &store::ConnectionRecord::sealed_client_secret},
    Column{"access_token", &store::ConnectionRecord::sealed_access_token},
    Column{"refresh_token", &store::ConnectionRecord::sealed_refresh_token},
    Column{"client_key", &store::ConnectionRecord::sealed_client_key},
};

bool is_outdated(vault::Vault const& vault, store::ConnectionRecord const& record) {
  for (auto const& column : columns) {
    std::string const& sealed = record.*column.sealed;
    if (!sealed.empty() && vault.is_outdated(sealed)) return true;
  }
  auto const device = pending_device(record);
  return device && vault.is_outdated(device->sealed_code);
}

Result<void> seal_device_anew(vault::Vault& vault, store::ConnectionRecord& record) {
  auto device = pending_device(record);
  if (!device || !vault.is_outdated(device->sealed_code)) return {};
  FAIRLEAD_TRY(auto const plain,
               open_column(vault, record.id.text, "device_code", device->sealed_code));
  FAIRLEAD_TRY(device->sealed_code, seal_column(vault, record.id.text, "device_code", plain));
  put_pending_device(record, *device);
  return {};
}

Result<void> seal_anew(vault::Vault& vault, store::ConnectionRecord& record) {
  for (auto const& column : columns) {
    std::string& sealed = record.*column.sealed;
    if (sealed.empty() || !vault.is_outdated(sealed)) continue;
    FAIRLEAD_TRY(auto const plain, open_column(vault, record.id.text, column.name, sealed));
    FAIRLEAD_TRY(sealed, seal_column(vault, record.id.text, column.name, plain));
  }
  return seal_device_anew(vault, record);
}

}  // namespace

// Through the live connection: never in the middle of a refresh, and what it keeps in memory is
// read anew, so that no later refresh stores the old seals again.
Result<int> Connections::reseal(int limit) {
  FAIRLEAD_TRY(auto const all, parts_.store.list());
  vault::Resealing batch(limit);
  for (auto const& record : all) {
    if (batch.is_full()) break;
    if (!is_outdated(parts_.vault, record)) continue;
    auto const done = live(record.id)->change(
        [&](store::ConnectionRecord& now) { return seal_anew(parts_.vault, now); });
    bool const gone = !done.ok() && done.error().kind == ErrorKind::not_found;
    batch.note("the connection " + record.name,
               done.ok() || gone ? Result<void>() : Result<void>(done.error()));
  }
  return batch.result();
}

}  // namespace fairlead::connection
