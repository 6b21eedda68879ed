// Undo: what a call that is given up had waited for outside is cancelled there, as its input says.
//
// Durable with the very transition that gives the call up, carried out after it, and remembered
// until the answer is journalled: the timer "undo:<number>" brings the next look, also after a
// restart and also when the run itself has ended. Actions must bear being asked twice. What is
// refused, or still unknown after undo_attempts_max, is parked with its reason until a person
// resumes the run. Internal to run/; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "action/catalogue.h"
#include "run/machine.h"

namespace fairlead::run {

inline constexpr int undo_attempts_max = 12;
// 30 s, 1 min, 2 min, ... : longer than a request may take. About three hours in all.
inline constexpr Milliseconds undo_delay = std::chrono::seconds(30);
inline constexpr Milliseconds undo_delay_max = std::chrono::minutes(30);

struct UndoState {
  std::string task;  // JSON pointer
  std::string call;  // as the workflow names it
  action::Invocation invocation;
  int attempt{0};
  std::string parked;  // why it is not tried any more; "": it is
};

// A call that ended without an answer: a retry looks up what it did, and who gives the retry up
// cancels it.
struct GivenUp {
  std::vector<int> above;  // the frames it was in
  int attempts{0};
  UndoState undo;
};

void begin_undo(Machine&, UndoState);
// Each gives the pointer of the task it is for.
std::string undo_returned(Machine&, UndoReturned const&);
std::string undo_fired(Machine&, std::string_view timer);
// What is parked is tried again, from the first attempt on.
void resume_undos(Machine&);

[[nodiscard]] bool is_undo_timer(std::string_view timer);
// What a person reads about the open ones; "" if there are none.
std::string undo_words(RunState const&);
Json to_json(UndoState const&);

}  // namespace fairlead::run
