#include "action/secret_mask.h"

#include <algorithm>

#include "base/text.h"
#include "net/url.h"

namespace fairlead::action {
namespace {

// As inside of a JSON text, without the quotes.
std::string json_escaped(std::string_view value) {
  std::string const text = Json(value).dump();
  return text.substr(1, text.size() - 2);
}

// Form encoding: a blank is a plus.
std::string form_encoded(std::string_view value) {
  std::string text = net::percent_encode(value);
  for (auto at = text.find("%20"); at != std::string::npos; at = text.find("%20", at + 1))
    text.replace(at, 3, "+");
  return text;
}

}  // namespace

void SecretMask::add_form(std::string form) {
  if (form.size() < masked_length_min) return;
  for (auto const& known : forms_) {
    if (known.reveal() == form) return;
  }
  auto const at = std::find_if(forms_.begin(), forms_.end(),
                               [&](Secret const& known) { return known.size() < form.size(); });
  forms_.insert(at, Secret(std::move(form)));
}

void SecretMask::add(std::string_view value) {
  if (value.size() < masked_length_min) return;
  add_form(std::string(value));
  add_form(net::percent_encode(value));
  add_form(form_encoded(value));
  add_form(json_escaped(value));
  add_form(base64_encode(value));
  std::string unpadded = base64_encode(value);
  while (unpadded.ends_with('='))
    unpadded.pop_back();
  add_form(std::move(unpadded));
  add_form(base64url_encode(value));
}

void SecretMask::add_all(Json const& value) {
  if (value.is_string()) add(value.as_string());
  if (value.is_number()) add(value.dump());
  for (auto const& item : value.items())
    add_all(item);
  for (auto const& [name, member] : value.members())
    add_all(member);
}

void SecretMask::add_all(SecretMask const& other) {
  for (auto const& form : other.forms_)
    add_form(std::string(form.reveal()));
}

std::string SecretMask::apply(std::string_view text) const {
  std::string out(text);
  for (auto const& form : forms_) {
    auto const value = form.reveal();
    for (auto at = out.find(value); at != std::string::npos;
         at = out.find(value, at + masked_text.size()))
      out.replace(at, value.size(), masked_text);
  }
  return out;
}

void SecretMask::apply(Json& json) const {
  if (empty()) return;
  if (json.is_string()) {
    json = apply(std::string_view(json.as_string()));
  } else if (json.is_number()) {
    std::string const text = json.dump();
    auto const same = [&](Secret const& form) { return form.reveal() == text; };
    if (std::any_of(forms_.begin(), forms_.end(), same)) json = masked_text;
  } else if (json.is_array()) {
    for (auto& item : json.make_array())
      apply(item);
  } else if (json.is_object()) {
    for (auto& [name, value] : json.make_object()) {
      name = apply(std::string_view(name));
      apply(value);
    }
  }
}

void SecretMask::apply(Error& error) const {
  if (empty()) return;
  for (auto* text :
       {&error.title, &error.message, &error.cause, &error.remedy, &error.where, &error.request_id})
    *text = apply(std::string_view(*text));
  apply(error.details);
}

}  // namespace fairlead::action
