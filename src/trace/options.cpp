#include "trace/options.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/text.h"
#include "net/url.h"

namespace fairlead::trace {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::int64_t timeout_max_ms = 60'000;

Error unusable(std::string_view name, std::string_view why, std::string_view remedy) {
  Error error = invalid_input(std::string(name), std::string(name) + " cannot be used.");
  error.cause = why;
  error.remedy = remedy;
  return error;
}

std::string_view text_of(Variables const& variables, std::string_view name) {
  auto const found = variables.find(name);
  return found == variables.end() ? std::string_view() : found->second.reveal();
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      plain += text[at];
      continue;
    }
    if (at + 2 >= text.size()) return std::nullopt;
    int const high = hex_digit(text[at + 1]);
    int const low = hex_digit(text[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    plain += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return plain;
}

// "name=value,name=value", values percent-encoded.
std::optional<Pairs> pairs_of(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    auto const comma = text.find(',');
    auto const item = trimmed(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    if (item.empty()) continue;
    auto const sign = item.find('=');
    if (sign == std::string_view::npos) return std::nullopt;
    auto const name = trimmed(item.substr(0, sign));
    auto value = percent_decoded(trimmed(item.substr(sign + 1)));
    if (name.empty() || !value) return std::nullopt;
    pairs.emplace_back(name, std::move(*value));
  }
  return pairs;
}

bool is_header(std::string_view name, std::string_view value) {
  auto const in_name = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  };
  auto const in_value = [](unsigned char c) { return c >= 0x20 && c != 0x7f; };
  return std::all_of(name.begin(), name.end(), in_name) &&
         std::all_of(value.begin(), value.end(), in_value);
}

Result<std::string> url_from(Variables const& variables) {
  std::string_view name = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  std::string url(text_of(variables, name));
  if (url.empty()) {
    name = "OTEL_EXPORTER_OTLP_ENDPOINT";
    url = text_of(variables, name);
    if (url.empty()) return url;
    while (url.ends_with('/'))
      url.pop_back();
    url += "/v1/traces";
  }
  bool const http = url.starts_with("http://") || url.starts_with("https://");
  if (!http || !net::parse_url(url).ok() || url.find_first_of("@?#") != std::string::npos)
    return unusable(name, "It is not an http or https URL without user, query and fragment.",
                    "Write it as http://collector.example.com:4318; a password belongs in "
                    "OTEL_EXPORTER_OTLP_HEADERS.");
  return url;
}

// The variable for traces wins over the one for everything.
std::pair<std::string, std::string_view> specific(Variables const& variables,
                                                  std::string_view what) {
  std::string name = "OTEL_EXPORTER_OTLP_TRACES_" + std::string(what);
  if (auto const text = text_of(variables, name); !text.empty()) return {name, text};
  name = "OTEL_EXPORTER_OTLP_" + std::string(what);
  return {name, text_of(variables, name)};
}

Result<void> check_protocol(Variables const& variables) {
  auto const [name, text] = specific(variables, "PROTOCOL");
  if (text.empty() || text == "http/json") return {};
  return unusable(name, "Fairlead sends traces as http/json only.",
                  "Set it to http/json, or unset it. Collectors take it at port 4318.");
}

Result<void> read_headers(Variables const& variables, Options& options) {
  auto const [name, text] = specific(variables, "HEADERS");
  auto const pairs = pairs_of(text);
  bool const fine = pairs && std::all_of(pairs->begin(), pairs->end(), [](auto const& pair) {
                      return is_header(pair.first, pair.second);
                    });
  if (!fine)
    return unusable(name, "It is not a list of headers.",
                    "Write it as name=value,name=value, values percent-encoded.");
  for (auto const& [header, value] : *pairs) {
    std::string lower = header;
    for (char& c : lower)
      c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    options.headers.emplace_back(std::move(lower), Secret(value));
  }
  return {};
}

Result<void> read_timeout(Variables const& variables, Options& options) {
  auto const [name, text] = specific(variables, "TIMEOUT");
  if (text.empty()) return {};
  std::int64_t ms = 0;
  auto const [stop, code] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (code != std::errc() || stop != text.data() + text.size() || ms < 1 || ms > timeout_max_ms)
    return unusable(name, "It is not a number of milliseconds from 1 to 60000.",
                    "Write 10000 for ten seconds.");
  options.timeout = Milliseconds(ms);
  return {};
}

Result<void> read_resource(Variables const& variables, std::string_view version, Options& options) {
  constexpr std::string_view name = "OTEL_RESOURCE_ATTRIBUTES";
  auto given = pairs_of(text_of(variables, name));
  if (!given)
    return unusable(name, "It is not a list of attributes.",
                    "Write it as name=value,name=value, values percent-encoded.");
  std::map<std::string, std::string> all{{"service.name", "fairlead"},
                                         {"service.version", std::string(version)}};
  for (auto& [key, value] : *given)
    all[key] = std::move(value);
  if (auto const service = text_of(variables, "OTEL_SERVICE_NAME"); !service.empty())
    all["service.name"] = service;
  options.resource.assign(all.begin(), all.end());
  return {};
}

// Without a word it is parentbased_always_on, as OpenTelemetry says.
Result<void> read_sampler(Variables const& variables, Options& options) {
  constexpr std::string_view name = "OTEL_TRACES_SAMPLER";
  auto text = text_of(variables, name);
  constexpr std::string_view by_parent = "parentbased_";
  options.by_parent = text.empty() || text.starts_with(by_parent);
  if (text.starts_with(by_parent)) text.remove_prefix(by_parent.size());
  if (text.empty() || text == "always_on") return {};
  if (text == "always_off") {
    options.sampled = 0;
    return {};
  }
  if (text != "traceidratio")
    return unusable(name, "Fairlead does not know this sampler.",
                    "Use always_on, always_off or traceidratio, also with parentbased_ before it.");
  constexpr std::string_view of_argument = "OTEL_TRACES_SAMPLER_ARG";
  auto const argument = text_of(variables, of_argument);
  if (argument.empty()) return {};
  double ratio = 0;
  auto const* end = argument.data() + argument.size();
  auto const [stop, code] = std::from_chars(argument.data(), end, ratio);
  if (code != std::errc() || stop != end || !(ratio >= 0 && ratio <= 1))
    return unusable(of_argument, "It is not a number from 0 to 1.", "Write 0.1 for every tenth.");
  options.sampled = ratio;
  return {};
}

}  // namespace

Result<std::pair<std::string, std::string>> secret_header_from(std::string_view text) {
  auto const sign = text.find('=');
  std::string const name = to_lower_ascii(text.substr(0, sign));
  bool const is_token =
      !name.empty() &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
  if (!is_token || sign == std::string_view::npos || sign + 1 == text.size()) {
    Error error = invalid_input("--trace-header", "It does not name a header and a secret.");
    error.remedy = "Write it as <header>=<name of the secret>: authorization=collector-token.";
    return error;
  }
  return std::pair(name, std::string(text.substr(sign + 1)));
}

Result<std::optional<Options>> options_from(Variables const& variables, std::string_view version) {
  if (text_of(variables, "OTEL_SDK_DISABLED") == "true") return std::optional<Options>();
  if (text_of(variables, "OTEL_TRACES_EXPORTER") == "none") return std::optional<Options>();
  Options options;
  FAIRLEAD_TRY(options.url, url_from(variables));
  if (options.url.empty()) return std::optional<Options>();
  FAIRLEAD_CHECK(check_protocol(variables));
  FAIRLEAD_CHECK(read_headers(variables, options));
  FAIRLEAD_CHECK(read_timeout(variables, options));
  FAIRLEAD_CHECK(read_resource(variables, version, options));
  FAIRLEAD_CHECK(read_sampler(variables, options));
  return std::optional<Options>(std::move(options));
}

}  // namespace fairlead::trace
