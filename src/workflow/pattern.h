// Regular expressions in event filters, matched in time linear in the text: no pattern can make the
// server hang.
//
// A small set: literals, ., [a-z] [^a-z], \d \w \s (and capitals), ( ) (?: ), |, * + ? {m,n}, ^ $.
// No back references and no look-around, which is what makes the time linear (Thompson's
// construction). Value; any thread.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fairlead::workflow {

inline constexpr std::size_t pattern_bytes_max = 512;
inline constexpr std::size_t pattern_steps_max = 4096;
inline constexpr int pattern_repeat_max = 100;

class Pattern {
 public:
  // Errors: invalid_input; the message says what is wrong or not supported, and where.
  static Result<Pattern> compile(std::string_view text);
  // Somewhere in the text, unless ^ and $ say otherwise.
  [[nodiscard]] bool found_in(std::string_view text) const;

 private:
  friend class PatternCompiler;
  struct Step {
    enum class Kind : std::uint8_t { bytes, split, jump, begin, end, match } kind{Kind::match};
    std::uint32_t set{0};    // of bytes: index into sets_
    std::uint32_t next{0};   // split, jump: where to go on
    std::uint32_t other{0};  // split: and where else
  };
  using ByteSet = std::bitset<256>;
  struct Threads;
  void follow(Threads& threads, std::uint32_t step, std::size_t at, std::size_t size) const;

  std::vector<Step> steps_;
  std::vector<ByteSet> sets_;
};

}  // namespace fairlead::workflow
