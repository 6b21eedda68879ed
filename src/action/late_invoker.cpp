#include "action/late_invoker.h"

#include "action/secret_mask.h"
#include "base/text.h"

namespace fairlead::action {
namespace {

constexpr std::string_view configuration_type =
    "https://open-workflow-specification.org/spec/1.0.0/errors/configuration";

// Short texts that merely depend on a secret are ordinary words more often than not.
constexpr std::size_t derived_length_min = 8;

Error configuration(Error error, std::string title) {
  error.title = std::move(title);
  error.details = Json::object({{"type", configuration_type}, {"status", 400}});
  return error;
}

Error missing(std::string const& name, LateArguments const& late) {
  auto error = make_error(ErrorKind::invalid_input, "The secret '" + name + "', which workflow " +
                                                        late.workflow + " needs, is not set.");
  error.remedy = "Set it with 'fairlead secret set " + name +
                 "', or put it into the folder, environment or command the server reads secrets "
                 "from; then run the workflow again.";
  return configuration(std::move(error), "Missing secret");
}

Error failed(LatePlace const& place, std::string const& what) {
  auto error = invalid_input("with" + place.pointer, "The argument at with" + place.pointer +
                                                         ", which holds a secret, " + what + ".");
  error.remedy =
      "Check the expression and what the secret holds. jq's own words are not shown, "
      "since they may quote the secret.";
  return configuration(std::move(error), "Secret cannot be used");
}

// A secret that is a JSON object can be used member by member; everything else is a text.
Json value_of(Secret const& secret) {
  std::string_view const text = secret.reveal();
  if (trim(text).starts_with('{')) {
    auto parsed = Json::parse(text);
    if (parsed.ok() && parsed->is_object()) return std::move(*parsed);
  }
  return Json(text);
}

// One step into `value`; nullptr if there is none.
Json* step(Json& value, std::string const& name) {
  if (value.is_object()) return value.find(name);
  if (!value.is_array() || name.empty() || name.size() > 9) return nullptr;
  if (name.find_first_not_of("0123456789") != std::string::npos) return nullptr;
  auto const index = static_cast<std::size_t>(std::stoul(name));
  return index < value.size() ? &value.make_array()[index] : nullptr;
}

bool put(Json& value, std::string_view pointer, Json wanted) {
  Json* at = &value;
  auto const parts = split(pointer, '/');
  for (std::size_t i = 1; i < parts.size() && at != nullptr; ++i) {
    std::string name = parts[i];
    for (auto const& [coded, plain] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
      for (auto found = name.find(coded); found != std::string::npos;
           found = name.find(coded, found + 1))
        name.replace(found, 2, plain);
    }
    at = step(*at, name);
  }
  if (at == nullptr) return false;
  *at = std::move(wanted);
  return true;
}

class LateInvoker final : public Invoker {
 public:
  explicit LateInvoker(LateParts const& parts) : parts_(parts) {}

  Result<Outcome> invoke(Invocation const& invocation) override {
    if (invocation.late.places.empty()) return parts_.inner.invoke(invocation);
    SecretMask mask;
    auto outcome = invoke_filled(invocation, mask);
    if (!outcome.ok()) {
      mask.apply(outcome.error());
      return outcome;
    }
    mask.apply(outcome->output);
    if (outcome->wait) {
      mask.apply(outcome->wait->state);
      outcome->wait->waiting_for = mask.apply(std::string_view(outcome->wait->waiting_for));
    }
    return outcome;
  }

  Result<ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                 std::string_view version) const override {
    return parts_.inner.info(catalog, name, version);
  }

  Result<Effect> effect_of(Invocation const& invocation) const override {
    if (invocation.late.places.empty()) return parts_.inner.effect_of(invocation);
    SecretMask mask;
    auto effect = effect_of_filled(invocation, mask);
    if (!effect.ok()) mask.apply(effect.error());
    return effect;
  }

 private:
  Result<Outcome> invoke_filled(Invocation const& invocation, SecretMask& mask) {
    FAIRLEAD_TRY(auto const filled, fill(invocation, mask));
    return parts_.inner.invoke(filled);
  }

  Result<Effect> effect_of_filled(Invocation const& invocation, SecretMask& mask) const {
    FAIRLEAD_TRY(auto const filled, fill(invocation, mask));
    return parts_.inner.effect_of(filled);
  }

  Result<Invocation> fill(Invocation const& invocation, SecretMask& mask) const {
    Invocation filled = invocation;
    filled.late = {};
    FAIRLEAD_TRY(auto const secrets, values(invocation.late, mask));
    Json variables =
        invocation.late.variables.is_object() ? invocation.late.variables : Json::object();
    variables.set("secrets", secrets);
    for (auto const& place : invocation.late.places) {
      FAIRLEAD_TRY(auto value, value_at(place, invocation.late.input, variables));
      // What was made of a secret is one, too: a header in base64, say.
      if (value.as_string().size() >= derived_length_min) mask.add(value.as_string());
      if (!put(filled.input, place.pointer, std::move(value)))
        return failed(place, "has no place among the arguments");
    }
    return filled;
  }

  Result<Json> value_at(LatePlace const& place, Json const& input, Json const& variables) const {
    if (place.kind == LatePlace::Kind::secret) {
      Json const& value = variables["secrets"][place.text];
      if (value.is_object()) return value;
      return failed(place,
                    "must be a secret with an object as its value, such as "
                    "{\"username\": ..., \"password\": ...}");
    }
    auto value =
        parts_.evaluator.evaluate({.program = place.text, .input = input, .variables = variables});
    if (value.ok()) return value;
    if (value.error().kind == ErrorKind::invalid_input)
      return failed(place, "has an expression that fails");
    auto error = std::move(value).error();
    error.where.clear();
    return error;
  }

  // {name: value} of all that are named.
  Result<Json> values(LateArguments const& late, SecretMask& mask) const {
    Json all = Json::object();
    for (auto const& place : late.places) {
      for (auto const& name : place.secrets) {
        if (all.contains(name)) continue;
        FAIRLEAD_TRY(auto const secret, parts_.secrets.find(name));
        if (!secret) return missing(name, late);
        mask.add(secret->reveal());
        Json value = value_of(*secret);
        mask.add_all(value);
        all.set(name, std::move(value));
      }
    }
    return all;
  }

  LateParts const parts_;
};

}  // namespace

std::unique_ptr<Invoker> make_late_invoker(LateParts parts) {
  return std::make_unique<LateInvoker>(parts);
}

}  // namespace fairlead::action
