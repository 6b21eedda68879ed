#include "run/replay_plan.h"

#include <utility>

namespace fairlead::run {
namespace {

using Choice = PlannedEffect::Choice;

Choice choice_from(std::string_view name) {
  for (auto each : {Choice::look_up, Choice::repeat}) {
    if (to_string(each) == name) return each;
  }
  return Choice::adopt;
}

Json effect_json(PlannedEffect const& effect) {
  Json json = Json::object({{"call", effect.call},
                            {"marker", effect.marker},
                            {"firstAttemptAt", to_epoch_ms(effect.first_attempt_at)},
                            {"digest", effect.digest},
                            {"choice", std::string(to_string(effect.choice))}});
  if (effect.choice == Choice::adopt) json.set("output", effect.output);
  if (!effect.wait_state.is_null()) json.set("waitState", effect.wait_state);
  return json;
}

PlannedEffect effect_from(Json const& json) {
  return {.call = json["call"].as_string(),
          .marker = json["marker"].as_string(),
          .first_attempt_at = from_epoch_ms(json["firstAttemptAt"].as_integer()),
          .digest = json["digest"].as_string(),
          .choice = choice_from(json["choice"].as_string()),
          .output = json["output"],
          .wait_state = json["waitState"]};
}

}  // namespace

std::string_view to_string(Choice choice) {
  switch (choice) {
    case Choice::adopt:
      return "adopt";
    case Choice::look_up:
      return "look-up";
    case Choice::repeat:
      return "repeat";
  }
  return "";
}

Json to_json(ReplayPlan const& plan) {
  Json json = Json::object({{"run", plan.of.text}});
  if (!plan.from.empty()) {
    json.set("from", plan.from);
    json.set("input", plan.input);
    json.set("context", plan.context);
  }
  Json effects = Json::object();
  for (auto const& [place, planned] : plan.effects) {
    Json list = Json::array();
    for (auto const& each : planned)
      list.push_back(effect_json(each));
    effects.set(place, std::move(list));
  }
  json.set("effects", std::move(effects));
  return json;
}

std::shared_ptr<ReplayPlan const> replay_plan_from(Json const& json) {
  if (!json.is_object()) return nullptr;
  auto plan = std::make_shared<ReplayPlan>();
  plan->of = RunId(json["run"].as_string());
  plan->from = json["from"].as_string();
  plan->input = json["input"];
  plan->context = json["context"];
  for (auto const& member : json["effects"].members()) {
    for (auto const& each : member.second.items())
      plan->effects[member.first].push_back(effect_from(each));
  }
  return plan;
}

}  // namespace fairlead::run
