#include "api/catalogs.h"

#include <map>

#include "action/function_file.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

Error no_catalog(std::string_view name) {
  Error error =
      make_error(ErrorKind::not_found, "There is no catalog \"" + shorten(name, 80) + "\".");
  error.remedy = "GET /catalogs lists those there are.";
  return error;
}

net::ServerResponse list(action::Catalogue const& catalogue) {
  std::map<std::string, int> counts;
  for (auto const& action : catalogue.actions())
    ++counts[action.info.catalog];
  Json items = Json::array();
  for (auto const& [name, count] : counts) {
    items.push_back(
        Json::object({{"name", name}, {"endpoint", "/catalogs/" + name}, {"functions", count}}));
  }
  return net::json_response(200, Json::object({{"catalogs", std::move(items)}}));
}

Result<net::ServerResponse> index(action::Catalogue const& catalogue, Call const& call) {
  auto const& wanted = call.request.param("catalog");
  Json functions = Json::array();
  for (auto const& action : catalogue.actions()) {
    if (action.info.catalog != wanted) continue;
    functions.push_back(Json::object({{"name", action.info.name},
                                      {"version", action.info.version},
                                      {"title", action.info.title},
                                      {"path", action::function_path(action.info)},
                                      {"source", action::function_file(action)}}));
  }
  if (functions.empty()) return no_catalog(wanted);
  return net::json_response(
      200, Json::object({{"catalog", wanted}, {"functions", std::move(functions)}}));
}

Result<net::ServerResponse> file(action::Catalogue const& catalogue, Call const& call) {
  auto const& request = call.request;
  FAIRLEAD_TRY(auto const* action, catalogue.find(request.param("catalog"), request.param("name"),
                                                  request.param("version")));
  return net::text_response(200, action::function_file(*action), "application/yaml");
}

}  // namespace

std::vector<Endpoint> catalog_endpoints(action::Catalogue const& catalogue) {
  using net::Method;
  return {
      {Method::get, "/catalogs", std::nullopt, "The catalogs of functions served here",
       [&catalogue](Call const&) -> Result<net::ServerResponse> { return list(catalogue); }},
      {Method::get, "/catalogs/{catalog}", std::nullopt, "The functions of a catalog",
       [&catalogue](Call const& call) { return index(catalogue, call); }},
      {Method::get, "/catalogs/{catalog}/functions/{name}/{version}/function.yaml", std::nullopt,
       "A function as an Open Workflow function file",
       [&catalogue](Call const& call) { return file(catalogue, call); }},
  };
}

}  // namespace fairlead::api
