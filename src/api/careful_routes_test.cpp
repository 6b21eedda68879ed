// The walk over the route table: no route overlooks If-Match or Idempotency-Key, and the document
// says of each what it understands.
#include "api/document.h"
#include "api/world_test.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

class CarefulRoutes : public World {
 protected:
  // What `route` answers to an org admin who sends that header; the names in the path are of
  // nothing that exists.
  static net::ServerResponse knock(Endpoint const& route, std::string const& header,
                                   std::string const& value) {
    net::ServerRequest request;
    request.method = route.method;
    request.target = route.path;
    request.headers = {{header, value}, {"Content-Type", "application/json"}};
    request.body = "{}";
    for (char const* name : {"id", "name", "namespace", "version", "connection", "kind"})
      request.params[name] = "nothing";
    AuditNote note;
    access::Principal admin;
    admin.name = "admin";
    admin.role = access::Role::org_admin;
    auto answer = route.handler({.request = request, .caller = admin, .note = note});
    return answer.ok() ? std::move(*answer) : problem_of(answer.error());
  }
  static net::ServerResponse problem_of(Error const& error) {
    net::ServerResponse response;
    response.status = 400;
    response.body = Json::object({{"where", error.where}, {"message", error.message}}).dump();
    return response;
  }
  static bool is_told(Json const& document, Endpoint const& route, std::string const& header) {
    auto const& operation =
        document["paths"][route.path][to_lower_ascii(net::to_string(route.method))];
    for (auto const& each : operation["parameters"].items())
      if (each["name"].as_string() == header) return true;
    return false;
  }
  static bool is_change(Method method) {
    return method == Method::put || method == Method::patch || method == Method::delete_;
  }
};

TEST_F(CarefulRoutes, a_change_with_a_tag_that_does_not_hold_is_never_done) {
  int walked = 0;
  for (auto const& route : endpoints(parts())) {
    if (!is_change(route.method)) continue;
    SCOPED_TRACE(route_name(route.method, route.path));
    auto const answer = knock(route, "If-Match", "\"0123456789abcdef0123456789abcdef\"");
    EXPECT_EQ(answer.status, 412) << answer.body;
    ++walked;
  }
  EXPECT_GE(walked, 12);
}

TEST_F(CarefulRoutes, the_document_offers_if_match_where_there_is_something_to_compare) {
  auto const all = endpoints(parts());
  Json const document = json_of(visit("/api/v1/openapi.json"));
  for (auto const& route : all) {
    if (!is_change(route.method)) continue;
    SCOPED_TRACE(route_name(route.method, route.path));
    Json const body = json_of(knock(route, "If-Match", "\"0\""));
    bool const refuses_all = body["where"].as_string() == "If-Match";
    EXPECT_EQ(is_told(document, route, "If-Match"), !refuses_all);
  }
}

TEST_F(CarefulRoutes, every_post_of_the_api_takes_an_idempotency_key) {
  int walked = 0;
  Json const document = json_of(visit("/api/v1/openapi.json"));
  for (auto const& route : endpoints(parts())) {
    if (route.method != Method::post || !route.role) continue;
    SCOPED_TRACE(route_name(route.method, route.path));
    EXPECT_TRUE(is_told(document, route, "Idempotency-Key"));
    auto const answer = knock(route, "Idempotency-Key", std::string(201, 'k'));
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(json_of(answer)["where"].as_string(), "Idempotency-Key") << answer.body;
    ++walked;
  }
  EXPECT_GE(walked, 25);
}

}  // namespace
}  // namespace fairlead::api
