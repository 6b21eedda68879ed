// Where $secrets may stand, and that the names are declared.
#include <algorithm>
#include <array>

#include "access/secret_source.h"
#include "base/text.h"
#include "workflow/check.h"
#include "workflow/secret_names.h"

namespace fairlead::workflow {
namespace {

constexpr std::array<std::string_view, 3> calls_with_secrets{"call action", "call http",
                                                             "call openapi"};

// "/do/0/a/with/" of every call that may hold secrets, and the named policies.
std::vector<std::string> allowed_places(Reader const& reader) {
  std::vector<std::string> places{"/use/authentications/"};
  for (auto const& [kind, place] : reader.kinds) {
    if (std::find(calls_with_secrets.begin(), calls_with_secrets.end(), kind) !=
        calls_with_secrets.end())
      places.push_back(place.pointer + "/with/");
  }
  return places;
}

bool is_allowed(std::vector<std::string> const& places, std::string const& pointer) {
  return std::any_of(places.begin(), places.end(), [&](std::string const& place) {
    return pointer.starts_with(place) && pointer != place + "connection";
  });
}

void check_names(Reader& reader, Place const& place, SecretNames const& found,
                 std::vector<std::string> const& declared) {
  for (auto const& name : found.names) {
    if (std::find(declared.begin(), declared.end(), name) != declared.end()) continue;
    auto const near = nearest_name(name, declared);
    reader.error(place, {"unknown-name",
                         "There is no secret '" + name + "' in 'use.secrets'." +
                             (near ? " Did you mean '" + *near + "'?"
                                   : " List it there: use: {secrets: [" + name + "]}."),
                         name, near.value_or("")});
  }
}

}  // namespace

void check_secrets(Reader& reader, std::vector<std::string> const& declared) {
  auto const places = allowed_places(reader);
  auto const expressions = reader.expressions;
  for (auto const& [program, place, scope] : expressions) {
    auto const found = secrets_named(program);
    if (found.use == SecretNames::Use::none) continue;
    if (!is_allowed(places, place.pointer)) {
      reader.error(place, {"wrong-value",
                           "'$secrets' may only stand in the arguments of a call ('with' of an "
                           "action, of http or of openapi) or in an authentication policy: what "
                           "is evaluated anywhere else is kept in the run's journal.",
                           "$secrets"});
      continue;
    }
    if (found.use == SecretNames::Use::unclear) {
      reader.error(place, {"wrong-value",
                           "Write the secret's name behind '$secrets', as in '$secrets.apiKey' or "
                           "'$secrets[\"api-key\"]': no data may choose a secret.",
                           "$secrets"});
      continue;
    }
    check_names(reader, place, found, declared);
  }
}

void check_secret_values(Reader& reader, Place const& root, ActionLookup const& lookup) {
  auto const use = Reader::get(root, "use");
  auto const secrets = use ? Reader::get(*use, "secrets") : std::nullopt;
  if (!secrets) return;
  for (std::size_t i = 0; i < secrets->node->items.size(); ++i) {
    auto const item = secrets->item(i);
    if (!item.node->is_string()) continue;
    auto const& name = item.node->scalar.as_string();
    if (!access::is_secret_name(name) || lookup.has_secret(name)) continue;
    reader.warning(item, {"missing-secret",
                          "The secret '" + name +
                              "' is not set: calls that need it will fail until somebody runs "
                              "'fairlead secret set " +
                              name + "'.",
                          name});
  }
}

}  // namespace fairlead::workflow
