#include "api/live_streams.h"

#include "api/connection_gate.h"
#include "store/approvals.h"

namespace fairlead::api {
namespace {

constexpr int beats_between_looks = 8;        // 2 s
constexpr int beats_between_heartbeats = 40;  // 10 s
constexpr int approvals_looked_at = 100;
constexpr int new_runs_looked_at = 50;

Json row_of(store::RunRecord const& run) {
  return Json::object({{"id", run.id.text},
                       {"workflow", Json::object({{"namespace", run.workflow_namespace},
                                                  {"name", run.workflow_name},
                                                  {"version", run.workflow_version}})},
                       {"status", run.status},
                       {"waitingFor", run.waiting_for},
                       {"cause", run.cause},
                       {"eventSeq", run.event_seq},
                       {"startedAt", format_time(run.started_at)},
                       {"endedAt", run.ended_at ? Json(format_time(*run.ended_at)) : Json()}});
}

// Changes with each decision, and with the end.
std::string mark_of(store::ApprovalRecord const& approval) {
  return approval.id + " " + std::to_string(approval.decisions.size());
}

}  // namespace

LiveStreams::~LiveStreams() {
  stop();
  if (watching_) engine_.unsubscribe(follower_);
}

LiveBeat::LiveBeat(LiveStreams& live) {
  thread_ = std::thread([this, &live] {
    while (pause_.wait(live_beat))
      live.beat();
  });
}

LiveBeat::~LiveBeat() {
  pause_.interrupt();
  thread_.join();
}

void LiveStreams::stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  for (auto const& stream : streams_)
    stream.writer->close();
}

void LiveStreams::add(std::shared_ptr<net::StreamWriter> writer, access::Role role) {
  {
    std::lock_guard lock(mutex_);
    if (!stopped_ && streams_.size() < live_streams_max) {
      // The first words tell the browser that the line is open.
      writer->write("retry: 3000\n\n");
      streams_.push_back({.writer = std::move(writer), .role = role});
      return;
    }
  }
  Error error = make_error(ErrorKind::unavailable, "Too many pages listen already.");
  error.remedy = "Pages work without it; they ask now and then.";
  writer->write(net::encode_sse("", "problem", fairlead::to_json(error).dump()));
  writer->close();
}

// On an engine thread: keeps it short.
void LiveStreams::note(store::RunRecord const& run) {
  std::lock_guard lock(mutex_);
  if (changed_.size() >= live_runs_max && !changed_.contains(run.id.text)) {
    ++untold_;
    return;
  }
  changed_[run.id.text] = row_of(run).dump();
}

void LiveStreams::beat() {
  std::string bytes;
  bool anybody = false;
  {
    std::lock_guard lock(mutex_);
    std::erase_if(streams_, [](Listener& each) {
      if (--each.beats_left <= 0) each.writer->close();
      return !each.writer->open();
    });
    anybody = !streams_.empty();
    for (auto const& [id, row] : changed_)
      bytes += net::encode_sse("", "run", row);
    if (untold_ > 0)
      bytes += net::encode_sse("", "run", Json::object({{"more", std::int64_t(untold_)}}).dump());
    changed_.clear();
    untold_ = 0;
  }
  // Nobody listens: nothing is gathered.
  if (anybody && !watching_) {
    follower_ =
        engine_.subscribe(RunId(), [this](run::RunUpdate const& update) { note(update.run); });
    watching_ = true;
  } else if (!anybody && watching_) {
    engine_.unsubscribe(follower_);
    watching_ = false;
    looked_ = false;
  }
  if (!anybody) return;
  if (beats_ % beats_between_heartbeats == 0) bytes += ":\n\n";
  tell(bytes);
  if (beats_ % beats_between_looks == 0) look_around();
  ++beats_;
}

void LiveStreams::look_around() {
  look_at_new_runs();
  look_at_connections();
  look_at_approvals();
  looked_ = true;
}

// A run's first commit is nobody's to follow: it may have come to its first wait, or its end, in
// it.
void LiveStreams::look_at_new_runs() {
  auto const page = store_.runs().list({}, "", new_runs_looked_at);
  if (!page.ok() || page->items.empty()) return;
  std::string bytes;
  for (auto const& run : page->items) {
    if (run.id.text <= newest_) break;
    if (looked_) bytes += net::encode_sse("", "run", row_of(run).dump());
  }
  newest_ = page->items.front().id.text;
  tell(bytes);
}

void LiveStreams::look_at_connections() {
  auto const all = store_.connections().list();
  if (!all.ok()) return;  // the next look may see more
  std::map<std::string, std::string> states;
  for (auto const& each : *all) {
    states[each.name] = each.status;
    auto const before = states_.find(each.name);
    bool const known = before != states_.end() && before->second == each.status;
    if (looked_ && !known) tell_users(each);
  }
  states_ = std::move(states);
}

void LiveStreams::look_at_approvals() {
  auto const page = store_.approvals().list({.status = "open", .run = {}}, "", approvals_looked_at);
  if (!page.ok()) return;
  std::set<std::string> open;
  for (auto const& each : page->items)
    open.insert(mark_of(each));
  auto const say = [this](std::string const& mark, char const* status) {
    std::string const id = mark.substr(0, mark.find(' '));
    tell(net::encode_sse("", "approval", Json::object({{"id", id}, {"status", status}}).dump()));
  };
  for (auto const& mark : open)
    if (looked_ && !open_.contains(mark)) say(mark, "open");
  for (auto const& mark : open_)
    if (!open.contains(mark)) say(mark, "changed");
  open_ = std::move(open);
}

void LiveStreams::tell(std::string const& bytes) {
  if (bytes.empty()) return;
  std::lock_guard lock(mutex_);
  for (auto const& stream : streams_)
    stream.writer->write(bytes);
}

// Who may not see a connection does not learn of it here either.
void LiveStreams::tell_users(store::ConnectionRecord const& connection) {
  std::string const bytes = net::encode_sse(
      "", "connection",
      Json::object({{"name", connection.name}, {"state", connection.status}}).dump());
  std::lock_guard lock(mutex_);
  for (auto const& stream : streams_) {
    if (may_use(stream.role, connection)) stream.writer->write(bytes);
  }
}

std::vector<Endpoint> live_endpoints(LiveRoutesParts parts) {
  auto open = [&live = parts.live](Call const& call) -> Result<net::ServerResponse> {
    net::ServerResponse response = net::text_response(200, "", "text/event-stream");
    response.headers.add("X-Accel-Buffering", "no");
    response.on_stream = [&live,
                          role = call.caller.role](std::shared_ptr<net::StreamWriter> writer) {
      live.add(std::move(writer), role);
    };
    return response;
  };
  return {{net::Method::get, "/api/v1/live", access::Role::viewer,
           "What changes, as it changes (server-sent events)", open}};
}

}  // namespace fairlead::api
