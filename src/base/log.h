// Log: one line per event, as JSON for machines or as text on a terminal. Handed in; no global
// logger.
//
//   log.info("connection refreshed", {{"connection", name}, {"expiresIn", seconds}});
//
// Never pass a secret: Secret does not convert to Json, and the sink masks well-known token
// prefixes as a second net. Thread-safe, does not block on I/O for long (standard error), never
// fails.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"

namespace fairlead {

enum class LogLevel { debug, info, warning, error };

class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view message,
                     std::initializer_list<Json::Member> fields) = 0;

  void debug(std::string_view message, std::initializer_list<Json::Member> fields = {});
  void info(std::string_view message, std::initializer_list<Json::Member> fields = {});
  void warning(std::string_view message, std::initializer_list<Json::Member> fields = {});
  void error(std::string_view message, std::initializer_list<Json::Member> fields = {});
};

struct LogOptions {
  LogLevel level{LogLevel::info};
  enum class Format { json, text } format{Format::json};
};

// To standard error.
std::unique_ptr<Log> make_log(LogOptions options);
// Swallows everything: for tests and the CLI.
std::unique_ptr<Log> make_null_log();

// Replaces GitLab-style tokens (glpat-..., gloas-..., glrt-..., "Bearer ...", whsec_...) by
// [masked].
std::string mask_tokens(std::string_view text);

}  // namespace fairlead
