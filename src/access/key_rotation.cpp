#include "access/key_rotation.h"

#include "base/text.h"

namespace fairlead::access {
namespace {

Error not_ours(vault::KeySource source) {
  bool const credential = source == vault::KeySource::systemd_credential;
  Error error = make_error(ErrorKind::invalid_input,
                           std::string("The master key comes from ") +
                               (credential ? "a systemd credential" : "an environment variable") +
                               ", which this server cannot replace.");
  error.remedy =
      credential
          ? "Give the new key as fairlead-master-key and the present one as "
            "fairlead-master-key-former, and restart: everything is sealed anew while it serves."
          : "Give the new key as FAIRLEAD_MASTER_KEY and the present one as "
            "FAIRLEAD_MASTER_KEY_FORMER, and restart: everything is sealed anew while it serves.";
  return error;
}

// "20261123T014500Z": fit for a file's name.
std::string stamp(Time now) {
  std::string text;
  for (char const c : format_time(now)) {
    if (c == '.') break;
    if (c != '-' && c != ':') text += c;
  }
  return text + (text.ends_with('Z') ? "" : "Z");
}

}  // namespace

void KeyRotation::start() {
  if (parts_.vault.has_former())
    parts_.log.info("what the former master key sealed is sealed anew", {});
  thread_ = std::thread([this] { loop(); });
}

void KeyRotation::stop() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<void> KeyRotation::rotate() {
  std::lock_guard const one(rotating_);
  if (parts_.source != vault::KeySource::key_file) return not_ours(parts_.source);
  if (parts_.vault.has_former())
    return make_error(ErrorKind::conflict, "The last rotation of the master key goes on.");
  FAIRLEAD_TRY(auto const key, vault::replace_key_file(parts_.keys, parts_.random));
  parts_.vault.put_first(key);
  parts_.log.info("a new master key seals from now on: keep a copy of it apart from the backups",
                  {{"file", key.where}});
  {
    std::lock_guard const lock(mutex_);
    state_.clean_since.reset();
    state_.retired.clear();
    rung_ = true;
  }
  changed_.notify_all();
  return {};
}

KeyState KeyRotation::state() const {
  std::lock_guard const lock(mutex_);
  KeyState state = state_;
  state.source = parts_.source;
  state.rotating = parts_.vault.has_former();
  return state;
}

Result<int> KeyRotation::reseal_some() {
  int resealed = 0;
  std::optional<Error> trouble;
  for (auto const& source : sources_) {
    auto some = source.reseal(reseal_batch);
    if (some.ok()) resealed += *some;
    if (some.ok() || trouble) continue;
    trouble = std::move(some).error();
    trouble->message = "The " + source.name + " could not be sealed anew: " + trouble->message;
  }
  // What can be opened first: one value that cannot holds up no other.
  if (resealed > 0) return resealed;
  if (trouble) return *trouble;
  // The last of all: from here on a start without the former key finds that its key is the right
  // one.
  FAIRLEAD_TRY(auto const check, parts_.meta.get(vault::vault_check_key));
  if (!check || parts_.vault.is_outdated(*check))
    FAIRLEAD_CHECK(parts_.meta.set(vault::vault_check_key, parts_.vault.check_value()));
  return resealed;
}

Milliseconds KeyRotation::work() {
  if (!parts_.vault.has_former()) return reseal_look_interval;
  auto const resealed = reseal_some();
  Time const now = parts_.clock.now();
  std::unique_lock lock(mutex_);
  state_.trouble = resealed.ok() ? std::nullopt : std::optional(resealed.error());
  if (!resealed.ok()) {
    parts_.log.error("sealing anew failed; it is tried again",
                     {{"error", describe(resealed.error())}});
    return reseal_look_interval;
  }
  state_.resealed += *resealed;
  if (*resealed > 0) {
    state_.clean_since.reset();
    return reseal_pause;
  }
  if (!state_.clean_since) state_.clean_since = now;
  if (now - *state_.clean_since < former_key_kept) return reseal_look_interval;
  lock.unlock();
  if (auto done = finish(); !done.ok())
    parts_.log.error("a rotation of the master key could not be finished; it is tried again",
                     {{"error", describe(done.error())}});
  return reseal_look_interval;
}

Result<void> KeyRotation::finish() {
  FAIRLEAD_TRY(auto retired, vault::retire_former_key(parts_.keys, stamp(parts_.clock.now())));
  parts_.vault.forget_former();
  parts_.log.info("everything is sealed with the present master key",
                  {{"formerKey", retired.empty() ? "not needed any more" : retired}});
  std::lock_guard const lock(mutex_);
  state_.retired = std::move(retired);
  return {};
}

void KeyRotation::loop() {
  for (;;) {
    Milliseconds const wait = work();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [this] { return stopping_ || rung_; });
    if (stopping_) return;
    rung_ = false;
  }
}

}  // namespace fairlead::access
