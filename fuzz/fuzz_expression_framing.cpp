// Fuzz target: the frame around jq programs, the native evaluation, and the bytes between server
// and helper.
//
// A program that passes the check never closes a bracket of the frame; frames decode the same
// however they are cut.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "expression/frame.h"
#include "expression/native.h"
#include "expression/wire.h"
#include "workflow/pattern.h"

using namespace fairlead;
using namespace fairlead::expression;

namespace {

void check_framing(std::string_view program) {
  auto const framed = frame_program(program, {"context", "input"});
  FAIRLEAD_ASSERT(framed.ok() == check_program(program).ok(), "the check decides");
  if (!framed.ok()) return;
  // With its brackets taken as plain text inside of ours, the whole is balanced as well.
  FAIRLEAD_ASSERT(check_program("(" + std::string(program) + "\n)").ok(), "it fits into brackets");
  FAIRLEAD_ASSERT(!check_program(std::string(program) + "\n)").ok(), "it closes nothing of ours");
}

void check_native(std::string_view program) {
  static Json const input = Json::object({{"a", Json::array({1, "two"})}, {"b", "text"}});
  auto const value = evaluate_native({std::string(program), input, Json::object({{"v", input}})});
  FAIRLEAD_ASSERT(!value || check_program(program).ok() || program.empty(),
                  "what is answered natively would be accepted by the frame");
}

// State and payload after feeding in pieces.
std::string decoded(std::string_view bytes, std::size_t piece) {
  FrameDecoder decoder;
  while (!bytes.empty() && decoder.state() == FrameDecoder::State::need_more) {
    auto const used = decoder.feed(bytes.substr(0, piece));
    bytes.remove_prefix(used);
  }
  auto const state = std::to_string(static_cast<int>(decoder.state()));
  if (decoder.state() != FrameDecoder::State::whole) return state;
  auto const frame = decoder.take();
  return state + static_cast<char>(frame.kind) + frame.payload;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  check_framing(text);
  check_native(text);
  FAIRLEAD_ASSERT(decoded(text, 1) == decoded(text, std::max<std::size_t>(size, 1)),
                  "a frame decodes the same however it is cut");
  auto const bytes = encode_frame(FrameKind::run, text);
  FAIRLEAD_ASSERT(decoded(bytes, 3) == "1R" + std::string(text), "a frame comes back");
  if (auto const pattern = workflow::Pattern::compile(text.substr(0, 64)); pattern.ok()) {
    static_cast<void>(pattern->found_in(text));
  }
  return 0;
}
