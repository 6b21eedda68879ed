#include "run/replays.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace fairlead::run {
namespace {

using Choice = PlannedEffect::Choice;
using Fate = ReplayEffect::Fate;
constexpr int page = 1'000;

std::string name_in(std::string const& pointer) { return pointer.substr(pointer.rfind('/') + 1); }

bool is_named(std::string const& pointer, std::string const& text) {
  return pointer == text || name_in(pointer) == text;
}

Result<std::vector<store::JournalEntry>> whole_journal(store::RunStore& runs,
                                                       store::RunRecord const& run) {
  if (run.last_seq > replay_entries_max) {
    return make_error(ErrorKind::invalid_input,
                      "The journal of run " + run.id.text + " has " + std::to_string(run.last_seq) +
                          " entries; at most " + std::to_string(replay_entries_max) +
                          " are read back for a replay.");
  }
  std::vector<store::JournalEntry> all;
  while (static_cast<std::int64_t>(all.size()) < run.last_seq) {
    FAIRLEAD_TRY(auto entries, runs.journal(run.id, static_cast<std::int64_t>(all.size()), page));
    if (entries.empty()) break;
    std::move(entries.begin(), entries.end(), std::back_inserter(all));
  }
  return all;
}

Error not_ended(store::RunRecord const& run) {
  Error error = make_error(ErrorKind::conflict,
                           "Run " + run.id.text + " is " + run.status + " and has not ended.");
  error.cause = "Running it again now would do its work twice.";
  error.remedy = "Wait for its end, or cancel it first.";
  return error;
}

// Only tasks of the workflow's own list: inside of loops, forks and handlers there is more state
// than input and $context.
Result<Beginning> beginning_at(LookBack const& back, std::string const& from) {
  Beginning const* found = nullptr;
  std::vector<std::string> names;
  for (auto const& each : back.beginnings) {
    names.push_back(name_in(each.task));
    if (is_named(each.task, from)) found = &each;
  }
  if (found != nullptr) return *found;
  Error error;
  std::string around;
  for (auto const& each : back.beginnings) {
    if (from.starts_with(each.task + "/")) around = name_in(each.task);
  }
  bool const inside = !around.empty() || back.state.document->task(from) != nullptr;
  error = invalid_input("from",
                        inside ? "A run cannot begin with " + from +
                                     ": only with a task of the workflow's own list that "
                                     "the old run came to."
                               : "The run did not come to a task \"" + shorten(from, 80) + "\".");
  error.remedy = !around.empty() ? "Begin with the task around it: " + around + "."
                                 : "It came to: " + join(names, ", ") + ".";
  return error;
}

Result<std::string> pointer_in(workflow::Document const& document, std::string const& old_pointer) {
  std::string const name = name_in(old_pointer);
  for (auto const& task : *document.tasks) {
    if (task.name == name) return task.pointer;
  }
  return invalid_input("version", "Version " + document.version + " has no task \"" + name +
                                      "\" in the workflow's own list to begin with.");
}

Fate fate_of(EffectSeen const& seen, ReplayRequest const& request) {
  using State = EffectSeen::State;
  Fate const taken = seen.state == State::unknown ? Fate::look_up : Fate::adopt;
  if (auto const chosen = request.choices.find(seen.marker); chosen != request.choices.end())
    return chosen->second == Choice::repeat ? Fate::repeat : taken;
  if (request.effects == ReplayRequest::Effects::adopt) return taken;
  if (request.effects == ReplayRequest::Effects::repeat) return Fate::repeat;
  // What it began failed: that is what the new run is for.
  if (seen.state == State::failed) return Fate::repeat;
  return seen.effect == action::Effect::creates ? taken : Fate::repeat;
}

PlannedEffect planned(EffectSeen const& seen, Fate fate) {
  PlannedEffect effect{.call = seen.call,
                       .marker = seen.marker,
                       .first_attempt_at = seen.first_attempt_at,
                       .digest = seen.digest,
                       .choice = fate == Fate::adopt     ? Choice::adopt
                                 : fate == Fate::look_up ? Choice::look_up
                                                         : Choice::repeat};
  if (fate != Fate::adopt) return effect;
  effect.output = seen.output;
  if (seen.output.is_null()) effect.wait_state = seen.wait_state;
  return effect;
}

Result<void> check_choices(ReplayRequest const& request, LookBack const& back) {
  for (auto const& choice : request.choices) {
    bool const there = std::any_of(back.effects.begin(), back.effects.end(),
                                   [&](auto const& each) { return each.marker == choice.first; });
    if (!there) {
      Error error =
          invalid_input("choices", "The run has no effect " + shorten(choice.first, 80) + ".");
      error.remedy = "Take `effect` of the preview as it is.";
      return error;
    }
  }
  return {};
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::keep:
      return "keep";
    case Fate::adopt:
      return "adopt";
    case Fate::look_up:
      return "look-up";
    case Fate::repeat:
      return "repeat";
  }
  return "";
}

Result<LookBack> Replays::look_back_at(store::RunRecord const& run) {
  FAIRLEAD_TRY(auto document, parts_.library.get({.workflow_namespace = run.workflow_namespace,
                                                  .name = run.workflow_name,
                                                  .version = run.workflow_version}));
  FAIRLEAD_TRY(auto journal, whole_journal(parts_.runs, run));
  EffectOf const effect_of = [this](workflow::CallTask const& call) {
    auto const info = parts_.invoker.info(call.catalog, call.name, call.version);
    return info.ok() ? (*info)->effect : action::Effect::creates;
  };
  return look_back(new_run(run.id, std::move(document)), journal, effect_of);
}

Result<std::vector<EffectSeen>> Replays::effects(RunId const& run) {
  FAIRLEAD_TRY(auto const record, parts_.runs.get(run));
  FAIRLEAD_TRY(auto back, look_back_at(record));
  return std::move(back.effects);
}

Result<EffectSeen> Replays::parked_effect(RunId const& run, std::string const& task) {
  FAIRLEAD_TRY(auto all, effects(run));
  std::erase_if(all, [&](EffectSeen const& each) {
    return !each.parked || (!task.empty() && !is_named(each.task, task) && each.marker != task);
  });
  if (all.size() == 1) return std::move(all.front());
  Error error = make_error(
      all.empty() ? ErrorKind::not_found : ErrorKind::conflict,
      all.empty() ? "No effect of run " + run.text + " waits for a person's decision" +
                        (task.empty() ? "." : " at " + task + ".")
                  : "Several effects of run " + run.text + " wait for a person's decision.");
  error.remedy = all.empty() ? "`fairlead run effects " + run.text + "` lists what it did."
                             : "Name the one by its task or its id.";
  return error;
}

Result<ReplayPreview> Replays::preview(ReplayRequest const& request) {
  FAIRLEAD_TRY(auto const old, parts_.runs.get(request.run));
  if (!old.ended_at) return not_ended(old);
  FAIRLEAD_TRY(auto const back, look_back_at(old));
  FAIRLEAD_CHECK(check_choices(request, back));
  ReplayPreview preview;
  FAIRLEAD_TRY(preview.document,
               parts_.library.get(
                   {.workflow_namespace = old.workflow_namespace,
                    .name = old.workflow_name,
                    .version = request.version.empty() ? old.workflow_version : request.version}));
  preview.plan.of = old.id;
  preview.input = back.state.raw_input;
  std::int64_t first_seq = 0;
  if (!request.from.empty()) {
    FAIRLEAD_TRY(auto const begin, beginning_at(back, request.from));
    FAIRLEAD_TRY(preview.plan.from, pointer_in(*preview.document, begin.task));
    preview.plan.input = request.input.value_or(begin.input);
    preview.plan.context = begin.context;
    first_seq = begin.seq;
  } else if (request.input) {
    preview.input = *request.input;
  }
  for (auto const& seen : back.effects) {
    if (seen.state == EffectSeen::State::not_done) continue;
    Fate const fate = seen.seq <= first_seq ? Fate::keep : fate_of(seen, request);
    if (fate != Fate::keep) preview.plan.effects[seen.place].push_back(planned(seen, fate));
    preview.effects.push_back({.effect = seen, .fate = fate});
  }
  return preview;
}

Result<RunId> Replays::start(ReplayRequest const& request, std::string const& by) {
  FAIRLEAD_TRY(auto preview, preview(request));
  auto const& document = *preview.document;
  std::string cause = "replay of " + request.run.text;
  if (!preview.plan.from.empty()) cause += " from " + name_in(preview.plan.from);
  return parts_.engine.start({.workflow = {.workflow_namespace = document.workflow_namespace,
                                           .name = document.name,
                                           .version = document.version},
                              .input = std::move(preview.input),
                              .cause = cause + " by " + by,
                              .replay_of = request.run,
                              .replay = to_json(preview.plan)});
}

}  // namespace fairlead::run
