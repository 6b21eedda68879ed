// MD5, for the one place that still asks for it: HTTP digest authentication with servers that offer
// nothing better (RFC 7616).
//
// Never for anything of ours. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace fairlead::vault {

// 32 lower-case hex digits.
std::string md5_hex(std::string_view bytes);

}  // namespace fairlead::vault
