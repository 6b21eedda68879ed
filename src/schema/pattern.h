// Patterns: what a text field must look like, as a regular expression for schemas and a function
// for us.
//
// The regular expression (ECMA 262, as JSON Schema wants it) is only shown to forms and other
// programs; the server itself checks with `matches`, which is plain code and cannot blow up on
// hostile input. Pure; any thread.
#pragma once

#include <string_view>

namespace fairlead::schema {

struct Pattern {
  std::string_view regex;
  std::string_view words;  // completes "must be ...": "a branch or tag name"
  bool (*matches)(std::string_view text){nullptr};
};

// Something other than blanks.
bool is_not_blank(std::string_view text);
// Exactly one @ with text on both sides and no blanks: GitLab has the last word on addresses.
bool is_email(std::string_view text);
// Letters, digits, "_", "-" and ".", as in one part of a GitLab path.
// Source: https://docs.gitlab.com/user/reserved_names/ (checked on 19.5)
bool is_path_part(std::string_view text);
// 7 to 64 hexadecimal digits.
bool is_sha(std::string_view text);

inline constexpr Pattern not_blank{R"(\S)", "something other than blanks", is_not_blank};
inline constexpr Pattern email{R"(^[^@\s]+@[^@\s]+$)", "an e-mail address", is_email};
inline constexpr Pattern path_part{R"(^[A-Za-z0-9_.][A-Za-z0-9_.\-]*$)",
                                   "letters, digits, '_', '-' and '.', not starting with '-'",
                                   is_path_part};
inline constexpr Pattern sha{"^[0-9a-fA-F]{7,64}$", "7 to 64 hexadecimal digits", is_sha};

}  // namespace fairlead::schema
