#include "action/dry_run.h"

namespace fairlead::action {
namespace {

std::string url_of(Request const& request, std::string_view base_url) {
  return std::string(base_url) + target(request);
}

std::string_view sentence_of(Effect effect) {
  switch (effect) {
    case Effect::reads:
      return "only reads";
    case Effect::creates:
      return "creates something";
    case Effect::changes:
      return "changes something";
    case Effect::deletes:
      return "deletes something";
  }
  return "";
}

std::string needs(DryRun const& run) {
  std::string text;
  if (run.scope != Scope::none) text = "the scope " + std::string(to_string(run.scope));
  if (run.role == Role::admin) {
    text += std::string(text.empty() ? "" : " and ") + "an administrator";
  } else if (run.role != Role::none) {
    text += std::string(text.empty() ? "" : " and ") + "at least the role " +
            std::string(to_string(run.role)) + " in the project or group";
  }
  return text.empty() ? "" : "Needs " + text + ".\n";
}

}  // namespace

Result<DryRun> dry_run(Action const& action, Api* api, Json const& input) {
  FAIRLEAD_TRY(std::vector<Request> requests, action.plan(api, input));
  return DryRun{
      .requests = std::move(requests), .scope = action.info.scope, .role = action.info.role};
}

Json to_json(DryRun const& run, ActionInfo const& info, std::string_view base_url) {
  Json requests = Json::array();
  for (Request const& request : run.requests) {
    Json const literal = to_json(request);
    Json json = Json::object({{"method", literal["method"]}, {"url", url_of(request, base_url)}});
    for (char const* name : {"headers", "body"}) {
      if (literal.contains(name)) json.set(name, literal[name]);
    }
    requests.push_back(std::move(json));
  }
  return Json::object({{"action", info.id()},
                       {"effect", to_string(info.effect)},
                       {"scope", to_string(run.scope)},
                       {"role", to_string(run.role)},
                       {"requests", std::move(requests)}});
}

std::string to_text(DryRun const& run, ActionInfo const& info, std::string_view base_url) {
  std::string text =
      info.id() + " " + std::string(sentence_of(info.effect)) + "; nothing was sent.\n";
  for (Request const& request : run.requests) {
    text += std::string(net::to_string(request.method)) + " " + url_of(request, base_url) + "\n";
    for (net::Header const& header : request.headers)
      text += header.name + ": " + header.value + "\n";
    if (!request.body.is_null()) text += request.body.pretty() + "\n";
  }
  return text + needs(run);
}

}  // namespace fairlead::action
