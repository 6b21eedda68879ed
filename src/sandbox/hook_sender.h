// HookSender: one thread that posts queued webhooks, in order, and one tick that keeps pipelines
// moving.
//
// Takes World::mutex only to take a delivery and to note its outcome, never across I/O. Four
// failures in a row rest a hook for a minute, as since 17.11. start() once, stop() joins; both from
// one thread.
#pragma once

#include <thread>

#include "base/log.h"
#include "net/http.h"
#include "sandbox/world.h"

namespace fairlead::sandbox {

class HookSender {
 public:
  HookSender(World& world, net::HttpTransport& transport, Log& log);
  ~HookSender();
  HookSender(HookSender const&) = delete;
  HookSender& operator=(HookSender const&) = delete;

  void start();
  void stop();

 private:
  void send_loop();
  void tick_loop();
  void send(Delivery const& delivery);

  World& world_;
  net::HttpTransport& transport_;
  Log& log_;
  std::thread sending_;
  std::thread ticking_;
};

// The request of a delivery, headers and signature included (Standard Webhooks, GitLab 19.0).
net::HttpRequest hook_request(World const& world, Delivery const& delivery, Time now);

}  // namespace fairlead::sandbox
