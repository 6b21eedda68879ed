#include "net/content_coding.h"

#include <zlib.h>

#include <algorithm>

#include "base/text.h"

namespace fairlead::net {
namespace {

// Half the time of the default for a tenth more bytes: answers are made while somebody waits.
constexpr int level = 4;
constexpr int gzip_window_bits = 15 + 16;  // 16: a gzip header, not that of zlib
constexpr int memory_level = 8;

// "gzip;q=0.5": 0 is the one weight that counts; the others only order.
bool is_refused(std::string_view parameters) {
  for (auto const& each : split(parameters, ';')) {
    std::string_view const one = trim(each);
    if (!one.starts_with("q=") && !one.starts_with("Q=")) continue;
    return one.substr(2).find_first_not_of("0.") == std::string_view::npos;
  }
  return false;
}

}  // namespace

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
  bool any = false;
  for (auto const& each : split(accept_encoding, ',')) {
    std::string_view const one = each;
    auto const end = std::min(one.find(';'), one.size());
    std::string_view const name = trim(one.substr(0, end));
    bool const refused = is_refused(one.substr(end));
    if (equals_ignoring_case(name, coding)) return !refused;
    if (name == "*") any = !refused;
  }
  return any;
}

std::optional<std::string> gzip(std::string_view text) {
  if (text.size() > gzip_bytes_max) return std::nullopt;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window_bits, memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return std::nullopt;
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  // zlib only reads it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  int const end = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (end != Z_STREAM_END) return std::nullopt;
  return out;
}

}  // namespace fairlead::net
