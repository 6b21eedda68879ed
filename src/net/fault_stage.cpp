#include "net/fault_stage.h"

#include <array>
#include <utility>

namespace fairlead::net {
namespace {

constexpr char const* member = "stage";
constexpr std::array stages{
    std::pair{FaultStage::dns, std::string_view("dns")},
    std::pair{FaultStage::tcp, std::string_view("tcp")},
    std::pair{FaultStage::tls, std::string_view("tls")},
    std::pair{FaultStage::proxy, std::string_view("proxy")},
};

}  // namespace

std::string_view to_string(FaultStage stage) {
  for (auto const& [one, name] : stages) {
    if (one == stage) return name;
  }
  return "";
}

FaultStage fault_stage(Error const& error) {
  if (!error.details.is_object()) return FaultStage::none;
  auto const name = error.details[member].string_or("");
  for (auto const& [one, text] : stages) {
    if (text == name) return one;
  }
  return FaultStage::none;
}

Error at_stage(Error error, FaultStage stage) {
  if (!error.details.is_object()) error.details = Json::object();
  error.details.set(member, to_string(stage));
  return error;
}

}  // namespace fairlead::net
