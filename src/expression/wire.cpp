#include "expression/wire.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace fairlead::expression {
namespace {

bool known(char kind) { return std::string_view("CRvcrbmx").find(kind) != std::string_view::npos; }

// True: `size` bytes were read.
bool read_all(int fd, char* to, std::size_t size) {
  while (size > 0) {
    auto const got = read(fd, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

std::string encode_frame(FrameKind kind, std::string_view payload) {
  std::string bytes;
  bytes.reserve(frame_header_bytes + payload.size());
  auto size = static_cast<std::uint32_t>(payload.size());
  for (int i = 0; i < 4; ++i) {
    bytes.push_back(static_cast<char>(size & 0xff));
    size >>= 8;
  }
  bytes.push_back(static_cast<char>(kind));
  bytes.append(payload);
  return bytes;
}

std::size_t FrameDecoder::feed(std::string_view bytes) {
  std::size_t used = 0;
  if (state_ != State::need_more) return used;
  if (header_.size() < frame_header_bytes) {
    used = std::min(frame_header_bytes - header_.size(), bytes.size());
    header_.append(bytes.substr(0, used));
    if (header_.size() < frame_header_bytes) return used;
    wanted_ = 0;
    for (int i = 3; i >= 0; --i) {
      wanted_ = (wanted_ << 8) | static_cast<unsigned char>(header_[static_cast<std::size_t>(i)]);
    }
    if (wanted_ > frame_bytes_max || !known(header_[4])) {
      state_ = State::broken;
      return used;
    }
    frame_.kind = static_cast<FrameKind>(header_[4]);
    frame_.payload.clear();
  }
  auto const more = std::min(wanted_ - frame_.payload.size(), bytes.size() - used);
  frame_.payload.append(bytes.substr(used, more));
  if (frame_.payload.size() == wanted_) state_ = State::whole;
  return used + more;
}

Frame FrameDecoder::take() {
  header_.clear();
  state_ = State::need_more;
  return std::exchange(frame_, Frame{});
}

std::optional<Frame> read_frame(int fd) {
  FrameDecoder decoder;
  std::string header(frame_header_bytes, '\0');
  if (!read_all(fd, header.data(), header.size())) return std::nullopt;
  decoder.feed(header);
  // Never more than the frame: the next one stays in the descriptor.
  std::string chunk;
  std::size_t left = 0;
  for (int i = 3; i >= 0; --i) {
    left = (left << 8) | static_cast<unsigned char>(header[static_cast<std::size_t>(i)]);
  }
  while (decoder.state() == FrameDecoder::State::need_more) {
    chunk.resize(std::min<std::size_t>(left, 64 * 1024));
    if (!read_all(fd, chunk.data(), chunk.size())) return std::nullopt;
    decoder.feed(chunk);
    left -= chunk.size();
  }
  if (decoder.state() == FrameDecoder::State::broken) return std::nullopt;
  return decoder.take();
}

bool write_frame(int fd, FrameKind kind, std::string_view payload) {
  auto const bytes = encode_frame(kind, payload);
  std::string_view rest = bytes;
  while (!rest.empty()) {
    auto const sent = write(fd, rest.data(), rest.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace fairlead::expression
