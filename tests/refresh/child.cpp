#include "tests/refresh/child.h"

#include <atomic>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

namespace fairlead::refresh {
namespace {

constexpr int tries_max = 4;  // the pair may be renewed under a call's feet more than once

connection::Refusal refusal_in(std::string const& body) {
  if (body.find("revoked") != std::string::npos) return connection::Refusal::revoked;
  if (body.find("expired") != std::string::npos) return connection::Refusal::expired;
  return connection::Refusal::unknown;
}

// A call as gitlab/ makes it: with a token that is fit, and with another if it is refused.
std::string call(World& world, std::string const& gitlab) {
  auto source = world.connections->source(connection_name);
  if (!source.ok()) return describe(source.error());
  auto token = (*source)->token();
  for (int i = 0; i < tries_max; ++i) {
    if (!token.ok()) return describe(token.error());
    net::HttpRequest request;
    request.url = gitlab + "/api/v4/version";
    request.authorization = Secret("Bearer " + std::string(token->bearer.reveal()));
    auto response = world.transport().send(request);
    if (!response.ok()) return describe(response.error());
    if (response->status == 200) return "";
    if (response->status != 401) return "HTTP " + std::to_string(response->status);
    token = (*source)->renew(*token, refusal_in(response->body));
  }
  return "refused again and again";
}

class Calls {
 public:
  Calls(World& world, std::string gitlab) : world_(world), gitlab_(std::move(gitlab)) {}

  void make(int count) {
    good_ = 0;
    trouble_.clear();
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
      threads.emplace_back([this] { one(); });
    for (auto& thread : threads)
      thread.join();
    std::cout << good_ << " " << count - good_ << " " << (trouble_.empty() ? "-" : trouble_)
              << std::endl;
  }

 private:
  void one() {
    std::string const failed = call(world_, gitlab_);
    if (failed.empty()) {
      ++good_;
      return;
    }
    std::lock_guard lock(mutex_);
    if (trouble_.empty()) trouble_ = failed.substr(0, failed.find('\n'));
  }

  World& world_;
  std::string gitlab_;
  std::atomic<int> good_{0};
  std::mutex mutex_;
  std::string trouble_;
};

}  // namespace

int run_child(std::string const& folder, std::string const& gitlab, DieAt die_at) {
  auto world = World::open(folder, die_at);
  if (!world.ok()) {
    std::cout << "0 0 " << describe(world.error()) << std::endl;
    return 1;
  }
  Calls calls(**world, gitlab);
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string order;
    int number = 0;
    words >> order >> number;
    if (order == "move") (*world)->clock.move(Milliseconds(number));
    if (order == "go") calls.make(number);
    if (order == "recover" && !(*world)->connections->recover().ok()) return 1;
    if (order == "exit") break;
  }
  return 0;
}

}  // namespace fairlead::refresh
