// The sandbox's own reading and writing of URLs and form bodies, on purpose not shared with
// net/url.h or the connector: a mistake there must not be mirrored here.
//
// `key=1`, `list[]=a&list[]=b`, `hash[key]=v` and `rows[][a]=1&rows[][b]=2` become nested Json the
// way Rack does it (rack/query_parser.rb). All leaves are strings. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace fairlead::sandbox {

// %XX decoded; a broken escape stays as it is.
std::string decode_percent(std::string_view text);
// The same with + as a blank: for queries and form bodies.
std::string decode_form(std::string_view text);
// Everything but letters, digits and -._~ as %XX.
std::string encode_percent(std::string_view text);

// Path of a request target, split at "/" and then decoded, so that "a%2Fb" is one segment.
std::vector<std::string> split_path(std::string_view target);
// What follows the first "?", or "".
std::string_view query_of(std::string_view target);

using Pairs = std::vector<std::pair<std::string, std::string>>;
Pairs split_pairs(std::string_view text);
// Adds pairs to `into`, later ones winning. At most `pairs_max` are read.
void nest_pairs(Pairs const& pairs, Json& into);
inline constexpr std::size_t pairs_max = 4'096;

// Value of one cookie in a Cookie header, or "".
std::string cookie_value(std::string_view header, std::string_view name);

// Fields of a multipart/form-data body; files are kept as their text. Empty if there is no
// boundary.
Pairs split_multipart(std::string_view content_type, std::string_view body);

// & < > " ' as entities.
std::string escape_html(std::string_view text);

}  // namespace fairlead::sandbox
