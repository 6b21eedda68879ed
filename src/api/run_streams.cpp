#include "api/run_streams.h"

#include "api/runs.h"
#include "run/state.h"

namespace fairlead::api {
namespace {

constexpr Milliseconds heartbeat{10'000};
constexpr int journal_page = 500;
constexpr std::size_t buffered_max = 256u << 10;
constexpr Milliseconds patience{30'000};

bool ended(store::RunRecord const& run) {
  auto status = run::run_status_from(run.status);
  return status && run::has_ended(*status);
}

Error too_slow() {
  Error error =
      make_error(ErrorKind::unavailable, "This reader is too slow to follow the run live.");
  error.remedy = "Come back with the id of the last entry in Last-Event-ID.";
  return error;
}

Error too_many() {
  Error error = make_error(ErrorKind::unavailable,
                           std::to_string(run_streams_max) + " streams are open already.");
  error.remedy = "Try again later, or read the journal.";
  error.retry_after = std::chrono::seconds(10);
  return error;
}

}  // namespace

struct RunStreams::Stream {
  std::shared_ptr<net::StreamWriter> writer;
  run::FollowerId follower{0};
  std::mutex mutex;
  bool live{false};  // the journal was read up to here
  std::int64_t last_seq{0};
  std::vector<store::JournalEntry> meanwhile;  // came while the journal was being read
  std::optional<store::RunRecord> end;         // the run as it ended, while reading

  void write(store::JournalEntry const& entry) {
    if (entry.seq <= last_seq) return;
    last_seq = entry.seq;
    writer->write(net::encode_sse(std::to_string(entry.seq), "entry", to_json(entry).dump()));
  }
  void finish(store::RunRecord const& run) {
    writer->write(net::encode_sse("", "end", to_json(run).dump()));
    writer->close();
  }
  void give_up(Error const& error) {
    writer->write(net::encode_sse("", "problem", fairlead::to_json(error).dump()));
    writer->close();
  }
  void update(run::RunUpdate const& update) {
    std::lock_guard lock(mutex);
    if (!live) {
      if (meanwhile.size() + update.entries.size() > meanwhile_max) return give_up(too_slow());
      meanwhile.insert(meanwhile.end(), update.entries.begin(), update.entries.end());
      if (ended(update.run)) end = update.run;
      return;
    }
    for (auto const& entry : update.entries)
      write(entry);
    if (ended(update.run)) finish(update.run);
  }
  void go_live() {
    std::lock_guard lock(mutex);
    for (auto const& entry : meanwhile)
      write(entry);
    meanwhile.clear();
    live = true;
    if (end) finish(*end);
  }
};

RunStreams::RunStreams(store::RunStore& store, run::Engine& engine)
    : store_(store), engine_(engine) {
  thread_ = std::thread([this] { keep_alive(); });
}

RunStreams::~RunStreams() {
  stop();
  pause_.interrupt();
  thread_.join();
  sweep();
}

void RunStreams::stop() {
  std::lock_guard lock(mutex_);
  stopped_ = true;
  for (auto const& stream : streams_)
    stream->writer->close();
}

void RunStreams::add(RunId const& run, std::int64_t after_seq,
                     std::shared_ptr<net::StreamWriter> writer) {
  auto stream = std::make_shared<Stream>();
  stream->writer = std::move(writer);
  stream->last_seq = after_seq;
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return stream->writer->close();
    if (streams_.size() >= run_streams_max) return stream->give_up(too_many());
    stream->follower =
        engine_.subscribe(run, [stream](run::RunUpdate const& update) { stream->update(update); });
    streams_.push_back(stream);
  }
  // The row first: if it says "ended", the journal read after it is whole; if not, the end comes to
  // us live.
  auto row = store_.get(run);
  while (stream->writer->open()) {
    auto entries = store_.journal(run, stream->last_seq, journal_page);
    if (!entries.ok()) return stream->give_up(entries.error());
    for (auto const& entry : *entries) {
      stream->write(entry);
      if (!stream->writer->wait_below(buffered_max, patience)) return stream->give_up(too_slow());
    }
    if (entries->size() < static_cast<std::size_t>(journal_page)) break;
  }
  {
    std::lock_guard lock(stream->mutex);
    if (row.ok() && ended(*row)) stream->end = std::move(row).value();
  }
  stream->go_live();
}

void RunStreams::keep_alive() {
  while (pause_.wait(heartbeat)) {
    {
      std::lock_guard lock(mutex_);
      for (auto const& stream : streams_)
        stream->writer->write(":\n\n");
    }
    sweep();
  }
}

void RunStreams::sweep() {
  std::list<std::shared_ptr<Stream>> gone;
  {
    std::lock_guard lock(mutex_);
    for (auto it = streams_.begin(); it != streams_.end();) {
      auto const next = std::next(it);
      if (!(*it)->writer->open()) gone.splice(gone.end(), streams_, it);
      it = next;
    }
  }
  for (auto const& stream : gone)
    engine_.unsubscribe(stream->follower);
}

}  // namespace fairlead::api
