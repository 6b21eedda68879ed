// How the server and a jq helper talk: frames of four bytes length, one byte kind, payload.
//
// Only on a local socket pair, between two processes of one binary. The reader trusts no length:
// there is a maximum. Pure but for read_frame and write_frame, which block on the descriptor (the
// helper's side).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlead::expression {

inline constexpr std::size_t frame_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t frame_header_bytes = 5;

enum class FrameKind : char {
  compile = 'C',        // slot, program
  run = 'R',            // slot, JSON of {d, v, n}
  value = 'v',          // JSON; empty: compiled, or the program yields nothing
  compile_error = 'c',  // jq's words
  run_error = 'r',      // jq's words
  too_big = 'b',        // the result does not fit a frame
  out_of_memory = 'm',  // the helper's last words
  bad_request = 'x',    // a bug of ours
};

struct Frame {
  FrameKind kind{FrameKind::bad_request};
  std::string payload;
};

std::string encode_frame(FrameKind kind, std::string_view payload);

// Collects bytes until a frame is whole.
class FrameDecoder {
 public:
  enum class State { need_more, whole, broken };
  // Takes what it needs of `bytes` and says how much that was.
  std::size_t feed(std::string_view bytes);
  [[nodiscard]] State state() const { return state_; }
  // Valid when whole; leaves the decoder ready for the next.
  Frame take();

 private:
  std::string header_;
  Frame frame_;
  std::size_t wanted_{0};
  State state_{State::need_more};
};

// Blocking; empty at the end of the stream or on a broken frame.
std::optional<Frame> read_frame(int fd);
// Blocking; false if the other side is gone.
bool write_frame(int fd, FrameKind kind, std::string_view payload);

}  // namespace fairlead::expression
