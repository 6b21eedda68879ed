// What a connection may be told: its URL, its names, how it is reached. Checks and storing forms.
//
// Shared by making a connection, changing one and looking at a server before there is one. Pure but
// for the vault (put_reach seals the client's key); any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "connection/connections.h"

namespace fairlead::connection {

inline constexpr std::size_t connection_name_length_max = 63;

// Without trailing slashes and without a pasted API path.
std::string instance_root(std::string_view base_url);

// Errors: invalid_input, the field named.
Result<void> check_name(std::string const& field, std::string_view name);
Result<void> check_base_url(std::string_view base_url);
// Tokens go to https: URLs, to this machine, and to what was allowed.
Result<void> check_scheme(std::string_view base_url, net::AddressList const& allowed_http);
// The parts are stored and shown as they are: no secret may slip in with them.
Result<void> check_reach(Reach const& reach);

// Writes what is given into the record's settings; the key sealed for this record.
Result<void> put_reach(vault::Vault& vault, Reach const& reach, store::ConnectionRecord& record);

}  // namespace fairlead::connection
