#include "base/random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>

#include "base/assert.h"
#include "base/text.h"

namespace fairlead {
namespace {

std::string random_bytes(Random& random, std::size_t count) {
  std::string bytes(count, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

}  // namespace

void SystemRandom::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    ssize_t const got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    FAIRLEAD_ASSERT(got > 0, "the kernel gives random bytes");
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::uint64_t random_below(Random& random, std::uint64_t bound) {
  FAIRLEAD_ASSERT(bound > 0, "random_below needs a bound above 0");
  // Values below `skip` would make the low residues likelier than the high ones.
  std::uint64_t const skip = (0 - bound) % bound;
  std::uint64_t value = 0;
  do {
    random.fill(std::as_writable_bytes(std::span(&value, 1)));
  } while (value < skip);
  return value % bound;
}

std::string random_hex(Random& random, std::size_t bytes) {
  return hex_encode(random_bytes(random, bytes));
}

std::string random_token(Random& random, std::size_t bytes) {
  return base64url_encode(random_bytes(random, bytes));
}

std::string uuid7(Random& random, Time now) {
  std::string bytes = random_bytes(random, 16);
  auto const ms = static_cast<std::uint64_t>(to_epoch_ms(now));
  for (std::size_t i = 0; i < 6; ++i)
    bytes[i] = static_cast<char>(ms >> (40 - 8 * i));
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x70);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string hex = hex_encode(bytes);
  for (std::size_t const at : {20U, 16U, 12U, 8U})
    hex.insert(at, 1, '-');
  return hex;
}

}  // namespace fairlead
