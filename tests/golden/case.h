// Golden cases: one file tells one story of an action, in sections that begin with "=== ":
//   setup     JSON: now, mode ("recover"), marker, firstAttemptAt, waitState, writes, scopes
//   input     JSON
//   request   "POST /api/v4/projects", headers beyond the usual ones, a blank line, the body
//   response  status, headers, a blank line, the body; or "unavailable: ..." / "uncertain: ..."
//   output    JSON, or error; also adopted and wait
//
// The first line is a comment that says what the case shows. FAIRLEAD_UPDATE_GOLDEN=1 rewrites
// requests and outcome. Values; one thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "net/http.h"

namespace fairlead::golden {

// Where the instance of all cases lies: with a port and a sub-path, which every request must keep.
inline constexpr std::string_view base_url = "https://gitlab.example.com:8443/git";

struct Section {
  std::string name;
  std::string text;
};

struct Exchange {
  std::string request;  // text of the section
  std::string response;
};

struct Case {
  std::string comment;
  Json setup;
  Json input;
  std::vector<Exchange> exchanges;
  std::vector<Section> outcome;
};

// Fails the test (and gives what it could read) on a malformed file.
Case parse_case(std::string_view text);
std::string format_case(Case const& read);

// The text of a request section for what was sent.
std::string request_text(net::HttpRequest const& request);
// The answer that a response section describes.
Result<net::HttpResponse> response_of(std::string const& text);

// All cases of one action, sorted: tests/golden/gitlab/<action>/*.txt.
std::vector<std::filesystem::path> case_files();

}  // namespace fairlead::golden
