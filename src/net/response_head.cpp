#include "net/response_head.h"

#include <array>
#include <cstdio>
#include <utility>

#include "base/text.h"

namespace fairlead::net {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 39> phrases{
    {{200, "OK"},
     {201, "Created"},
     {202, "Accepted"},
     {204, "No Content"},
     {206, "Partial Content"},
     {301, "Moved Permanently"},
     {302, "Found"},
     {303, "See Other"},
     {304, "Not Modified"},
     {307, "Temporary Redirect"},
     {308, "Permanent Redirect"},
     {400, "Bad Request"},
     {401, "Unauthorized"},
     {403, "Forbidden"},
     {404, "Not Found"},
     {405, "Method Not Allowed"},
     {406, "Not Acceptable"},
     {408, "Request Timeout"},
     {409, "Conflict"},
     {410, "Gone"},
     {411, "Length Required"},
     {412, "Precondition Failed"},
     {413, "Content Too Large"},
     {414, "URI Too Long"},
     {415, "Unsupported Media Type"},
     {416, "Range Not Satisfiable"},
     {417, "Expectation Failed"},
     {422, "Unprocessable Content"},
     {423, "Locked"},
     {425, "Too Early"},
     {428, "Precondition Required"},
     {429, "Too Many Requests"},
     {431, "Request Header Fields Too Large"},
     {500, "Internal Server Error"},
     {501, "Not Implemented"},
     {502, "Bad Gateway"},
     {503, "Service Unavailable"},
     {504, "Gateway Timeout"},
     {505, "HTTP Version Not Supported"}}};

bool is_framing(std::string_view name) {
  for (auto const own : {"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive"}) {
    if (equals_ignoring_case(name, own)) return true;
  }
  return false;
}

bool is_clean(Header const& header) {
  constexpr std::string_view breaks("\r\n\0", 3);
  return !header.name.empty() && header.name.find_first_of(breaks) == std::string::npos &&
         header.name.find(':') == std::string::npos &&
         header.value.find_first_of(breaks) == std::string::npos;
}

void add_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string_view reason_phrase(int status) {
  for (auto const& [number, phrase] : phrases) {
    if (number == status) return phrase;
  }
  return "Unknown";
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

std::string http_date(Time now) {
  using namespace std::chrono;
  constexpr std::array<char const*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<char const*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto const day = floor<std::chrono::days>(now);
  year_month_day const date(day);
  hh_mm_ss const time(floor<seconds>(now - day));
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                days[weekday(day).c_encoding() % 7], static_cast<unsigned>(date.day()),
                months[(static_cast<unsigned>(date.month()) - 1) % 12],
                static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  return text.data();
}

std::string encode_head(ServerResponse const& response, HeadOptions const& options) {
  std::string out;
  out.reserve(256);
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason_phrase(response.status)).append("\r\n");
  for (auto const& header : response.headers) {
    if (!is_framing(header.name) && is_clean(header)) add_line(out, header.name, header.value);
  }
  if (!response.headers.contains("Date")) add_line(out, "Date", options.date);
  if (!options.server_name.empty() && !response.headers.contains("Server")) {
    add_line(out, "Server", options.server_name);
  }
  if (options.framing == Framing::length)
    add_line(out, "Content-Length", std::to_string(response.body.size()));
  if (options.framing == Framing::chunked) add_line(out, "Transfer-Encoding", "chunked");
  if (!options.keep_alive) add_line(out, "Connection", "close");
  if (options.keep_alive && options.http_1_0) add_line(out, "Connection", "keep-alive");
  return out.append("\r\n");
}

ServerResponse problem_response(int status, std::string_view detail) {
  auto body =
      Json::object({{"type", "about:blank"}, {"title", reason_phrase(status)}, {"status", status}});
  if (!detail.empty()) body.set("detail", detail);
  return text_response(status, body.dump(), "application/problem+json");
}

}  // namespace fairlead::net
