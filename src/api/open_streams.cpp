#include "api/open_streams.h"

#include <algorithm>
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

std::size_t OpenStreams::count() const {
  std::lock_guard const lock(mutex_);
  auto const has_reader = [](Open const& each) {
    auto const writer = each.writer.lock();
    return writer != nullptr && writer->open();
  };
  return static_cast<std::size_t>(std::ranges::count_if(open_, has_reader));
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
