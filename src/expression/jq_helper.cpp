#include "expression/jq_helper.h"

extern "C" {
#include <jq.h>
#include <jv.h>
}
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "expression/jail.h"
#include "expression/wire.h"

namespace fairlead::expression {
namespace {

struct JqDeleter {
  void operator()(jq_state* state) const { jq_teardown(&state); }
};
using Jq = std::unique_ptr<jq_state, JqDeleter>;

// Takes the value over.
std::string text_of(jv value) {
  if (jv_get_kind(value) != JV_KIND_STRING) value = jv_dump_string(value, 0);
  std::string text(jv_string_value(value),
                   static_cast<std::size_t>(jv_string_length_bytes(jv_copy(value))));
  jv_free(value);
  return text;
}

void collect_error(void* to, jv message) {
  auto& text = *static_cast<std::string*>(to);
  auto const words = text_of(message);
  if (text.size() < 4096) text += words + "\n";
}

void say_out_of_memory(void* out_fd) {
  // The library aborts when this returns.
  write_frame(*static_cast<int*>(out_fd), FrameKind::out_of_memory, "");
  _exit(3);
}

class Helper {
 public:
  explicit Helper(int out_fd) : out_fd_(out_fd) {}
  Frame serve(Frame const& request);

 private:
  Frame compile(std::size_t slot, std::string const& program);
  Frame run(jq_state* program, std::string_view input);

  int out_fd_;
  std::array<Jq, helper_slots> slots_;
};

Frame Helper::compile(std::size_t slot, std::string const& program) {
  slots_[slot].reset();
  Jq state(jq_init());
  if (!state) return {FrameKind::out_of_memory, ""};
  std::string words;
  jq_set_error_cb(state.get(), &collect_error, &words);
  jq_set_nomem_handler(state.get(), &say_out_of_memory, &out_fd_);
  if (jq_compile(state.get(), program.c_str()) == 0) return {FrameKind::compile_error, words};
  jq_set_error_cb(state.get(), nullptr, nullptr);
  slots_[slot] = std::move(state);
  return {FrameKind::value, ""};
}

Frame Helper::run(jq_state* program, std::string_view input) {
  jv const parsed = jv_parse_sized(input.data(), static_cast<int>(input.size()));
  if (jv_is_valid(parsed) == 0) {
    return {FrameKind::run_error,
            "the input cannot be read: " + text_of(jv_invalid_get_msg(parsed))};
  }
  jq_start(program, parsed, 0);
  jv const result = jq_next(program);
  Frame answer{FrameKind::value, ""};
  if (jv_is_valid(result) != 0) {
    jv const text = jv_dump_string(result, 0);
    auto const size = static_cast<std::size_t>(jv_string_length_bytes(jv_copy(text)));
    if (size > frame_bytes_max) {
      answer.kind = FrameKind::too_big;
    } else {
      answer.payload.assign(jv_string_value(text), size);
    }
    jv_free(text);
  } else if (jv_invalid_has_msg(jv_copy(result)) != 0) {
    answer = {FrameKind::run_error, text_of(jv_invalid_get_msg(result)).substr(0, 4096)};
  } else {
    jv_free(result);
  }
  // Lets go of the input now. Should freeing crash, this request dies of it and not the next.
  jq_start(program, jv_null(), 0);
  return answer;
}

Frame Helper::serve(Frame const& request) {
  if (request.payload.empty()) return {FrameKind::bad_request, "no slot"};
  auto const slot = static_cast<std::size_t>(static_cast<unsigned char>(request.payload[0]));
  if (slot >= slots_.size()) return {FrameKind::bad_request, "no such slot"};
  if (request.kind == FrameKind::compile) return compile(slot, request.payload.substr(1));
  if (request.kind != FrameKind::run || !slots_[slot])
    return {FrameKind::bad_request, "no program"};
  return run(slots_[slot].get(), std::string_view(request.payload).substr(1));
}

}  // namespace

int jq_helper_main(int in_fd, int out_fd) {
  if (!enter_jail(helper_memory_bytes)) {
    write_frame(out_fd, FrameKind::bad_request, "the kernel refuses the sandbox (seccomp, limits)");
    return 2;
  }
  Helper helper(out_fd);
  while (auto const request = read_frame(in_fd)) {
    allow_cpu_seconds(helper_cpu_seconds);
    auto const answer = helper.serve(*request);
    if (!write_frame(out_fd, answer.kind, answer.payload)) break;
  }
  // No destructors of statics: nothing to save, and less to crash in.
  _exit(0);
}

std::optional<int> run_as_jq_helper(int argc, char const* const* argv) {
  if (argc < 2 || std::strcmp(argv[1], helper_argument) != 0) return std::nullopt;
  return jq_helper_main(STDIN_FILENO, STDOUT_FILENO);
}

}  // namespace fairlead::expression
