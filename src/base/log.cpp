#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "base/text.h"

namespace fairlead {
namespace {

struct LevelRow {
  LogLevel ours;
  std::string_view name;
  spdlog::level::level_enum theirs;
};

constexpr std::array<LevelRow, 4> levels{{
    {LogLevel::debug, "debug", spdlog::level::debug},
    {LogLevel::info, "info", spdlog::level::info},
    {LogLevel::warning, "warning", spdlog::level::warn},
    {LogLevel::error, "error", spdlog::level::err},
}};

using Fields = std::initializer_list<Json::Member>;

std::string json_line(std::string_view time, std::string_view level, std::string_view message,
                      Fields fields) {
  Json line = Json::object({{"time", time}, {"level", level}, {"message", message}});
  for (auto const& [name, value] : fields) {
    // A field may not replace one of the three that every line has.
    bool const taken = name == "time" || name == "level" || name == "message";
    line.set(taken ? name + "Field" : name, value);
  }
  return line.dump();
}

// A line break in a message of the other side must not look like a new log line.
void append_on_one_line(std::string& out, std::string_view text) {
  for (char const c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    }
  }
}

std::string text_line(std::string_view time, std::string_view level, std::string_view message,
                      Fields fields) {
  std::string line(time);
  line += ' ';
  line += level;
  line.append(level.size() < 8 ? 8 - level.size() : 1, ' ');
  append_on_one_line(line, message);
  for (auto const& [name, value] : fields) {
    line += "  " + name + "=";
    append_on_one_line(line, value.is_string() ? value.as_string() : value.dump());
  }
  return line;
}

class SpdlogLog final : public Log {
 public:
  explicit SpdlogLog(LogOptions options)
      : options_(options), logger_("fairlead", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    logger_.set_level(spdlog::level::debug);
    logger_.flush_on(spdlog::level::debug);
    // A full disk behind standard error must not take the server down.
    logger_.set_error_handler([](std::string const&) {});
  }

  void write(LogLevel level, std::string_view message, Fields fields) override {
    if (level < options_.level) return;
    LevelRow const& row = levels[static_cast<std::size_t>(level)];
    std::string const time = format_time(clock_.now());
    std::string const line = options_.format == LogOptions::Format::json
                                 ? json_line(time, row.name, message, fields)
                                 : text_line(time, row.name, message, fields);
    logger_.log(row.theirs, spdlog::string_view_t(mask_tokens(line)));
  }

 private:
  LogOptions options_;
  SystemClock clock_;
  spdlog::logger logger_;
};

class NullLog final : public Log {
 public:
  void write(LogLevel, std::string_view, Fields) override {}
};

struct TokenShape {
  std::string_view prefix;
  std::string_view kept;  // what of the prefix stays readable
  std::string_view more;  // characters of a token beside letters and digits
};

// Prefixes: https://docs.gitlab.com/security/tokens/#token-prefixes (checked on 19.5), Standard
// Webhooks' "whsec_", and RFC 6750 2.1.
constexpr std::string_view gitlab_token_characters = "-_.";
constexpr auto token_shapes = std::to_array<TokenShape>({
    {"glpat-", "", gitlab_token_characters},
    {"gloas-", "", gitlab_token_characters},
    {"gldt-", "", gitlab_token_characters},
    {"glrt-", "", gitlab_token_characters},
    {"glrtr-", "", gitlab_token_characters},
    {"glcbt-", "", gitlab_token_characters},
    {"glptt-", "", gitlab_token_characters},
    {"glft-", "", gitlab_token_characters},
    {"glimt-", "", gitlab_token_characters},
    {"glagent-", "", gitlab_token_characters},
    {"glwt-", "", gitlab_token_characters},
    {"glsoat-", "", gitlab_token_characters},
    {"glffct-", "", gitlab_token_characters},
    {"whsec_", "", "+/=-_"},
    {"Bearer ", "Bearer ", "-._~+/="},
    {"bearer ", "bearer ", "-._~+/="},
});
// Shorter ones are words ("glrt-x", "Bearer of news"), longer ones are tokens.
constexpr std::size_t token_characters_min = 8;

std::size_t token_length(std::string_view text, std::string_view more) {
  auto const end = std::find_if(text.begin(), text.end(), [&](char c) {
    bool const alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return !alphanumeric && more.find(c) == std::string_view::npos;
  });
  return static_cast<std::size_t>(end - text.begin());
}

}  // namespace

void Log::debug(std::string_view message, Fields fields) {
  write(LogLevel::debug, message, fields);
}
void Log::info(std::string_view message, Fields fields) { write(LogLevel::info, message, fields); }
void Log::warning(std::string_view message, Fields fields) {
  write(LogLevel::warning, message, fields);
}
void Log::error(std::string_view message, Fields fields) {
  write(LogLevel::error, message, fields);
}

std::unique_ptr<Log> make_log(LogOptions options) { return std::make_unique<SpdlogLog>(options); }

std::unique_ptr<Log> make_null_log() { return std::make_unique<NullLog>(); }

std::string mask_tokens(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t masked = 0;
    for (TokenShape const& shape : token_shapes) {
      if (!text.starts_with(shape.prefix)) continue;
      std::size_t const length = token_length(text.substr(shape.prefix.size()), shape.more);
      if (length < token_characters_min) continue;
      masked = shape.prefix.size() + length;
      out += shape.kept;
      out += "[masked]";
      break;
    }
    if (masked == 0) out += text.front();
    text.remove_prefix(std::max<std::size_t>(1, masked));
  }
  return out;
}

}  // namespace fairlead
