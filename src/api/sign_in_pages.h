// The small pages a person sees when connecting: done, or what went wrong and what to do.
//
// Plain HTML with no script and a strict Content-Security-Policy. All texts are escaped. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/http_server.h"
#include "store/records.h"

namespace fairlead::api {

inline constexpr std::string_view sign_in_cookie = "fairlead_sign_in";
inline constexpr std::size_t sign_in_cookie_bytes = 32;
// Looks like random_token(sign_in_cookie_bytes).
bool is_sign_in_cookie(std::string_view value);

// For the path of our pages below the public URL, HttpOnly, SameSite=Lax (GitLab's redirect is a
// top-level GET), Secure where we are reached by https; 15 minutes.
std::string sign_in_cookie_header(std::string_view value, std::string_view public_url);

net::ServerResponse success_page(store::ConnectionRecord const& record);
net::ServerResponse failure_page(Error const& error);

std::string escape_html(std::string_view text);

}  // namespace fairlead::api
