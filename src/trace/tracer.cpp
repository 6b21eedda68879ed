#include "trace/tracer.h"

#include <algorithm>
#include <utility>

#include "net/retry_after.h"

namespace fairlead::trace {
namespace {

constexpr std::size_t runs_max = 2'000;
constexpr std::size_t batch_max = 512;
constexpr int journal_page = 500;
constexpr int runs_page = 200;
constexpr Milliseconds gather{500};
constexpr Milliseconds first_pause{1'000};
constexpr Milliseconds longest_pause{30'000};
constexpr Milliseconds longest_asked{60'000};
constexpr int doublings_max = 5;
constexpr Milliseconds drain_timeout{3'000};
// What is said to be sent may be followed by an end from before that is committed only now.
constexpr std::chrono::seconds resent{10};
constexpr std::chrono::hours resent_max{1};
constexpr std::string_view note_key = "trace.all-sent-until";
constexpr std::chrono::seconds note_interval{30};
constexpr int looks_max = 20;  // at what the store does not give
constexpr int ok_from = 200;
constexpr int ok_below = 300;

// As OTLP says: these mean "later", every other failure is for good.
bool means_later(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

Tracer::Tracer(Parts parts, Options options) : parts_(parts), options_(std::move(options)) {}

Tracer::~Tracer() { stop(); }

// Until when all was sent, as the process before noted it.
Time Tracer::since_when() {
  Time const now = parts_.clock.now();
  if (parts_.notes == nullptr) return now - resent;
  auto const note = parts_.notes->get(note_key);
  if (!note.ok()) {
    parts_.log.warning("traces may have holes: the place to go on from cannot be read",
                       {{"error", describe(note.error())}});
  }
  auto const noted = note.ok() && *note ? parse_time(**note) : std::nullopt;
  return std::min(noted.value_or(now - resent), now - resent);
}

void Tracer::catch_up() {
  Time const all_sent = since_when();
  Time const since = std::max(all_sent, parts_.clock.now() - resent_max);
  auto const look = [&](std::vector<store::RunRecord> const& runs) {
    for (auto const& run : runs) {
      if (!run.ended_at || *run.ended_at >= since) {
        news_[run.id] = {.first_seq = 1, .not_before = since};
      } else if (*run.ended_at >= all_sent) {
        miss();
      }
    }
  };
  std::optional<Error> fault;
  std::string cursor;
  std::size_t seen = 0;
  do {
    auto const recent = parts_.runs.list({}, cursor, runs_page);
    if (!recent.ok()) {
      fault = recent.error();
      break;
    }
    look(recent->items);
    seen += recent->items.size();
    cursor = recent->next_cursor;
  } while (!cursor.empty() && seen < runs_max);
  RunId after;
  while (!fault && news_.size() < news_max) {
    auto page = parts_.runs.unfinished(after, runs_page);
    if (!page.ok()) fault = page.error();
    if (!page.ok() || page->empty()) break;
    after = page->back().id;
    look(*page);
  }
  if (fault) {
    parts_.log.warning("traces may have holes: the runs from before the start cannot be read",
                       {{"error", describe(*fault)}});
  }
}

void Tracer::start() {
  thread_ = std::thread([this] { loop(); });
}

void Tracer::changed(RunId const& run, std::int64_t first_seq) {
  {
    std::lock_guard lock(mutex_);
    if (news_.size() >= news_max && !news_.contains(run)) return miss();
    auto const [at, added] = news_.try_emplace(run, News{.first_seq = first_seq, .not_before = {}});
    if (!added) at->second.first_seq = std::min(at->second.first_seq, first_seq);
  }
  woken_.notify_one();
}

void Tracer::stop() {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  woken_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Tracer::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    woken_.wait_for(lock, gather, [this] { return stopping_; });
    if (stopping_) break;
    lock.unlock();
    turn();
    lock.lock();
  }
  lock.unlock();
  next_try_ = longest_pause * 1'000'000;  // only read
  Time const begun = parts_.clock.now();
  turn();
  hang_requests();  // those that were early
  Milliseconds const end = parts_.clock.steady() + drain_timeout;
  while (!spans_.empty() && parts_.clock.steady() < end) {
    auto const before = spans_.size();
    send_some(std::min(end - parts_.clock.steady(), options_.timeout));
    if (spans_.size() == before) break;
  }
  if (!spans_.empty()) {
    parts_.log.warning("traces are not all sent", {{"spans", spans_.size()}});
    return;
  }
  is_last_turn_ = true;
  std::lock_guard const last(mutex_);
  if (news_.empty() && early_.empty()) note_all_sent(begun - resent);
}

void Tracer::turn() {
  Time const begun = parts_.clock.now();
  bool const is_all_read = read_news();
  hang_requests();
  put_away();
  while (!spans_.empty() && parts_.clock.steady() >= next_try_) {
    auto const before = spans_.size();
    send_some(options_.timeout);
    if (spans_.size() == before) break;
  }
  counts_.waiting = spans_.size();
  if (is_all_read && spans_.empty() && early_.empty()) note_all_sent(begun - resent);
}

// ---- reading ----

// False: the store did not give all.
bool Tracer::read_news() {
  std::map<RunId, News> news;
  {
    std::lock_guard lock(mutex_);
    news.swap(news_);
  }
  bool is_all_read = true;
  for (auto const& [run, what] : news) {
    bool const known = runs_.contains(run);
    auto const done = read(run, what);
    // Removed by now: nobody looks for it.
    if (done.ok() || done.error().kind == ErrorKind::not_found) continue;
    is_all_read = false;
    News again = what;
    again.is_half_read = again.is_half_read || !known;
    try_later(run, again);
  }
  return is_all_read;
}

void Tracer::try_later(RunId const& run, News news) {
  std::lock_guard const lock(mutex_);
  if (++news.failures >= looks_max) return miss();
  auto const [at, added] = news_.try_emplace(run, news);
  if (added) return;
  news.first_seq = std::min(news.first_seq, at->second.first_seq);
  at->second = news;
}

// With the lock, or before there are threads.
void Tracer::miss() {
  ++missed_;
  ++counts_.runs_missed;
}

void Tracer::note_all_sent(Time until) {
  if (parts_.notes == nullptr || !is_news_since_note_) return;
  if (noted_ && until - *noted_ < note_interval && !is_last_turn_) return;
  auto const done = parts_.notes->set(note_key, format_time(until));
  // The next turn tries again; until then more than needed would be sent again.
  if (!done.ok()) return;
  noted_ = until;
  is_news_since_note_ = false;
}

Result<void> Tracer::read(RunId const& run, News const& news) {
  if (ended_.contains(run)) return {};
  bool const known = runs_.contains(run) && !news.is_half_read;
  FAIRLEAD_TRY(auto* const at, followed(run));
  if (at == nullptr) return {};
  touched_.insert(run);
  is_news_since_note_ = true;
  while (true) {
    FAIRLEAD_TRY(auto const page, parts_.runs.journal(run, at->spans.last_seq(), journal_page));
    if (page.empty()) return {};
    std::vector<Span> ended;
    for (auto const& entry : page) {
      auto const before = ended.size();
      at->spans.read(entry, ended);
      // Read only to know what is open.
      bool const old = (!known && entry.seq < news.first_seq) ||
                       (news.not_before && entry.at < *news.not_before);
      if (old) ended.resize(before);
    }
    keep(std::move(ended));
  }
}

Result<Tracer::Followed*> Tracer::followed(RunId const& run) {
  if (auto const found = runs_.find(run); found != runs_.end()) {
    found->second.used = ++uses_;
    return &found->second;
  }
  FAIRLEAD_TRY(auto const row, parts_.runs.get(run));
  FAIRLEAD_TRY(auto place, parts_.traces.place_of(row));
  if (!place) return static_cast<Followed*>(nullptr);
  make_room();
  Followed made{.spans = JournalSpans(run, std::move(*place)), .used = ++uses_};
  return &runs_.emplace(run, std::move(made)).first->second;
}

// A run that is put away is read from its beginning when it goes on.
void Tracer::make_room() {
  if (runs_.size() < runs_max) return;
  runs_.erase(std::min_element(runs_.begin(), runs_.end(), [](auto const& a, auto const& b) {
    return a.second.used < b.second.used;
  }));
}

// Every request's span was made before its task's end was committed. So what is taken after the
// journals were read has all of the requests of the ends that were read.
void Tracer::hang_requests() {
  if (parts_.requests == nullptr) return;
  std::vector<Span> placed;
  auto const place = [&](RequestSpan& made, SpanId parent) {
    made.span.parent = std::move(parent);
    placed.push_back(std::move(made.span));
  };
  auto const early = std::exchange(early_, {});
  for (auto made : early) {
    SpanId const parent = parent_of(made);
    place(made, parent.empty() ? run_span_id(made.run) : parent);
  }
  for (auto& made : parts_.requests->take()) {
    if (SpanId const parent = parent_of(made); !parent.empty()) {
      place(made, parent);
    } else {
      early_.push_back(std::move(made));
    }
  }
  auto const dropped = parts_.requests->take_dropped();
  dropped_ += dropped;
  counts_.dropped += dropped;
  keep(std::move(placed));
}

SpanId Tracer::parent_of(RequestSpan const& made) {
  auto found = runs_.find(made.run);
  if (found == runs_.end()) return {};
  SpanId parent = found->second.spans.task_of_call(made.call);
  if (!parent.empty()) return parent;
  // The intent was committed before the request was sent.
  if (!read(made.run, {}).ok()) return {};
  found = runs_.find(made.run);
  return found == runs_.end() ? SpanId() : found->second.spans.task_of_call(made.call);
}

// A run that has ended is kept for a turn, and so are the calls of tasks that have.
void Tracer::put_away() {
  std::set<RunId> recent = touched_;
  recent.insert(touched_before_.begin(), touched_before_.end());
  for (auto const& run : recent) {
    auto const found = runs_.find(run);
    if (found == runs_.end()) continue;
    found->second.spans.forget_calls();
    if (!found->second.spans.has_ended() || touched_.contains(run)) continue;
    runs_.erase(found);
    ended_.insert(run);
    ended_order_.push_back(run);
    if (ended_order_.size() > runs_max) {
      ended_.erase(ended_order_.front());
      ended_order_.pop_front();
    }
  }
  touched_before_ = std::exchange(touched_, {});
}

void Tracer::keep(std::vector<Span> spans) {
  for (auto& span : spans)
    spans_.push_back(std::move(span));
  while (spans_.size() > spans_max) {
    spans_.pop_front();
    ++dropped_;
    ++counts_.dropped;
  }
}

// ---- sending ----

Result<net::HttpRequest> Tracer::request_for(std::vector<Span> const& batch,
                                             Milliseconds timeout) const {
  net::HttpRequest request;
  request.method = net::Method::post;
  request.url = options_.url;
  request.headers.set("Content-Type", "application/json");
  for (auto const& [name, value] : options_.headers) {
    if (name == "authorization") {
      request.authorization = value;
    } else {
      request.headers.set(name, std::string(value.reveal()));
    }
  }
  FAIRLEAD_CHECK(add_secrets(request));
  request.body = export_request(options_, batch).dump();
  request.limits.total_timeout = timeout;
  request.limits.connect_timeout = timeout;
  return request;
}

Result<void> Tracer::add_secrets(net::HttpRequest& request) const {
  for (auto const& [name, secret] : options_.secret_headers) {
    FAIRLEAD_TRY(auto value, parts_.secret_of(secret));
    if (!value) {
      Error error =
          make_error(ErrorKind::not_found, "There is no secret '" + secret + "' for the header '" +
                                               name + "' of the trace collector.");
      error.remedy = "Put it into one of the places secrets come from: docs/secrets.md.";
      return error;
    }
    if (name == "authorization") {
      request.authorization = *std::move(value);
    } else {
      request.headers.set(name, std::string(value->reveal()));
    }
  }
  return {};
}

void Tracer::send_some(Milliseconds timeout) {
  auto const count = std::min(spans_.size(), batch_max);
  std::vector<Span> const batch(spans_.begin(),
                                spans_.begin() + static_cast<std::ptrdiff_t>(count));
  auto const request = request_for(batch, timeout);
  if (!request.ok()) return later(describe(request.error()), std::nullopt);
  auto const answer = parts_.transport.send(*request);
  // Sent again even if it may have arrived: the ids are the same.
  if (!answer.ok()) return later(describe(answer.error()), std::nullopt);
  if (means_later(answer->status))
    return later("HTTP " + std::to_string(answer->status), net::retry_after(*answer));
  bool const refused = answer->status < ok_from || answer->status >= ok_below;
  (refused ? counts_.dropped : counts_.sent) += count;
  if (refused) {
    parts_.log.warning("the trace collector refused spans; they are not sent again",
                       {{"status", answer->status},
                        {"spans", count},
                        {"remedy", "check OTEL_EXPORTER_OTLP_ENDPOINT and its headers"}});
  }
  settled(count);
}

void Tracer::later(std::string const& why, std::optional<Milliseconds> after) {
  if (failures_ == 0) {
    parts_.log.warning(
        "the trace collector does not answer; spans wait",
        {{"why", why}, {"remedy", "check OTEL_EXPORTER_OTLP_ENDPOINT and the collector"}});
  }
  auto const pause =
      std::min(longest_pause, first_pause * (1 << std::min(failures_, doublings_max)));
  ++failures_;
  next_try_ = parts_.clock.steady() + std::min(after.value_or(pause), longest_asked);
}

void Tracer::settled(std::size_t count) {
  std::uint64_t missed = 0;
  {
    std::lock_guard const lock(mutex_);
    std::swap(missed, missed_);
  }
  if (failures_ > 0) parts_.log.info("the trace collector answers again", {});
  if (dropped_ + missed > 0) {
    parts_.log.warning(
        "traces have holes: there were more spans than wait for the collector",
        {{"spans", dropped_},
         {"runsNotRead", missed},
         {"remedy", "see that the collector keeps up, or sample with OTEL_TRACES_SAMPLER"}});
  }
  failures_ = 0;
  dropped_ = 0;
  next_try_ = Milliseconds(0);
  spans_.erase(spans_.begin(), spans_.begin() + static_cast<std::ptrdiff_t>(count));
}

void Tracer::write(MetricText& text) const {
  constexpr std::string_view spans = "fairlead_trace_spans_total";
  constexpr std::string_view runs = "fairlead_trace_runs_missed_total";
  constexpr std::string_view waiting = "fairlead_trace_spans_waiting";
  auto const number = [](std::atomic<std::uint64_t> const& count) {
    return static_cast<std::int64_t>(count.load(std::memory_order_relaxed));
  };
  text.head(spans, MetricText::Type::counter, "Spans the collector took, and those it never gets.");
  text.line(spans, {{"outcome", "sent"}}, number(counts_.sent));
  text.line(spans, {{"outcome", "dropped"}}, number(counts_.dropped));
  text.head(runs, MetricText::Type::counter, "News of a run that was lost: its trace has a hole.");
  text.line(runs, {}, number(counts_.runs_missed));
  text.head(waiting, MetricText::Type::gauge, "Spans that wait for the collector.");
  text.line(waiting, {}, number(counts_.waiting));
}

}  // namespace fairlead::trace
