#include "connection/pending_sign_ins.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace fairlead::connection {
namespace {

// No sign-in waits longer between two questions, so a later time was written by another clock.
constexpr Milliseconds longest_wait = std::chrono::minutes(5);

std::vector<std::string> words_of(std::string_view scopes) {
  std::vector<std::string> words;
  for (auto const& word : split(scopes, ' '))
    if (!word.empty() && std::ranges::find(words, word) == words.end()) words.push_back(word);
  return words;
}

// RFC 6749 3.3.
bool is_scope_character(char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; }

Json& settings_of(store::ConnectionRecord& record) {
  if (!record.settings.is_object()) record.settings = Json::object();
  return record.settings;
}

Time time_of(Json const& value) { return parse_time(value.as_string()).value_or(Time{}); }

void drop_wish(store::ConnectionRecord& record, std::string_view id) {
  Json wishes = settings_of(record)["scopeWishes"];
  if (!wishes.is_object()) return;
  wishes.erase(id);
  record.settings.set("scopeWishes", std::move(wishes));
}

}  // namespace

Result<std::string> read_scopes(std::string_view text) {
  auto const words = words_of(text);
  if (words.empty()) return invalid_input("scopes", "At least one scope is needed; api is usual.");
  if (words.size() > scopes_max)
    return invalid_input("scopes", "At most " + std::to_string(scopes_max) + " scopes fit.");
  for (auto const& word : words) {
    if (word.size() > scope_length_max || !std::ranges::all_of(word, is_scope_character))
      return invalid_input("scopes", "\"" + shorten(word, 40) +
                                         "\" is not a scope; name them with a space between, "
                                         "such as \"read_api read_user\".");
  }
  return join(words, " ");
}

std::string asked_scopes(store::ConnectionRecord const& record, std::string_view id) {
  std::string const& wish = record.settings["scopeWishes"][id]["scopes"].as_string();
  if (!wish.empty()) return wish;
  std::string const& last = record.settings["askedScopes"].as_string();
  return last.empty() ? record.scopes : last;
}

void put_wish(store::ConnectionRecord& record, ScopeWish const& wish, Time now) {
  Json wishes = Json::object();
  for (auto const& [id, other] : settings_of(record)["scopeWishes"].members())
    if (time_of(other["until"]) > now && wishes.members().size() + 1 < scope_wishes_max)
      wishes.set(id, other);
  wishes.set(wish.id, Json::object({{"scopes", wish.scopes}, {"until", format_time(wish.until)}}));
  record.settings.set("scopeWishes", std::move(wishes));
}

void note_signed_in(store::ConnectionRecord& record, std::string_view id, std::string_view asked) {
  drop_wish(record, id);
  Json noted = Json::object({{"id", std::string(id)},
                             {"outcome", "completed"},
                             {"asked", std::string(asked)},
                             {"granted", record.scopes}});
  Json missing = Json::array();
  auto const granted = words_of(record.scopes);
  for (auto const& word : words_of(asked))
    if (std::ranges::find(granted, word) == granted.end()) missing.push_back(word);
  if (!missing.items().empty()) noted.set("missing", std::move(missing));
  record.settings.set("signIn", std::move(noted));
  record.settings.set("askedScopes", std::string(asked));
}

Json missing_scopes(store::ConnectionRecord const& record) {
  Json const& missing = record.settings["signIn"]["missing"];
  return missing.is_array() ? missing : Json::array();
}

bool reads_no_projects(std::string_view scopes) {
  auto const granted = words_of(scopes);
  return !granted.empty() && std::ranges::none_of(granted, [](auto const& word) {
    return word == "api" || word == "read_api";
  });
}

Json lacking_scopes(store::ConnectionRecord const& record) {
  Json lacking = missing_scopes(record);
  if (!reads_no_projects(record.scopes)) return lacking;
  Json const needed(record.settings["readOnly"].as_bool() ? "read_api" : "api");
  if (std::ranges::find(lacking.items(), needed) == lacking.items().end())
    lacking.push_back(needed);
  return lacking;
}

std::optional<PendingDevice> pending_device(store::ConnectionRecord const& record) {
  Json const& kept = record.settings["deviceSignIn"];
  auto code = base64_decode(kept["code"].as_string());
  if (!kept.is_object() || !code) return std::nullopt;
  return PendingDevice{.id = kept["id"].as_string(),
                       .sealed_code = std::move(*code),
                       .interval = Milliseconds(kept["intervalMs"].as_integer()),
                       .due = time_of(kept["due"]),
                       .expires_at = time_of(kept["expiresAt"])};
}

void put_pending_device(store::ConnectionRecord& record, PendingDevice const& device) {
  settings_of(record).set("deviceSignIn",
                          Json::object({{"id", device.id},
                                        {"code", base64_encode(device.sealed_code)},
                                        {"intervalMs", device.interval.count()},
                                        {"due", format_time(device.due)},
                                        {"expiresAt", format_time(device.expires_at)}}));
}

bool end_pending_device(store::ConnectionRecord& record, std::string_view id) {
  if (record.settings["deviceSignIn"]["id"].as_string() != id) return false;
  record.settings.erase("deviceSignIn");
  return true;
}

bool is_due(PendingDevice const& device, Time now) {
  return device.due <= now || device.due > now + longest_wait || device.expires_at <= now;
}

}  // namespace fairlead::connection
