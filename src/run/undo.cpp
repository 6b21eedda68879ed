#include "run/undo.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "run/call_policy.h"
#include "run/problem.h"

namespace fairlead::run {
namespace {

constexpr std::string_view timer_prefix = "undo:";

std::string timer_of(int number) { return std::string(timer_prefix) + std::to_string(number); }

int number_in(std::string_view timer) {
  int number = 0;
  timer.remove_prefix(std::min(timer.size(), timer_prefix.size()));
  std::from_chars(timer.data(), timer.data() + timer.size(), number);
  return number;
}

Milliseconds delay_after(int attempt) {
  return std::min(undo_delay * (1 << std::min(attempt - 1, undo_attempts_max)), undo_delay_max);
}

UndoState const* open_undo(RunState const& state, int number) {
  auto const found = state.undos.find(number);
  return found == state.undos.end() || !found->second->parked.empty() ? nullptr
                                                                      : found->second.get();
}

void send(Machine& m, int number, UndoState undo) {
  ++undo.attempt;
  undo.parked.clear();
  m.touched = true;
  m.commands.emplace_back(
      Call{.frame = 0, .attempt = undo.attempt, .invocation = undo.invocation, .undo = number});
  m.commands.emplace_back(
      ArmTimer{.key = timer_of(number), .due_at = m.now + delay_after(undo.attempt)});
  m.state.undos[number] = std::make_shared<UndoState const>(std::move(undo));
}

Json about(int number, UndoState const& undo) {
  return Json::object({{"undo", number}, {"call", undo.call}, {"attempt", undo.attempt}});
}

void park(Machine& m, int number, UndoState undo, std::string why) {
  Json payload = about(number, undo);
  payload.set("marker", undo.invocation.marker.id);
  payload.set("reason", why);
  m.note("cancel-parked", undo.task, std::move(payload));
  m.commands.emplace_back(ClearTimer{timer_of(number)});
  m.touched = true;
  undo.parked = std::move(why);
  m.state.undos[number] = std::make_shared<UndoState const>(std::move(undo));
}

// It would be answered the same way tomorrow.
bool is_final(Error const& error) {
  if (needs_sign_in(error)) return false;
  switch (error.kind) {
    case ErrorKind::invalid_input:
    case ErrorKind::not_found:
    case ErrorKind::denied:
    case ErrorKind::conflict:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool is_undo_timer(std::string_view timer) { return timer.starts_with(timer_prefix); }

void begin_undo(Machine& m, UndoState undo) { send(m, ++m.state.undos_made, std::move(undo)); }

std::string undo_returned(Machine& m, UndoReturned const& what) {
  UndoState const* open = open_undo(m.state, what.undo);
  if (open == nullptr) return "";
  UndoState undo = *open;
  std::string const task = undo.task;
  // Not there: then what nobody heard of did not begin.
  bool const nothing_there =
      what.error && undo.invocation.wait_state.is_null() &&
      (what.error->kind == ErrorKind::not_found || what.error->kind == ErrorKind::invalid_input);
  if (!what.error || nothing_there) {
    m.note("cancel-settled", undo.task, about(what.undo, undo));
    m.commands.emplace_back(ClearTimer{timer_of(what.undo)});
    m.state.undos.erase(what.undo);
    m.touched = true;
  } else if (is_final(*what.error) || what.attempt >= undo_attempts_max) {
    park(m, what.undo, undo, what.error->message);
  } else if (what.attempt == undo.attempt) {
    // The timer that was armed with the attempt brings the next one.
    Json payload = about(what.undo, undo);
    payload.set("error", to_json(*what.error));
    m.note("cancel-postponed", undo.task, std::move(payload));
    m.touched = true;
    // As late as the answer says, what was sent may still appear.
    if (action::is_not_seen_yet(*what.error)) {
      undo.invocation.marker.open_since =
          m.now + *what.error->retry_after - action::effect_settle_time;
      m.state.undos[what.undo] = std::make_shared<UndoState const>(std::move(undo));
    }
  }
  return task;
}

std::string undo_fired(Machine& m, std::string_view timer) {
  int const number = number_in(timer);
  UndoState const* open = open_undo(m.state, number);
  if (open == nullptr) return "";
  UndoState const undo = *open;
  if (undo.attempt >= undo_attempts_max) {
    park(m, number, undo, "there was no answer to " + std::to_string(undo.attempt) + " attempts");
  } else {
    send(m, number, undo);
  }
  return undo.task;
}

void resume_undos(Machine& m) {
  auto const undos = m.state.undos;
  for (auto const& [number, each] : undos) {
    if (each->parked.empty()) continue;
    UndoState undo = *each;
    undo.attempt = 0;
    send(m, number, std::move(undo));
  }
}

std::string undo_words(RunState const& state) {
  std::string words;
  for (auto const& [number, undo] : state.undos) {
    // While the run goes on, what is under way beside it needs nobody.
    if (undo->parked.empty() && !has_ended(state.status)) continue;
    if (!words.empty()) words += "; ";
    bool const unheard = undo->invocation.wait_state.is_null();
    std::string const what = "what " + undo->call + (unheard ? " may have started" : " waited for");
    words += undo->parked.empty()
                 ? "the cancel of " + what
                 : "a person: " + what +
                       " may go on outside, it could not be cancelled: " + undo->parked;
  }
  return words;
}

Json to_json(UndoState const& undo) {
  return Json::object({{"task", undo.task},
                       {"call", undo.call},
                       {"marker", undo.invocation.marker.id},
                       {"input", undo.invocation.input},
                       {"waitState", undo.invocation.wait_state},
                       {"attempt", undo.attempt},
                       {"parked", undo.parked}});
}

}  // namespace fairlead::run
