#include "trace/tracer.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace fairlead::trace {
namespace {

constexpr std::size_t runs_max = 2'000;
constexpr std::size_t batch_max = 512;
constexpr int journal_page = 500;
constexpr int runs_page = 200;
constexpr Milliseconds gather{500};
constexpr Milliseconds first_pause{1'000};
constexpr Milliseconds longest_pause{30'000};
constexpr int doublings_max = 5;
constexpr Milliseconds drain_timeout{3'000};
constexpr std::chrono::seconds resent{10};
constexpr int ok_from = 200;
constexpr int ok_below = 300;

// As OTLP says: these mean "later", every other failure is for good.
bool means_later(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

std::optional<Milliseconds> retry_after(net::HttpResponse const& answer) {
  auto const text = answer.headers.get("retry-after");
  std::int64_t seconds = 0;
  auto const [stop, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || code != std::errc() || stop != text.data() + text.size() || seconds < 0)
    return std::nullopt;
  return std::min(longest_pause * 2, Milliseconds(std::min<std::int64_t>(seconds, 3'600) * 1'000));
}

}  // namespace

Tracer::Tracer(Parts parts, Options options) : parts_(parts), options_(std::move(options)) {}

Tracer::~Tracer() { stop(); }

void Tracer::catch_up() {
  Time const since = parts_.clock.now() - resent;
  auto const look = [&](std::vector<store::RunRecord> const& runs) {
    for (auto const& run : runs)
      if (!run.ended_at || *run.ended_at >= since)
        news_[run.id] = {.first_seq = 1, .not_before = since};
  };
  auto recent = parts_.runs.list({}, "", runs_page);
  if (recent.ok()) look(recent->items);
  RunId after;
  while (news_.size() < runs_max) {
    auto page = parts_.runs.unfinished(after, runs_page);
    if (!page.ok() || page->empty()) break;
    after = page->back().id;
    look(*page);
  }
}

void Tracer::start() {
  thread_ = std::thread([this] { loop(); });
}

void Tracer::changed(RunId const& run, std::int64_t first_seq) {
  {
    std::lock_guard lock(mutex_);
    if (news_.size() >= news_max && !news_.contains(run)) {
      ++missed_;
      return;
    }
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
  turn();
  hang_requests();  // those that were early
  Milliseconds const end = parts_.clock.steady() + drain_timeout;
  while (!spans_.empty() && parts_.clock.steady() < end) {
    auto const before = spans_.size();
    send_some(std::min(end - parts_.clock.steady(), options_.timeout));
    if (spans_.size() == before) break;
  }
}

void Tracer::turn() {
  std::map<RunId, News> news;
  {
    std::lock_guard lock(mutex_);
    news.swap(news_);
  }
  for (auto const& [run, what] : news)
    read(run, what);
  hang_requests();
  put_away();
  while (!spans_.empty() && parts_.clock.steady() >= next_try_) {
    auto const before = spans_.size();
    send_some(options_.timeout);
    if (spans_.size() == before) break;
  }
}

// ---- reading ----

void Tracer::read(RunId const& run, News const& news) {
  if (ended_.contains(run)) return;
  bool const known = runs_.contains(run);
  auto* const at = followed(run);
  if (at == nullptr) return;
  std::vector<Span> ended;
  while (true) {
    auto page = parts_.runs.journal(run, at->spans.last_seq(), journal_page);
    if (!page.ok() || page->empty()) break;
    for (auto const& entry : *page) {
      auto const before = ended.size();
      at->spans.read(entry, ended);
      // Read only to know what is open.
      bool const old = (!known && entry.seq < news.first_seq) ||
                       (news.not_before && entry.at < *news.not_before);
      if (old) ended.resize(before);
    }
  }
  touched_.insert(run);
  keep(std::move(ended));
}

Tracer::Followed* Tracer::followed(RunId const& run) {
  if (auto const found = runs_.find(run); found != runs_.end()) {
    found->second.used = ++uses_;
    return &found->second;
  }
  auto const row = parts_.runs.get(run);
  if (!row.ok()) return nullptr;
  auto place = parts_.traces.place_of(*row);
  if (!place) return nullptr;
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
  dropped_ += parts_.requests->take_dropped();
  keep(std::move(placed));
}

SpanId Tracer::parent_of(RequestSpan const& made) {
  auto found = runs_.find(made.run);
  if (found == runs_.end()) return {};
  SpanId parent = found->second.spans.task_of_call(made.call);
  if (!parent.empty()) return parent;
  // The intent was committed before the request was sent.
  read(made.run, {});
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
  }
}

// ---- sending ----

net::HttpRequest Tracer::request_for(std::vector<Span> const& batch, Milliseconds timeout) const {
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
  request.body = export_request(options_, batch).dump();
  request.limits.total_timeout = timeout;
  request.limits.connect_timeout = timeout;
  return request;
}

void Tracer::send_some(Milliseconds timeout) {
  auto const count = std::min(spans_.size(), batch_max);
  std::vector<Span> const batch(spans_.begin(),
                                spans_.begin() + static_cast<std::ptrdiff_t>(count));
  auto const answer = parts_.transport.send(request_for(batch, timeout));
  // Sent again even if it may have arrived: the ids are the same.
  if (!answer.ok()) return later(describe(answer.error()), std::nullopt);
  if (means_later(answer->status))
    return later("HTTP " + std::to_string(answer->status), retry_after(*answer));
  if (answer->status < ok_from || answer->status >= ok_below) {
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
  next_try_ = parts_.clock.steady() + after.value_or(pause);
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

}  // namespace fairlead::trace
