// Where traces go and what they are called, by OpenTelemetry's own environment variables.
//
// Off while no endpoint is set. Every value that cannot be used is an error that names its
// variable: a server that silently sends nothing is worse than one that does not start. Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace fairlead::trace {

inline constexpr std::string_view variable_prefix = "OTEL_";

// OTEL_... as found in the environment. All are held as secrets: the headers' variables are.
using Variables = std::map<std::string, Secret, std::less<>>;

struct Options {
  std::string url;                                      // ".../v1/traces"
  std::vector<std::pair<std::string, Secret>> headers;  // names in lower case
  // Name in lower case -> the secret that is its value, asked for at each batch.
  std::vector<std::pair<std::string, std::string>> secret_headers;
  Milliseconds timeout{10'000};  // of one request
  std::vector<std::pair<std::string, std::string>> resource;
  double sampled{1.0};   // share of the traces
  bool by_parent{true};  // a trace that began elsewhere is kept if they say it is
};

// "authorization=collector-token": a header whose value is a secret. Errors: invalid_input.
Result<std::pair<std::string, std::string>> secret_header_from(std::string_view text);
// Nothing: off. Errors: invalid_input; no text holds a header's value.
Result<std::optional<Options>> options_from(Variables const& variables, std::string_view version);

}  // namespace fairlead::trace
