#include "tests/sim/sim_gitlab.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "sandbox/hook_sender.h"
#include "sandbox/pipeline_run.h"
#include "sandbox/seed.h"

namespace fairlead::sim {
namespace {

constexpr int yielding_max = 2;
constexpr std::string_view marker_prefix = "fairlead:";
constexpr std::size_t marker_length = 32;
constexpr int late_one_in = 8;

sandbox::SandboxOptions sandbox_options() {
  sandbox::SandboxOptions options;
  options.token_lifetime = std::chrono::minutes(11);
  options.pipeline_run_time = std::chrono::seconds(40);
  return options;
}

std::string path_of(net::HttpRequest const& request) {
  return request.url.substr(std::min(request.url.size(), gitlab_url.size()));
}

std::string short_path(net::HttpRequest const& request) {
  std::string path = path_of(request);
  return path.substr(0, path.find('?'));
}

Error broken(ErrorKind kind, std::string message) {
  Error error = make_error(kind, std::move(message));
  error.where = std::string(gitlab_url);
  return error;
}

void count_markers(std::string_view text, std::map<std::string, int>& into) {
  for (auto at = text.find(marker_prefix); at != std::string_view::npos;
       at = text.find(marker_prefix, at + 1)) {
    std::string const id(text.substr(at + marker_prefix.size(), marker_length));
    bool const hex =
        id.size() == marker_length && id.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (hex) ++into[id];
  }
}

}  // namespace

SimGitlab::SimGitlab(Setting& setting, std::uint64_t seed)
    : setting_(setting),
      dice_(seed, "network"),
      product_(seed, "gitlab"),
      world_(sandbox_options(), setting.clock, product_),
      front_(world_) {
  std::lock_guard const lock(world_.mutex);
  sandbox::seed(world_);
  world_.base_url = gitlab_url;
  world_.auto_consent_user = "alice";
}

SimGitlab::Trouble SimGitlab::trouble_for(net::HttpRequest const& request) {
  if (!setting_.is_rough()) return Trouble::none;
  if (dice_.per_mille(setting_.rough.crash_at_request))
    return dice_.once_in(2) ? Trouble::dies_before : Trouble::dies_after;
  // Reads are many and their faults teach little: a third of the trouble.
  bool const reads = request.method == net::Method::get;
  if (!dice_.per_mille(setting_.rough.fault_at_request) || (reads && !dice_.once_in(3)))
    return Trouble::none;
  ++faults_;
  if (!reads && dice_.once_in(late_one_in)) return Trouble::late;
  constexpr std::array kinds{Trouble::refused,      Trouble::lost_before,  Trouble::lost_after,
                             Trouble::lost_after,   Trouble::times_out,    Trouble::told_to_fail,
                             Trouble::told_to_fail, Trouble::told_to_fail, Trouble::told_to_fail};
  return kinds[static_cast<std::size_t>(dice_.between(0, static_cast<int>(kinds.size()) - 1))];
}

void SimGitlab::plan_fault() {
  using enum sandbox::FaultKind;
  constexpr std::array kinds{throttle,  application_limit, server_error, server_error,
                             truncated, proxy_page,        proxy_page,   slow,
                             reset,     resource_lock};
  sandbox::Fault fault;
  fault.kind =
      kinds[static_cast<std::size_t>(dice_.between(0, static_cast<int>(kinds.size()) - 1))];
  bool const refusal =
      fault.kind == throttle || fault.kind == application_limit || fault.kind == resource_lock;
  // A refusal says that nothing was done; a slow or cut answer is one to something that was.
  bool const honest = fault.kind == slow || fault.kind == truncated;
  fault.when = honest || (!refusal && dice_.once_in(2)) ? sandbox::Fault::When::after
                                                        : sandbox::Fault::When::before;
  fault.delay = dice_.time_between(Milliseconds(500), std::chrono::seconds(70));
  fault.retry_after_seconds = dice_.between(1, 40);
  setting_.trace.line("  fault " + to_json(fault).dump());
  std::lock_guard const lock(world_.mutex);
  world_.faults.clear();
  (void)world_.faults.add(std::move(fault));
}

void SimGitlab::note_cancel(net::HttpRequest const& request, net::ServerResponse const& answer) {
  constexpr std::string_view place = "/pipelines/";
  std::string const path = short_path(request);
  auto const at = path.find(place);
  bool const asked = request.method == net::Method::post && at != std::string::npos &&
                     path.ends_with("/cancel") && answer.status < 300;
  if (asked) cancelled_.insert(std::strtoll(path.c_str() + at + place.size(), nullptr, 10));
}

net::ServerResponse SimGitlab::ask(net::HttpRequest const& request) {
  net::ServerRequest server;
  server.method = request.method;
  server.target = path_of(request);
  server.headers = request.headers;
  if (!request.authorization.empty())
    server.headers.set("Authorization", std::string(request.authorization.reveal()));
  server.body = request.body;
  auto answer = front_.answer(server);
  note_cancel(request, answer);
  return answer;
}

Result<net::HttpResponse> SimGitlab::read(net::ServerResponse response) {
  constexpr Milliseconds patience = net::HttpLimits{}.total_timeout;
  setting_.clock.advance(std::min(response.delay, patience));
  if (response.delay >= patience)
    return broken(ErrorKind::uncertain, "no answer within " + format_duration(patience));
  if (response.reset_connection) return broken(ErrorKind::uncertain, "the connection was reset");
  if (response.on_stream) return broken(ErrorKind::uncertain, "the answer was cut");
  net::HttpResponse read;
  read.status = response.status;
  read.headers = std::move(response.headers);
  read.body = std::move(response.body);
  return read;
}

void SimGitlab::let_others_run(std::string_view path) {
  setting_.clock.advance(dice_.time_between(Milliseconds(5), Milliseconds(400)));
  // Whoever asks for a token or the account holds a lock meanwhile: only those who wait for it
  // could run.
  bool const locked = path.find("/oauth/") != std::string_view::npos || path.ends_with("/user");
  if (locked || !setting_.yield || yielding_ >= yielding_max || setting_.dead) return;
  if (!dice_.per_mille(setting_.rough.yield_at_request)) return;
  ++yielding_;
  setting_.yield();
  --yielding_;
}

Result<net::HttpResponse> SimGitlab::answer(net::HttpRequest const& request) {
  Trouble const trouble = trouble_for(request);
  switch (trouble) {
    case Trouble::refused:
      return broken(ErrorKind::unavailable, "connection refused");
    case Trouble::lost_before:
      return broken(ErrorKind::uncertain, "the connection was reset");
    case Trouble::dies_before:
      setting_.die("before a request");
      return broken(ErrorKind::unavailable, "the process is gone");
    case Trouble::late: {
      auto const delay = dice_.time_between(Milliseconds(100), late_max);
      setting_.trace.line("  lands in " + format_duration(delay));
      late_.push_back({setting_.clock.now() + delay, request});
      return broken(ErrorKind::uncertain, "the connection was reset");
    }
    case Trouble::told_to_fail:
      plan_fault();
      break;
    default:
      break;
  }
  net::ServerResponse response = ask(request);
  if (trouble == Trouble::lost_after) response.reset_connection = true;
  if (trouble == Trouble::times_out) response.delay = net::HttpLimits{}.total_timeout;
  if (trouble == Trouble::dies_after) {
    setting_.die("after a request, before its answer");
    return broken(ErrorKind::uncertain, "the process is gone");
  }
  return read(std::move(response));
}

void SimGitlab::watch_refresh(net::HttpRequest const& request,
                              Result<net::HttpResponse> const& answer) {
  std::string const& body = request.body;
  auto const at = body.find("refresh_token=");
  if (at == std::string::npos || body.find("grant_type=refresh_token") == std::string::npos) return;
  std::string const token = body.substr(at, body.find('&', at) - at);
  // A process that died before it could store the answer does not know better.
  auto const spent = spent_refreshes_.find(token);
  bool const known =
      spent != spent_refreshes_.end() &&
      (spent->second.life == setting_.life || spent->second.pairs_stored < setting_.pairs_stored);
  if (known) setting_.violation("a refresh token was sent again after its answer had arrived");
  if (answer.ok() && answer->status == 200)
    spent_refreshes_[token] = {.life = setting_.life, .pairs_stored = setting_.pairs_stored};
}

Result<net::HttpResponse> SimGitlab::send(net::HttpRequest const& request) {
  if (setting_.dead) return broken(ErrorKind::unavailable, "the process is gone");
  ++requests_;
  std::string const path = short_path(request);
  std::string const head = std::string(net::to_string(request.method)) + " " + path;
  int const life = setting_.life;
  let_others_run(path);
  if (setting_.dead || life != setting_.life)
    return broken(ErrorKind::unavailable, "the process is gone");
  settle();
  auto result = answer(request);
  setting_.trace.line(head + " -> " +
                      (result.ok() ? std::to_string(result->status) : result.error().message));
  watch_refresh(request, result);
  let_others_run(path);
  if (setting_.dead) return broken(ErrorKind::uncertain, "the process is gone");
  return result;
}

void SimGitlab::settle() {
  Time const now = setting_.clock.now();
  for (std::size_t i = 0; i < late_.size();) {
    if (late_[i].at > now) {
      ++i;
      continue;
    }
    net::HttpRequest const request = std::move(late_[i].request);
    late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(i));
    auto const landed = ask(request);
    setting_.trace.line("late " + std::string(net::to_string(request.method)) + " " +
                        short_path(request) + " -> " + std::to_string(landed.status));
  }
  std::lock_guard const lock(world_.mutex);
  sandbox::settle(world_);
}

std::deque<sandbox::Delivery> SimGitlab::take_deliveries() {
  std::lock_guard const lock(world_.mutex);
  return std::exchange(world_.deliveries, {});
}

net::HttpRequest SimGitlab::request_of(sandbox::Delivery const& delivery) {
  return sandbox::hook_request(world_, delivery, setting_.clock.now());
}

std::optional<Time> SimGitlab::next() {
  std::lock_guard const lock(world_.mutex);
  auto soonest = sandbox::next_step(world_);
  for (auto const& each : late_) {
    if (!soonest || each.at < *soonest) soonest = each.at;
  }
  return soonest;
}

std::map<std::string, std::string> SimGitlab::consent(std::string const& authorize_url) {
  net::HttpRequest request;
  request.url = authorize_url;
  auto const answer = ask(request);
  std::string const location(answer.headers.get("Location"));
  std::map<std::string, std::string> query;
  std::string rest = location.substr(std::min(location.size(), location.find('?') + 1));
  while (!rest.empty()) {
    auto const end = std::min(rest.find('&'), rest.size());
    std::string const pair = rest.substr(0, end);
    auto const equals = std::min(pair.find('='), pair.size());
    query[pair.substr(0, equals)] = pair.substr(std::min(equals + 1, pair.size()));
    rest = rest.substr(std::min(end + 1, rest.size()));
  }
  return query;
}

std::map<std::string, int> SimGitlab::effects() {
  std::map<std::string, int> found;
  std::lock_guard const lock(world_.mutex);
  for (auto const& [id, project] : world_.state.projects) {
    for (auto const& issue : project.issues)
      count_markers(issue.description.value_or(""), found);
    for (auto const& [issue, notes] : project.notes) {
      for (auto const& note : notes)
        count_markers(note.body, found);
    }
  }
  for (auto const& [id, pipeline] : world_.state.pipelines) {
    for (auto const& variable : pipeline.variables)
      count_markers(variable.value, found);
  }
  return found;
}

std::set<std::int64_t> SimGitlab::pipelines_of(std::string const& marker) {
  std::set<std::int64_t> found;
  std::lock_guard const lock(world_.mutex);
  for (auto const& [id, pipeline] : world_.state.pipelines) {
    std::map<std::string, int> markers;
    for (auto const& variable : pipeline.variables)
      count_markers(variable.value, markers);
    if (markers.contains(marker)) found.insert(id);
  }
  return found;
}

void SimGitlab::plan_runbook(std::string const& result) {
  std::lock_guard const lock(world_.mutex);
  auto const* project = world_.project_at("ops/runbooks");
  if (project != nullptr) world_.plans[std::to_string(project->id)] = {.result = result};
}

}  // namespace fairlead::sim
