// The few public hosts that scenarios of the language's own suite and samples name.
#include "base/text.h"
#include "stub.h"

namespace fairlead::ctk {
namespace {

Json pet(std::int64_t id, std::string_view name, std::string_view status) {
  return Json::object({{"id", id}, {"name", std::string(name)}, {"status", std::string(status)}});
}

Json pets(std::string_view status) {
  Json list = Json::array();
  for (auto const& each : {pet(1, "Rex", "available"), pet(2, "Milo", "available"),
                           pet(3, "Bella", "pending"), pet(4, "Luna", "sold")}) {
    if (status.empty() || each["status"] == Json(std::string(status))) list.push_back(each);
  }
  return list;
}

Json parameter(char const* name, char const* in, char const* type) {
  return Json::object({{"name", name}, {"in", in}, {"required", true}, {"type", type}});
}

Json operation(char const* id, Json parameters) {
  return Json::object(
      {{"operationId", id},
       {"produces", Json::array({"application/json"})},
       {"parameters", std::move(parameters)},
       {"responses",
        Json::object({{"200", Json::object({{"description", "successful operation"}})}})}});
}

Json petstore_document() {
  Json const by_id = operation("getPetById", Json::array({parameter("petId", "path", "integer")}));
  Json const by_status =
      operation("findPetsByStatus", Json::array({parameter("status", "query", "string")}));
  return Json::object(
      {{"swagger", "2.0"},
       {"info", Json::object({{"title", "Petstore"}, {"version", "1.0.7"}})},
       {"host", "petstore.swagger.io"},
       {"basePath", "/v2"},
       {"schemes", Json::array({"https", "http"})},
       {"paths", Json::object({{"/pet/{petId}", Json::object({{"get", by_id}})},
                               {"/pet/findByStatus", Json::object({{"get", by_status}})}})}});
}

StubAnswer json_answer(Json body) { return {.status = 200, .body = std::move(body)}; }

StubAnswer petstore(StubRequest const& request, std::string const& target) {
  auto const query = target.find('?');
  auto const path = target.substr(0, query);
  if (request.method == "GET" && path == "/v2/swagger.json")
    return json_answer(petstore_document());
  if (request.method == "GET" && path == "/v2/pet/findByStatus") {
    auto const at = target.find("status=");
    return json_answer(pets(at == std::string::npos ? "" : target.substr(at + 7)));
  }
  if (request.method == "GET" && path == "/v2/pet/1")
    return json_answer(pet(1, "Rex", "available"));
  if (request.method == "GET" && path == "/v2/pet/2")
    return json_answer(pet(2, "Milo", "available"));
  return {.status = 404, .body = Json::object({{"code", 404}, {"message", "Pet not found"}})};
}

// GET /basic-auth/{user}/{password}: 200 with the matching Authorization only.
StubAnswer httpbin(StubRequest const& request, std::string const& target) {
  auto const parts = split(target, '/');
  if (request.method == "GET" && parts.size() == 4 && parts[1] == "basic-auth") {
    auto const expected = "Basic " + base64_encode(parts[2] + ":" + parts[3]);
    if (request.headers.get("Authorization") == expected) {
      return json_answer(Json::object({{"authenticated", true}, {"user", parts[2]}}));
    }
    return {.status = 401, .headers = {{"WWW-Authenticate", "Basic realm=\"stub\""}}};
  }
  return {.status = 404};
}

}  // namespace

std::optional<StubAnswer> public_host_answer(StubRequest const& request) {
  auto const start = request.url.find("://") + 3;
  auto const slash = request.url.find('/', start);
  auto const host = request.url.substr(start, slash - start);
  auto const target = request.url.substr(slash);
  if (host == "petstore.swagger.io") return petstore(request, target);
  if (host == "httpbin.org") return httpbin(request, target);
  return std::nullopt;
}

}  // namespace fairlead::ctk
