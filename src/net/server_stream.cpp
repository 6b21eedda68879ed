#include "net/server_stream.h"

namespace fairlead::net {

ServerStream::ServerStream(std::size_t buffer_bytes_max, std::function<void()> wake)
    : buffer_bytes_max_(buffer_bytes_max), wake_(std::move(wake)) {}

// Called with the lock held: detach() cannot return, and so the event loop cannot go, while the
// wake-up is posted.
void ServerStream::wake_locked() {
  if (woken_ || !wake_) return;
  woken_ = true;
  wake_();
}

bool ServerStream::write(std::string_view bytes) {
  std::lock_guard const lock(mutex_);
  if (closed_) return false;
  if (bytes.size() >
      buffer_bytes_max_ - std::min(buffer_bytes_max_, buffer_.size() + being_sent_)) {
    closed_ = true;
    overflowed_ = true;
    changed_.notify_all();
  } else {
    buffer_ += bytes;
  }
  wake_locked();
  return !closed_;
}

bool ServerStream::wait_below(std::size_t bytes, Milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience,
                    [&] { return closed_ || buffer_.size() + being_sent_ <= bytes; });
  return !closed_ && buffer_.size() + being_sent_ <= bytes;
}

void ServerStream::close() {
  std::lock_guard const lock(mutex_);
  if (closed_) return;
  closed_ = true;
  changed_.notify_all();
  wake_locked();
}

bool ServerStream::open() const {
  std::lock_guard const lock(mutex_);
  return !closed_;
}

ServerStream::Taken ServerStream::take() {
  std::lock_guard const lock(mutex_);
  woken_ = false;
  Taken taken{std::move(buffer_), closed_, overflowed_};
  buffer_.clear();
  being_sent_ = taken.bytes.size();
  changed_.notify_all();
  return taken;
}

void ServerStream::detach() {
  std::lock_guard const lock(mutex_);
  closed_ = true;
  wake_ = nullptr;
  changed_.notify_all();
}

}  // namespace fairlead::net
