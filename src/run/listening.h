// Listening: which runs an event is for, without asking all of them.
//
// An index in memory of the listeners in the store. Listeners that differ only in what they
// correlate with share a group: an event is matched once for the group, its correlation values are
// computed once, and only the listeners that expect these are looked up. Expressions that name
// variables of the run are asked once for each value of these (run/asked_once.h). A listener
// enters the index before past events are looked at for it (scan()) and leaves it after its run's
// commit, so no event slips between; what is found twice, the run takes once. Thread-safe; blocks
// on store and evaluator, without holding its lock.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "expression/evaluator.h"
#include "run/command.h"
#include "store/subscriptions.h"

namespace fairlead::run {

// Events read in one go when the past is looked at, and in all for one listen.
inline constexpr int scan_page = 500;
inline constexpr int scan_events_max = 100'000;

class Listening {
 public:
  Listening(store::Store& store, expression::Evaluator& evaluator);
  Listening(Listening const&) = delete;
  Listening& operator=(Listening const&) = delete;
  ~Listening();

  // All listeners of the store, once, at the start.
  Result<void> load();

  // Enters the listeners, then gives the events since the run's start that the listen takes, oldest
  // first. unavailable; invalid_input: more events than scan_events_max.
  Result<std::vector<HeardEvent>> scan(Listen const& listen);
  // Is durable; replaces one of the same key.
  void set(store::ListenerRecord const& listener);
  void clear(RunId const& run, std::string const& key);
  // All keys of the frame.
  void clear_frame(RunId const& run, int frame);

  struct Hit {
    RunId run;
    int frame{0};
    HeardEvent event;
  };
  struct Hits {
    std::vector<Hit> hits;  // of one run in the order of frames and filters
    // Of filters whose expression failed, one for a filter however many runs have it: those do not
    // hear it. `unavailable` if that was among them.
    std::vector<Error> problems;
  };
  [[nodiscard]] Hits heard_by(store::EventRecord const& event);

  // Some listener names this type.
  [[nodiscard]] bool awaits(std::string const& type) const;

  struct Figures {
    std::size_t listeners{0};
    std::size_t groups{0};
    std::uint64_t groups_asked{0};     // by events so far
    std::uint64_t listeners_asked{0};  // by events so far
  };
  [[nodiscard]] Figures figures() const;

 private:
  struct Definition;
  struct Group;
  struct Entry;
  struct Candidate;
  enum class Variables { kept, in_store };

  void put(store::ListenerRecord const& listener, Variables variables);
  void remove_locked(std::string const& id);
  std::vector<std::shared_ptr<Definition const>> definitions_for(std::string const& type);
  struct Question;
  Result<void> ask(Question const& question, Hits& hits);
  std::vector<Candidate> candidates(Definition const& definition, store::EventRecord const& event,
                                    Json const* keys);
  Result<std::optional<Json>> ask_one(Question const& question, Candidate const& candidate,
                                      std::optional<Json> const& keys);

  store::Store& store_;
  expression::Evaluator& evaluator_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<Group>> groups_;  // by Definition::id
  std::unordered_map<std::string, std::vector<Group*>> by_type_;
  std::unordered_map<std::string, Entry> entries_;  // by "<run> <key>"
  std::uint64_t groups_asked_{0};
  std::uint64_t listeners_asked_{0};
};

}  // namespace fairlead::run
