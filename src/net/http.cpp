#include "net/http.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace fairlead::net {
namespace {

struct MethodName {
  Method method;
  std::string_view name;
};

constexpr std::array<MethodName, 7> method_names{{{Method::get, "GET"},
                                                  {Method::head, "HEAD"},
                                                  {Method::post, "POST"},
                                                  {Method::put, "PUT"},
                                                  {Method::patch, "PATCH"},
                                                  {Method::delete_, "DELETE"},
                                                  {Method::options, "OPTIONS"}}};

}  // namespace

std::string_view to_string(Method method) {
  for (auto const& entry : method_names) {
    if (entry.method == method) return entry.name;
  }
  FAIRLEAD_ASSERT(false, "every Method has a name");
  return "";
}

std::optional<Method> method_from(std::string_view name) {
  for (auto const& entry : method_names) {
    if (entry.name == name) return entry.method;
  }
  return std::nullopt;
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (auto const& header : list_) {
    if (equals_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

void Headers::set(std::string name, std::string value) {
  erase(name);
  add(std::move(name), std::move(value));
}

void Headers::erase(std::string_view name) {
  std::erase_if(list_, [&](Header const& h) { return equals_ignoring_case(h.name, name); });
}

}  // namespace fairlead::net
