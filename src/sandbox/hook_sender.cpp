#include "sandbox/hook_sender.h"

#include <algorithm>

#include "base/text.h"
#include "sandbox/crypto.h"
#include "sandbox/pipeline_run.h"

namespace fairlead::sandbox {
namespace {

constexpr Milliseconds tick_max{100};  // so that a clock moved from outside is noticed soon
constexpr Milliseconds hook_timeout{10'000};
constexpr int failures_allowed = 4;
constexpr std::size_t log_max = 1'000;  // of one hook; GitLab keeps seven days
constexpr std::chrono::minutes rest{1};

std::string signature_of(Delivery const& delivery, std::string const& timestamp) {
  auto const key = base64_decode(std::string_view(delivery.signing_token).substr(6));
  if (!key) return {};
  return "v1," +
         base64_encode(hmac_sha256(*key, delivery.key + "." + timestamp + "." + delivery.body));
}

Hook* find_hook(World& world, Delivery const& delivery) {
  std::vector<Hook>* hooks = nullptr;
  if (delivery.group_id != 0) {
    if (Group* group = world.group(delivery.group_id)) hooks = &group->hooks;
  } else if (Project* project = world.project(delivery.project_id)) {
    hooks = &project->hooks;
  }
  if (hooks == nullptr) return nullptr;
  auto const found = std::find_if(hooks->begin(), hooks->end(),
                                  [&](Hook const& hook) { return hook.id == delivery.hook_id; });
  return found == hooks->end() ? nullptr : &*found;
}

// As GitLab keeps it: without the secret.
void write_log(World& world, Delivery const& delivery, Hook& hook, std::string status) {
  HookLog entry;
  entry.id = world.next_id("hook-log");
  entry.url = delivery.url;
  entry.event = delivery.event;
  entry.headers = Json::object({{"Content-Type", "application/json"},
                                {"User-Agent", "GitLab/" + world.options.version},
                                {"Idempotency-Key", delivery.key},
                                {"X-Gitlab-Event", delivery.event},
                                {"X-Gitlab-Webhook-UUID", delivery.webhook_uuid},
                                {"X-Gitlab-Instance", world.base_url},
                                {"X-Gitlab-Event-UUID", delivery.event_uuid}});
  if (!delivery.token.empty()) entry.headers.set("X-Gitlab-Token", "[REDACTED]");
  entry.body = delivery.body;
  entry.status = std::move(status);
  entry.key = delivery.key;
  entry.event_uuid = delivery.event_uuid;
  entry.created_at = world.now();
  hook.log.push_front(std::move(entry));
  if (hook.log.size() > log_max) hook.log.pop_back();
}

void note_outcome(World& world, Delivery const& delivery, std::string const& status) {
  Hook* hook = find_hook(world, delivery);
  if (hook == nullptr) return;
  write_log(world, delivery, *hook, status);
  bool const delivered = status.starts_with("2");
  hook->failures_in_row = delivered ? 0 : hook->failures_in_row + 1;
  if (delivered) hook->disabled_until.reset();
  if (hook->failures_in_row >= failures_allowed) hook->disabled_until = world.now() + rest;
}

}  // namespace

net::HttpRequest hook_request(World const& world, Delivery const& delivery, Time now) {
  net::HttpRequest request;
  request.method = net::Method::post;
  request.url = delivery.url;
  request.body = delivery.body;
  request.limits.total_timeout = hook_timeout;
  std::string const timestamp = std::to_string(to_epoch_ms(now) / 1000);
  request.headers = {{"Content-Type", "application/json"},
                     {"User-Agent", "GitLab/" + world.options.version},
                     {"X-Gitlab-Event", delivery.event},
                     {"X-Gitlab-Instance", world.base_url},
                     {"X-Gitlab-Event-UUID", delivery.event_uuid},
                     {"X-Gitlab-Webhook-UUID", delivery.webhook_uuid},
                     {"Idempotency-Key", delivery.key}};
  if (!delivery.token.empty()) request.headers.add("X-Gitlab-Token", delivery.token);
  if (!delivery.signing_token.empty()) {
    request.headers.add("webhook-id", delivery.key);
    request.headers.add("webhook-timestamp", timestamp);
    request.headers.add("webhook-signature", signature_of(delivery, timestamp));
  }
  return request;
}

HookSender::HookSender(World& world, net::HttpTransport& transport, Log& log)
    : world_(world), transport_(transport), log_(log) {}

HookSender::~HookSender() { stop(); }

void HookSender::start() {
  sending_ = std::thread([this] { send_loop(); });
  ticking_ = std::thread([this] { tick_loop(); });
}

void HookSender::stop() {
  {
    std::lock_guard const lock(world_.mutex);
    world_.stopping = true;
  }
  world_.changed.notify_all();
  if (sending_.joinable()) sending_.join();
  if (ticking_.joinable()) ticking_.join();
}

void HookSender::send_loop() {
  std::unique_lock lock(world_.mutex);
  while (!world_.stopping) {
    if (world_.deliveries.empty()) {
      world_.changed.wait(lock, [this] { return world_.stopping || !world_.deliveries.empty(); });
      continue;
    }
    Delivery const delivery = std::move(world_.deliveries.front());
    world_.deliveries.pop_front();
    lock.unlock();
    send(delivery);
    lock.lock();
  }
}

void HookSender::send(Delivery const& delivery) {
  auto const response = transport_.send(hook_request(world_, delivery, world_.now()));
  bool const delivered = response.ok() && response->status >= 200 && response->status < 300;
  if (!delivered) {
    log_.warning("webhook was not accepted",
                 {{"event", delivery.event},
                  {"hook", delivery.hook_id},
                  {"status", response.ok() ? Json(response->status) : Json()},
                  {"error", response.ok() ? Json() : Json(response.error().message)}});
  }
  std::lock_guard const lock(world_.mutex);
  ++world_.deliveries_sent;
  note_outcome(world_, delivery,
               response.ok() ? std::to_string(response->status) : "internal error");
}

void HookSender::tick_loop() {
  std::unique_lock lock(world_.mutex);
  while (!world_.stopping) {
    settle(world_);
    auto const next = next_step(world_);
    if (!next) {
      world_.changed.wait(lock);
      continue;
    }
    world_.changed.wait_for(lock, std::clamp(*next - world_.now(), Milliseconds(1), tick_max));
  }
}

}  // namespace fairlead::sandbox
