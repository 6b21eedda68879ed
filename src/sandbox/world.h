// World: the whole state of one sandbox with its clock, randomness and pending pipeline steps.
//
// Every request handler runs with `mutex` held and gets a World&; nothing here does I/O (webhooks
// are queued in `deliveries` and sent by HookSender). settle() moves pipelines to where they must
// be at the present time; it is called before every request and by the ticker thread. Thread rule:
// hold `mutex` for everything but clock and options.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "sandbox/faults.h"
#include "sandbox/options.h"
#include "sandbox/records.h"

namespace fairlead::sandbox {

class SigningKey;

// The sandbox's own time: the given clock plus what was advanced; in manual mode it stands still in
// between.
class SandboxClock final : public Clock {
 public:
  SandboxClock(Clock& base, SandboxOptions::Time mode)
      : base_(base), mode_(mode), start_(base.now()) {}
  [[nodiscard]] Time now() const override;
  [[nodiscard]] Milliseconds steady() const override { return base_.steady(); }
  [[nodiscard]] SandboxOptions::Time mode() const { return mode_; }
  void advance(Milliseconds by);

 private:
  Clock& base_;
  SandboxOptions::Time mode_;
  Time start_;
  mutable std::mutex mutex_;
  Milliseconds ahead_{0};
};

// A pipeline (job_id 0) or job becomes `status`.
struct DueStep {
  Number pipeline_id{0};
  Number job_id{0};
  Number generation{0};
  std::string status;
};

// One webhook to be posted.
struct Delivery {
  Number project_id{0};
  Number group_id{0};  // of a group's hook
  Number hook_id{0};
  std::string url;
  std::string event;  // "Pipeline Hook"
  std::string event_uuid;
  std::string key;  // Idempotency-Key
  std::string webhook_uuid;
  std::string token;
  std::string signing_token;
  std::string body;
};

// How pipelines of a project and ref run unless variables say otherwise; set through the control
// API.
struct PipelinePlan {
  std::string result{"success"};
  std::optional<Milliseconds> run_time;
  std::vector<std::string> statuses;  // empty: the usual way
  std::string failed_job;
};

struct World {
  World(SandboxOptions const& given, Clock& base, Random& source)
      : options(given), clock(base, given.time), random(source) {}

  SandboxOptions options;
  SandboxClock clock;
  Random& random;

  std::mutex mutex;
  std::condition_variable
      changed;  // steps or deliveries were added, the clock was moved, or stopping
  bool stopping{false};

  State state;
  Faults faults;
  std::multimap<Time, DueStep> due;
  std::deque<Delivery> deliveries;
  Number deliveries_sent{0};
  Number deliveries_dropped{0};                            // the queue was full
  std::map<std::string, PipelinePlan, std::less<>> plans;  // "<project id>" or "<project id> <ref>"
  std::map<std::string, std::vector<Time>, std::less<>> hits;  // recent requests, for limits
  std::string base_url;  // external, without a slash at the end
  std::shared_ptr<SigningKey>
      signing_key;  // shared_ptr: the type stays incomplete here; made when first needed
  std::string auto_consent_user;  // username; "": show the pages

  static constexpr std::size_t deliveries_max = 10'000;

  [[nodiscard]] Time now() const { return clock.now(); }
  // 1, 2, 3 ... per kind ("issue", "pipeline", ...).
  Number next_id(std::string_view kind) { return ++state.last_ids[std::string(kind)]; }
  [[nodiscard]] std::string api_url(std::string_view path) const {
    return base_url + "/api/v4" + std::string(path);
  }
  [[nodiscard]] std::string web_url(std::string_view path) const {
    return base_url + "/" + std::string(path);
  }

  User* user(Number id);
  User* user_named(std::string_view username);  // letter case ignored
  User* user_with_email(std::string_view email);
  Group* group(Number id);
  Project* project(Number id);
  // By full path, letter case ignored.
  Group* group_at(std::string_view full_path);
  Project* project_at(std::string_view full_path);
  User* owner_of_namespace(Number namespace_id);
  // Full path and name of a group's or user's namespace.
  [[nodiscard]] std::string namespace_path(Number namespace_id);
  [[nodiscard]] std::string namespace_name(Number namespace_id);
};

}  // namespace fairlead::sandbox
