// Sign-ins under way, as they stand in their connection's row: the scopes that each asked for, and
// the one by device code, which any node of the server polls on, after a restart too.
//
// In the row they have its compare-and-swap, its seals and its end; a browser's sign-in has its
// state and verifier in a row of its own (store::SignInRecord). Pure functions over the row's
// settings; `id` is the public id of a sign-in. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "store/records.h"

namespace fairlead::connection {

inline constexpr std::size_t scopes_max = 30;
inline constexpr std::size_t scope_length_max = 60;
inline constexpr std::size_t scope_wishes_max = 16;  // sign-ins of one connection under way

// One space between, each once. Errors: invalid_input (scopes).
Result<std::string> read_scopes(std::string_view text);

// What a sign-in asks for: its own wish, else what the last one asked for.
std::string asked_scopes(store::ConnectionRecord const& record, std::string_view id);
struct ScopeWish {
  std::string id;
  std::string scopes;
  Time until{};
};
void put_wish(store::ConnectionRecord& record, ScopeWish const& wish, Time now);

// The sign-in is done, and record.scopes is what was granted: leaves {id, outcome, asked, granted,
// missing?} in settings.signIn.
void note_signed_in(store::ConnectionRecord& record, std::string_view id, std::string_view asked);
// Of the last sign-in: asked for and not granted.
Json missing_scopes(store::ConnectionRecord const& record);
// Those, and the scope without which no project can be read: api, or read_api if it is kept
// read-only. Unknown scopes ("") lack nothing.
Json lacking_scopes(store::ConnectionRecord const& record);
// True if neither api nor read_api is granted: users can be listed at most.
bool reads_no_projects(std::string_view scopes);

struct PendingDevice {
  std::string id;
  std::string sealed_code;  // column "device_code"
  Milliseconds interval{0};
  Time due{};  // when GitLab may be asked again
  Time expires_at{};
};
std::optional<PendingDevice> pending_device(store::ConnectionRecord const& record);
void put_pending_device(store::ConnectionRecord& record, PendingDevice const& device);
// False, and nothing changed, if another one or none is under way.
bool end_pending_device(store::ConnectionRecord& record, std::string_view id);
// Also where the clock was set back meanwhile.
bool is_due(PendingDevice const& device, Time now);

}  // namespace fairlead::connection
