// For tests: a seeded world on a virtual clock with its front, asked without any network.
//
//   FrontTest::get("/projects/1").status, .json["name"]; requests carry alice's token unless `as` changes it. One thread.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sandbox/front.h"
#include "sandbox/pipeline_run.h"
#include "sandbox/seed.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::sandbox {

struct Answer {
  int status{0};
  Json json;
  net::ServerResponse raw;
  [[nodiscard]] std::string header(std::string_view name) const {
    return std::string(raw.headers.get(name));
  }
};

class FrontTest : public ::testing::Test {
 protected:
  FrontTest() : world(SandboxOptions{}, clock, random), front(world) {
    world.base_url = "https://gitlab.example.com";
    seed(world);
  }

  // `target` as sent, from the root.
  Answer send(net::Method method, std::string const& target, std::string body = "",
              std::string type = "application/json") {
    net::ServerRequest request;
    request.method = method;
    request.target = target;
    if (!token.empty()) request.headers.add("PRIVATE-TOKEN", token);
    if (!bearer.empty()) request.headers.add("Authorization", "Bearer " + bearer);
    if (!cookie.empty()) request.headers.add("Cookie", cookie);
    if (!body.empty()) request.headers.add("Content-Type", std::move(type));
    request.body = std::move(body);
    Answer answer{.status = 0, .json = Json(), .raw = front.answer(request)};
    answer.status = answer.raw.status;
    if (auto json = Json::parse(answer.raw.body); json.ok()) answer.json = std::move(*json);
    return answer;
  }
  Answer get(std::string const& path) { return send(net::Method::get, "/api/v4" + path); }
  Answer post(std::string const& path, std::string body = "") {
    return send(net::Method::post, "/api/v4" + path, std::move(body));
  }
  Answer put(std::string const& path, std::string body) {
    return send(net::Method::put, "/api/v4" + path, std::move(body));
  }
  Answer form(std::string const& target, std::string body) {
    return send(net::Method::post, target, std::move(body), "application/x-www-form-urlencoded");
  }
  Answer control(std::string const& path, std::string body) {
    return send(net::Method::post, "/-/sandbox/" + path, std::move(body));
  }
  void as(std::string const& name) { token = name.empty() ? "" : "glpat-sandbox-" + name; }

  testing::VirtualClock clock;
  testing::SeededRandom random;
  World world;
  Front front;
  std::string token{"glpat-sandbox-alice-api"};
  std::string bearer;
  std::string cookie;
};

}  // namespace fairlead::sandbox
