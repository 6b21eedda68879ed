// Connections: sign-in by device code (RFC 8628).
#include "base/text.h"
#include "connection/connections.h"
#include "connection/live_connection.h"
#include "connection/pending_sign_ins.h"
#include "connection/sealing.h"
#include "vault/digest.h"

namespace fairlead::connection {
namespace {

constexpr std::size_t id_digits = 16;     // as Connections::public_id
constexpr Milliseconds slower_by{5'000};  // RFC 8628 3.5: "slow_down"
// After trouble on the way GitLab is asked again, but seldom.
constexpr Milliseconds after_trouble{15'000};

Error expired_code() {
  Error error = make_error(ErrorKind::denied, "Nobody entered the code at GitLab in time.");
  error.title = "Sign-in expired";
  error.remedy = "Start again, and enter the new code at GitLab before it ends.";
  return error;
}

Error asked_elsewhere() {
  return make_error(ErrorKind::conflict, "Another node looks after this sign-in.");
}

store::SignInRecord row_of(ConnectionId const& connection, PendingDevice const& device) {
  store::SignInRecord row;
  row.state_hash = device.id;
  row.connection = connection;
  row.expires_at = device.expires_at;
  return row;
}

// Trouble on the way decides nothing.
bool is_passing(Error const& error) {
  return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::uncertain ||
         error.kind == ErrorKind::rate_limited;
}

Error titled(Error error) {
  std::string const code = error.details["oauthError"].as_string();
  if (code == "expired_token") return expired_code();
  if (code == "access_denied") return authorize_error(code, "");
  return error;
}

}  // namespace

Result<DeviceSignIn> Connections::begin_device_sign_in(std::string_view name,
                                                       std::string_view scopes) {
  FAIRLEAD_TRY(auto record, parts_.store.find(name));
  if (record.auth_kind != "oauth")
    return invalid_input("name", "Connection \"" + record.name +
                                     "\" uses an access token; there is nothing to sign in.");
  PendingDevice device;
  device.id = vault::sha256_hex(random_token(parts_.random, 32)).substr(0, id_digits);
  std::string wished = asked_scopes(record, device.id);
  if (!scopes.empty()) {
    FAIRLEAD_TRY(wished, read_scopes(scopes));
  }
  FAIRLEAD_TRY(auto client, oauth_client(parts_.vault, record));
  auto request = device_request(client, wished);
  FAIRLEAD_CHECK(add_reach(parts_.vault, record, request));
  FAIRLEAD_TRY(auto answer, parts_.transport.send(request));
  FAIRLEAD_TRY(auto code, read_device_answer(answer, record.base_url));
  wipe(answer.body);
  Time const now = parts_.clock.now();
  device.interval = code.interval;
  device.due = now + code.interval;
  device.expires_at = now + code.expires_in;
  FAIRLEAD_TRY(device.sealed_code,
               seal_column(parts_.vault, record.id.text, "device_code", code.device_code));
  // A newer try takes the place of an older one of the same connection.
  FAIRLEAD_CHECK(live(record.id)->change([&](auto& stored) -> Result<void> {
    put_wish(stored, {.id = device.id, .scopes = wished, .until = device.expires_at}, now);
    put_pending_device(stored, device);
    return {};
  }));
  return DeviceSignIn{.id = device.id,
                      .user_code = code.user_code,
                      .verification_uri = code.verification_uri,
                      .verification_uri_complete = code.verification_uri_complete,
                      .expires_at = device.expires_at};
}

std::vector<std::string> Connections::poll_device_sign_ins() {
  std::vector<std::string> signed_in;
  auto const all = parts_.store.list();
  if (!all.ok()) return signed_in;  // whoever asks lists them, too, and says so
  for (auto const& record : *all) {
    auto const device = pending_device(record);
    if (!device || !is_due(*device, parts_.clock.now())) continue;
    auto const done = poll_device(record, *device);
    if (done.ok() && *done) signed_in.push_back(record.name);
    bool const told = done.ok() || done.error().kind == ErrorKind::conflict ||
                      done.error().kind == ErrorKind::not_found;
    if (!told)
      parts_.log.warning("a sign-in by device code could not be looked after; tried again",
                         {{"connection", record.name}, {"error", describe(done.error())}});
  }
  return signed_in;
}

// Whoever moves the due time on asks GitLab: two nodes at once would be told to slow down.
Result<bool> Connections::poll_device(store::ConnectionRecord const& record,
                                      PendingDevice const& device) {
  if (device.expires_at <= parts_.clock.now()) {
    FAIRLEAD_CHECK(device_refused(record.id, device, expired_code()));
    return false;
  }
  FAIRLEAD_CHECK(live(record.id)->change([&](auto& now) -> Result<void> {
    auto turn = pending_device(now);
    if (!turn || turn->id != device.id || turn->due != device.due) return asked_elsewhere();
    turn->due = parts_.clock.now() + turn->interval;
    put_pending_device(now, *turn);
    return {};
  }));
  auto ask = [&]() -> Result<store::ConnectionRecord> {
    FAIRLEAD_TRY(auto client, oauth_client(parts_.vault, record));
    FAIRLEAD_TRY(auto code,
                 open_column(parts_.vault, record.id.text, "device_code", device.sealed_code));
    auto request = device_token_request(client, code);
    FAIRLEAD_CHECK(add_reach(parts_.vault, record, request));
    auto response = parts_.transport.send(request);
    wipe(request.body);
    FAIRLEAD_TRY(auto answer, std::move(response));
    auto tokens = read_token_response(answer, Grant::code, record.base_url);
    wipe(answer.body);
    FAIRLEAD_TRY(auto pair, std::move(tokens));
    return adopt_tokens(row_of(record.id, device), record, pair);
  };
  auto done = ask();
  if (done.ok()) return true;
  FAIRLEAD_CHECK(device_refused(record.id, device, std::move(done).error()));
  return false;
}

Result<void> Connections::device_refused(ConnectionId const& id, PendingDevice const& device,
                                         Error error) {
  std::string const code = error.details["oauthError"].as_string();
  if (code == "authorization_pending") return {};
  bool const slower = code == "slow_down";
  Error const shown = titled(std::move(error));
  bool const over = !slower && !is_passing(shown);
  FAIRLEAD_TRY(auto stored, live(id)->change([&](auto& now) -> Result<void> {
    auto turn = pending_device(now);
    if (!turn || turn->id != device.id) return asked_elsewhere();
    if (over) {
      end_pending_device(now, device.id);
      put_failed_sign_in(now, row_of(id, device), shown);
      return {};
    }
    if (slower) turn->interval += slower_by;
    turn->due = parts_.clock.now() + (slower ? turn->interval : after_trouble);
    put_pending_device(now, *turn);
    return {};
  }));
  if (over)
    parts_.log.warning("sign-in failed", {{"connection", stored.name}, {"error", describe(shown)}});
  return {};
}

}  // namespace fairlead::connection
