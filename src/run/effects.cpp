#include "run/effects.h"

#include <algorithm>
#include <utility>

#include "run/machine.h"

namespace fairlead::run {
namespace {

using State = EffectSeen::State;

class Reader {
 public:
  Reader(RunState fresh, EffectOf const& effect_of) : effect_of_(effect_of) {
    back_.state = std::move(fresh);
  }

  Result<void> read(store::JournalEntry const& entry) {
    if (entry.kind == "call-intended") read_intent(entry);
    if (entry.kind == "effect-adopted") read_adoption(entry);
    FAIRLEAD_TRY(auto event, decode(entry));
    if (!event) return {};
    seq_ = entry.seq;
    auto const* returned = std::get_if<CallReturned>(&event->what);
    auto const* decided = std::get_if<EffectDecided>(&event->what);
    EffectSeen* seen = returned == nullptr ? nullptr : find_by_frame(returned->frame);
    std::string const place = seen == nullptr ? "" : seen->place;
    TaskWatch const watch = [this](RunState const& state, workflow::Task const& task,
                                   Json const& input) { began(state, task, input); };
    back_.state = advance(std::move(back_.state), *event, &watch).state;
    if (seen != nullptr) take_answer(*seen, *returned);
    if (decided != nullptr) take_decision(*decided);
    return {};
  }

  LookBack finish() {
    std::erase_if(back_.effects,
                  [](EffectSeen const& each) { return each.effect == action::Effect::reads; });
    bool const ended = has_ended(back_.state.status);
    for (auto& each : back_.effects) {
      each.parked = is_parked(each.marker);
      // Answers that a paused run holds count once it goes on.
      bool const over = ended || each.parked;
      if (each.state == State::open && over)
        each.state = each.wait_state.is_null() ? State::unknown : State::done;
    }
    return std::move(back_);
  }

 private:
  void began(RunState const& state, workflow::Task const& task, Json const& input) {
    std::erase_if(back_.beginnings, [&](auto const& each) { return each.task == task.pointer; });
    back_.beginnings.push_back(
        {.task = task.pointer, .input = input, .context = state.context, .seq = seq_});
  }

  EffectSeen* find(std::string_view marker) {
    for (auto& each : back_.effects) {
      if (each.marker == marker) return &each;
    }
    return nullptr;
  }

  EffectSeen* find_by_frame(int id) {
    auto const frame = back_.state.frames.find(id);
    if (frame == back_.state.frames.end()) return nullptr;
    auto const* call = std::get_if<CallState>(&frame->second.body);
    return call == nullptr ? nullptr : find(call->marker);
  }

  Frame const* frame_of(std::string_view marker) const {
    for (auto const& [id, frame] : back_.state.frames) {
      auto const* call = std::get_if<CallState>(&frame.body);
      if (call != nullptr && call->marker == marker) return &frame;
    }
    return nullptr;
  }

  bool is_parked(std::string_view marker) const {
    Frame const* frame = frame_of(marker);
    if (frame == nullptr) return false;
    return (frame->stage == Stage::unknown || frame->stage == Stage::parked) &&
           is_uncertain(std::get<CallState>(frame->body));
  }

  void read_intent(store::JournalEntry const& entry) {
    Json const& payload = entry.payload;
    if (payload["mode"] == Json("cancel")) return;
    std::string const marker = payload["marker"].as_string();
    EffectSeen* seen = find(marker);
    if (seen == nullptr) {
      seen = &back_.effects.emplace_back();
      Frame const* frame = frame_of(marker);
      seen->place = frame == nullptr ? entry.task : place_of(back_.state, *frame);
      if (frame != nullptr && frame->task != nullptr)
        seen->effect = effect_of_(std::get<workflow::CallTask>(frame->task->body));
      seen->first_attempt_at = entry.at;
    }
    seen->task = entry.task;
    seen->call = payload["call"].as_string();
    seen->connection = payload["connection"].as_string();
    seen->marker = marker;
    seen->digest = payload["digest"].as_string();
    seen->arguments = payload["input"];
    seen->state = State::open;
    seen->seq = entry.seq;
  }

  void read_adoption(store::JournalEntry const& entry) {
    Json const& payload = entry.payload;
    EffectSeen seen{.place = payload["place"].as_string(),
                    .task = entry.task,
                    .call = payload["call"].as_string(),
                    .marker = payload["marker"].as_string(),
                    .digest = payload["digest"].as_string(),
                    .arguments = payload["input"],
                    .first_attempt_at = entry.at,
                    .seq = entry.seq,
                    .state = State::adopted,
                    .output = payload["output"]};
    back_.effects.push_back(std::move(seen));
  }

  void take_answer(EffectSeen& seen, CallReturned const& answer) {
    seen.effect = answer.effect;
    seen.seq = seq_;
    if (answer.wait) {
      // It is there; its end is what the run waits for.
      seen.wait_state = answer.wait->state;
    } else if (!answer.error) {
      seen.state = answer.adopted ? State::adopted : State::done;
      seen.output = answer.output;
    } else {
      auto const track = back_.state.effects.find(seen.place);
      bool const open = track != back_.state.effects.end() &&
                        track->second.known == EffectTrack::Known::unresolved;
      bool const began = !seen.wait_state.is_null();
      seen.state = began ? State::failed : open ? State::unknown : State::not_done;
      seen.candidates = answer.error->details["candidates"];
    }
  }

  void take_decision(EffectDecided const& decided) {
    EffectSeen* seen = find(decided.effect);
    if (seen == nullptr || decided.decision == EffectDecided::Decision::not_happened) return;
    bool const happened = decided.decision == EffectDecided::Decision::happened;
    seen->state = happened ? State::adopted : State::unknown;
    seen->seq = seq_;
    if (happened) seen->output = decided.output;
  }

  EffectOf const& effect_of_;
  LookBack back_;
  std::int64_t seq_{0};
};

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::done:
      return "done";
    case State::adopted:
      return "adopted";
    case State::open:
      return "under way";
    case State::unknown:
      return "not known";
    case State::failed:
      return "failed afterwards";
    case State::not_done:
      return "not done";
  }
  return "";
}

Result<LookBack> look_back(RunState fresh, std::span<store::JournalEntry const> journal,
                           EffectOf const& effect_of) {
  Reader reader(std::move(fresh), effect_of);
  for (auto const& entry : journal)
    FAIRLEAD_CHECK(reader.read(entry));
  return reader.finish();
}

std::string link_of(Json const& output) {
  for (auto const* key : {"web_url", "webUrl"}) {
    if (output[key].is_string()) return output[key].as_string();
  }
  return "";
}

}  // namespace fairlead::run
