#include "api/open_streams.h"

#include <utility>

namespace fairlead::api {

void OpenStreams::add(std::weak_ptr<net::StreamWriter> writer, std::function<bool()> allowed) {
  std::lock_guard const lock(mutex_);
  open_.push_back({.writer = std::move(writer), .allowed = std::move(allowed)});
}

void OpenStreams::check() {
  std::list<Open> all;
  {
    std::lock_guard const lock(mutex_);
    all.swap(open_);
  }
  all.remove_if([](Open const& each) {
    auto const writer = each.writer.lock();
    if (writer == nullptr || !writer->open()) return true;
    if (each.allowed()) return false;
    writer->close();
    return true;
  });
  std::lock_guard const lock(mutex_);
  open_.splice(open_.end(), all);
}

StreamWatch::StreamWatch(OpenStreams& streams) {
  thread_ = std::thread([this, &streams] {
    while (pause_.wait(stream_check_every))
      streams.check();
  });
}

StreamWatch::~StreamWatch() {
  pause_.interrupt();
  thread_.join();
}

}  // namespace fairlead::api
