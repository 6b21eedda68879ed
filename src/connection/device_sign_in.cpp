// Connections: sign-in by device code (RFC 8628).
#include <algorithm>

#include "base/text.h"
#include "connection/connections.h"
#include "connection/live_connection.h"
#include "connection/sealing.h"
#include "vault/digest.h"

namespace fairlead::connection {
namespace {

constexpr std::size_t devices_max = 32;
constexpr Milliseconds slower_by{5'000};  // RFC 8628 3.5: "slow_down"
// After trouble on the way GitLab is asked again, but seldom.
constexpr Milliseconds after_trouble{15'000};

Error expired_code() {
  Error error = make_error(ErrorKind::denied, "Nobody entered the code at GitLab in time.");
  error.title = "Sign-in expired";
  error.remedy = "Start again, and enter the new code at GitLab before it ends.";
  return error;
}

}  // namespace

// Kept in memory: after a restart of the server the person starts again.
struct Connections::PendingDevice {
  store::SignInRecord row;
  std::string name;
  Secret device_code;
  Milliseconds interval{0};
  Milliseconds due{0};  // steady time
};

Result<DeviceSignIn> Connections::begin_device_sign_in(std::string_view name) {
  FAIRLEAD_TRY(auto record, parts_.store.find(name));
  if (record.auth_kind != "oauth")
    return invalid_input("name", "Connection \"" + record.name +
                                     "\" uses an access token; there is nothing to sign in.");
  FAIRLEAD_TRY(auto client, oauth_client(parts_.vault, record));
  auto request = device_request(client, record.scopes);
  FAIRLEAD_CHECK(add_reach(parts_.vault, record, request));
  FAIRLEAD_TRY(auto answer, parts_.transport.send(request));
  FAIRLEAD_TRY(auto code, read_device_answer(answer, record.base_url));
  wipe(answer.body);
  auto pending = std::make_shared<PendingDevice>();
  pending->row.state_hash = vault::sha256_hex(random_token(parts_.random, 32));
  pending->row.connection = record.id;
  pending->row.expires_at = parts_.clock.now() + code.expires_in;
  pending->name = record.name;
  pending->device_code = std::move(code.device_code);
  pending->interval = code.interval;
  pending->due = parts_.clock.steady() + code.interval;
  std::lock_guard lock(devices_mutex_);
  // A newer try takes the place of an older one of the same connection.
  std::erase_if(devices_, [&](auto const& other) { return other->row.connection == record.id; });
  if (devices_.size() >= devices_max)
    return make_error(
        ErrorKind::rate_limited,
        "Too many sign-ins by device code are under way; try again in a few minutes.");
  devices_.push_back(pending);
  return DeviceSignIn{.id = public_id(pending->row),
                      .user_code = code.user_code,
                      .verification_uri = code.verification_uri,
                      .verification_uri_complete = code.verification_uri_complete,
                      .expires_at = pending->row.expires_at};
}

std::vector<std::string> Connections::poll_device_sign_ins() {
  std::vector<std::shared_ptr<PendingDevice>> due;
  {
    std::lock_guard lock(devices_mutex_);
    for (auto const& device : devices_)
      if (device->due <= parts_.clock.steady()) due.push_back(device);
  }
  std::vector<std::string> signed_in;
  for (auto const& device : due) {
    DeviceTurn const turn = poll_device(*device);
    if (turn == DeviceTurn::signed_in) signed_in.push_back(device->name);
    if (turn == DeviceTurn::pending) continue;
    std::lock_guard lock(devices_mutex_);
    std::erase(devices_, device);
  }
  return signed_in;
}

Connections::DeviceTurn Connections::poll_device(PendingDevice& pending) {
  pending.due = parts_.clock.steady() + pending.interval;
  if (pending.row.expires_at <= parts_.clock.now()) return device_refused(pending, expired_code());
  auto ask = [&]() -> Result<store::ConnectionRecord> {
    FAIRLEAD_TRY(auto record, parts_.store.get(pending.row.connection));
    FAIRLEAD_TRY(auto client, oauth_client(parts_.vault, record));
    auto request = device_token_request(client, pending.device_code);
    FAIRLEAD_CHECK(add_reach(parts_.vault, record, request));
    auto response = parts_.transport.send(request);
    wipe(request.body);
    FAIRLEAD_TRY(auto answer, std::move(response));
    auto tokens = read_token_response(answer, Grant::code, record.base_url);
    wipe(answer.body);
    FAIRLEAD_TRY(auto pair, std::move(tokens));
    return adopt_tokens(pending.row, record, pair);
  };
  auto done = ask();
  if (done.ok()) return DeviceTurn::signed_in;
  return device_refused(pending, std::move(done).error());
}

Connections::DeviceTurn Connections::device_refused(PendingDevice& pending, Error error) {
  std::string const code = error.details["oauthError"].as_string();
  if (code == "authorization_pending") return DeviceTurn::pending;
  if (code == "slow_down") {
    pending.interval += slower_by;
    pending.due = parts_.clock.steady() + pending.interval;
    return DeviceTurn::pending;
  }
  bool const passing = error.kind == ErrorKind::unavailable || error.kind == ErrorKind::uncertain ||
                       error.kind == ErrorKind::rate_limited;
  if (passing) {
    pending.due = parts_.clock.steady() + after_trouble;
    return DeviceTurn::pending;
  }
  if (code == "expired_token") error = expired_code();
  if (code == "access_denied") error = authorize_error(code, "");
  if (error.kind != ErrorKind::not_found) note_failed_sign_in(pending.row, error);
  return DeviceTurn::over;
}

}  // namespace fairlead::connection
