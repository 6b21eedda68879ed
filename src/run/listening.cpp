#include "run/listening.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "run/asked_once.h"
#include "workflow/correlate.h"
#include "workflow/match.h"

namespace fairlead::run {
namespace {

constexpr int load_page = 1'000;

std::string id_of(RunId const& run, std::string const& key) { return run.text + " " + key; }

bool names_variable(std::string_view text) { return text.find('$') != std::string_view::npos; }

// What the values of these keys read together.
std::size_t hash_of(std::vector<std::string> const& names, Json const& values) {
  std::string text;
  for (auto const& name : names)
    text += workflow::correlation_text(values[name]) + "\n";
  return std::hash<std::string>()(text);
}

workflow::EventFilter filter_of(store::ListenerRecord const& listener) {
  return {.with = listener.filter["with"], .correlate = listener.filter["correlate"]};
}

// Its correlation values if the event passes; blocks on the evaluator.
Result<std::optional<Json>> keys_if_passes(workflow::EventFilter const& filter, Json const& event,
                                           expression::Evaluator& evaluator,
                                           Json const& variables) {
  Json const seen = variables.is_object() ? variables : Json::object();
  FAIRLEAD_TRY(bool const passes, workflow::matches(filter, event, evaluator, seen));
  if (!passes) return std::optional<Json>();
  return workflow::correlation_of(filter, event, evaluator, seen);
}

bool is_of_the_run(Json const& wanted) {
  auto const program = expression::expression_in(wanted.as_string());
  return program && names_variable(*program);
}

int filter_in(std::string const& key) { return std::atoi(key.c_str() + key.find(':') + 1); }

// The listen of one task, asked event by event in their order, as it would be if they came now.
class Look {
 public:
  Look(Listen const& listen, expression::Evaluator& evaluator)
      : listen_(listen),
        evaluator_(evaluator),
        bound_(listen.bound),
        open_(listen.listeners.size(), true) {}

  Result<void> at(store::EventRecord const& event) {
    if (std::binary_search(listen_.heard.begin(), listen_.heard.end(), event.seq)) return {};
    for (std::size_t i = 0; i < open_.size(); ++i) {
      auto const& listener = listen_.listeners[i];
      if (!open_[i] || (!listener.event_type.empty() && listener.event_type != event.type))
        continue;
      auto keys =
          keys_if_passes(filter_of(listener), event.envelope, evaluator_, listener.variables);
      if (!keys.ok()) {
        // An event that an expression cannot deal with does not pass; no answer is another thing.
        if (keys.error().kind == ErrorKind::unavailable) return keys.error();
        continue;
      }
      if (!*keys || !workflow::agrees(**keys, listener.expected)) continue;
      bool const all = listen_.wanted == Listen::Wanted::all;
      if (all && !workflow::agrees(**keys, bound_)) continue;
      take(i, event, std::move(**keys));
      return {};
    }
    return {};
  }
  [[nodiscard]] bool done() const {
    if (listen_.wanted == Listen::Wanted::one) return !taken_.empty();
    return std::find(open_.begin(), open_.end(), true) == open_.end();
  }
  std::vector<HeardEvent> take_all() { return std::move(taken_); }

 private:
  void take(std::size_t index, store::EventRecord const& event, Json keys) {
    open_[index] = false;
    for (auto const& [name, value] : keys.members())
      bound_.set(name, value);
    taken_.push_back({.filter = filter_in(listen_.listeners[index].key),
                      .seq = event.seq,
                      .event = event.envelope,
                      .keys = std::move(keys)});
  }

  Listen const& listen_;
  expression::Evaluator& evaluator_;
  Json bound_;
  std::vector<bool> open_;
  std::vector<HeardEvent> taken_;
};

Error too_many_events() {
  Error error = make_error(ErrorKind::invalid_input,
                           "More than " + std::to_string(scan_events_max) +
                               " events came since the run began, and none of them was the one it "
                               "listens for.");
  error.remedy = "Name the event's 'type' in the filter, and listen earlier.";
  return error;
}

}  // namespace

// What the listeners of a group have in common; immutable.
struct Listening::Definition {
  std::string id;
  workflow::EventFilter common;       // asked once for all; without correlation if `own` has it
  workflow::EventFilter own;          // asked for each run: what names the run's variables
  std::vector<std::string> expected;  // names, sorted
  [[nodiscard]] bool each_for_itself() const { return own.with.size() + own.correlate.size() > 0; }

  explicit Definition(store::ListenerRecord const& listener)
      : common{.with = Json::object(), .correlate = {}},
        own{.with = Json::object(), .correlate = {}} {
    // Without variables of the run a `$` is one of jq's own ("as $x"), or a part of a name.
    bool const has_variables = !listener.variables.is_null();
    auto const filter = filter_of(listener);
    for (auto const& [name, wanted] : filter.with.members())
      (has_variables && is_of_the_run(wanted) ? own : common).with.set(name, wanted);
    bool from = false;
    for (auto const& [name, correlation] : filter.correlate.members())
      from = from || (has_variables && names_variable(correlation["from"].as_string()));
    (from ? own : common).correlate = filter.correlate;
    for (auto const& [name, value] : listener.expected.members())
      expected.push_back(name);
    std::sort(expected.begin(), expected.end());
    id = listener.event_type + "\n" + listener.filter.dump();
    for (auto const& name : expected)
      id += "\n" + name;
    if (has_variables) id += "\n$";
  }
};

struct Listening::Entry {
  Group* group{nullptr};
  std::size_t hash{0};  // of the expected values
  RunId run;
  std::string key;
  std::int64_t after_seq{0};
  Time since{};
  std::shared_ptr<Json const> variables;  // while the store does not have them
};

struct Listening::Group {
  std::shared_ptr<Definition const> definition;
  std::string event_type;
  // By Entry::hash; sets, since without correlation all of a group have one hash.
  std::unordered_map<std::size_t, std::unordered_set<Entry const*>> members;
};

struct Listening::Candidate {
  RunId run;
  std::string key;
  std::shared_ptr<Json const> variables;
};

Listening::Listening(store::Store& store, expression::Evaluator& evaluator)
    : store_(store), evaluator_(evaluator) {}

Listening::~Listening() = default;

Result<void> Listening::load() {
  std::string cursor;
  do {
    FAIRLEAD_TRY(auto page, store_.subscriptions().listeners(cursor, load_page));
    for (auto const& listener : page.items)
      put(listener, Variables::in_store);
    cursor = page.next_cursor;
  } while (!cursor.empty());
  return {};
}

void Listening::put(store::ListenerRecord const& listener, Variables variables) {
  auto definition = std::make_shared<Definition const>(listener);
  std::string const id = id_of(listener.run, listener.key);
  std::lock_guard const lock(mutex_);
  remove_locked(id);
  auto& group = groups_[definition->id];
  if (!group) {
    group = std::make_unique<Group>();
    group->event_type = listener.event_type;
    group->definition = definition;
    by_type_[listener.event_type].push_back(group.get());
  }
  Entry& entry = entries_[id];
  entry = {.group = group.get(),
           .hash = hash_of(definition->expected, listener.expected),
           .run = listener.run,
           .key = listener.key,
           .after_seq = listener.after_seq,
           .since = listener.since,
           .variables = nullptr};
  if (variables == Variables::kept && !listener.variables.is_null()) {
    entry.variables = std::make_shared<Json const>(listener.variables);
  }
  group->members[entry.hash].insert(&entry);
}

void Listening::remove_locked(std::string const& id) {
  auto const found = entries_.find(id);
  if (found == entries_.end()) return;
  Group& group = *found->second.group;
  auto const same = group.members.find(found->second.hash);
  if (same != group.members.end()) {
    same->second.erase(&found->second);
    if (same->second.empty()) group.members.erase(same);
  }
  entries_.erase(found);
  if (!group.members.empty()) return;
  auto& of_type = by_type_[group.event_type];
  std::erase(of_type, &group);
  if (of_type.empty()) by_type_.erase(group.event_type);
  groups_.erase(std::string(group.definition->id));
}

void Listening::set(store::ListenerRecord const& listener) { put(listener, Variables::in_store); }

void Listening::clear(RunId const& run, std::string const& key) {
  std::lock_guard const lock(mutex_);
  remove_locked(id_of(run, key));
}

void Listening::clear_frame(RunId const& run, int frame) {
  std::lock_guard const lock(mutex_);
  for (int filter = 0;; ++filter) {
    std::string const id = id_of(run, std::to_string(frame) + ":" + std::to_string(filter));
    if (!entries_.contains(id)) return;
    remove_locked(id);
  }
}

Result<std::vector<HeardEvent>> Listening::scan(Listen const& listen) {
  std::vector<std::string> types;
  for (auto const& listener : listen.listeners) {
    put(listener, Variables::kept);
    types.push_back(listener.event_type);
  }
  Look look(listen, evaluator_);
  if (listen.listeners.empty()) return look.take_all();
  if (std::find(types.begin(), types.end(), "") != types.end()) types.clear();
  auto const& first = listen.listeners.front();
  std::int64_t seq = first.after_seq;
  for (int read = 0; read < scan_events_max; read += scan_page) {
    FAIRLEAD_TRY(auto page, store_.events().of_types(types, first.since, seq, scan_page));
    for (auto const& event : page) {
      FAIRLEAD_CHECK(look.at(event));
      if (look.done()) return look.take_all();
      seq = event.seq;
    }
    if (page.size() < static_cast<std::size_t>(scan_page)) return look.take_all();
  }
  return too_many_events();
}

std::vector<std::shared_ptr<Listening::Definition const>> Listening::definitions_for(
    std::string const& type) {
  std::vector<std::shared_ptr<Definition const>> found;
  std::lock_guard const lock(mutex_);
  for (std::string const& each : {type, std::string()}) {
    auto const of_type = by_type_.find(each);
    if (of_type == by_type_.end()) continue;
    for (Group const* group : of_type->second)
      found.push_back(group->definition);
  }
  groups_asked_ += found.size();
  return found;
}

std::vector<Listening::Candidate> Listening::candidates(Definition const& definition,
                                                        store::EventRecord const& event,
                                                        Json const* keys) {
  std::vector<Candidate> found;
  std::lock_guard const lock(mutex_);
  auto const group = groups_.find(definition.id);
  if (group == groups_.end()) return found;
  auto const& members = group->second->members;
  auto range = std::pair(members.begin(), members.end());
  if (keys != nullptr) range = members.equal_range(hash_of(definition.expected, *keys));
  for (auto same = range.first; same != range.second; ++same) {
    for (Entry const* entry : same->second) {
      ++listeners_asked_;
      if (event.seq <= entry->after_seq || event.received_at < entry->since) continue;
      found.push_back({.run = entry->run, .key = entry->key, .variables = entry->variables});
    }
  }
  return found;
}

struct Listening::Question {
  Definition const& definition;
  store::EventRecord const& event;
  expression::Evaluator& evaluator;
};

// What the run correlates with if it takes the event; `keys` unless they are its own.
Result<std::optional<Json>> Listening::ask_one(Question const& question, Candidate const& candidate,
                                               std::optional<Json> const& keys) {
  Json variables;
  Json expected;
  if (candidate.variables) {
    variables = *candidate.variables;
  } else {
    FAIRLEAD_TRY(auto listener, store_.subscriptions().listener(candidate.run, candidate.key));
    if (!listener) return std::optional<Json>();
    variables = std::move(listener->variables);
    expected = std::move(listener->expected);
  }
  FAIRLEAD_TRY(auto own, keys_if_passes(question.definition.own, question.event.envelope,
                                        question.evaluator, variables));
  if (!own) return own;
  if (keys) own = keys;
  if (!workflow::agrees(*own, expected)) return std::optional<Json>();
  return own;
}

Result<void> Listening::ask(Question const& question, Hits& hits) {
  auto const& [definition, event, evaluator] = question;
  FAIRLEAD_TRY(auto const common,
               keys_if_passes(definition.common, event.envelope, evaluator, Json::object()));
  if (!common) return {};
  bool const keys_known = definition.own.correlate.size() == 0;
  auto const keys = keys_known ? common : std::nullopt;
  std::optional<Error> problem;
  std::size_t failed = 0;
  for (auto const& each : candidates(definition, event, keys ? &*keys : nullptr)) {
    std::optional<Json> own = keys;
    if (definition.each_for_itself()) {
      auto asked = ask_one(question, each, keys);
      if (!asked.ok()) {
        ++failed;
        // No answer is what another look may change: it goes before other failures.
        if (!problem || (problem->kind != ErrorKind::unavailable &&
                         asked.error().kind == ErrorKind::unavailable))
          problem = std::move(asked).error();
        continue;
      }
      own = std::move(*asked);
    }
    if (!own) continue;
    hits.hits.push_back({.run = each.run,
                         .frame = std::atoi(each.key.c_str()),
                         .event = {.filter = filter_in(each.key),
                                   .seq = event.seq,
                                   .event = event.envelope,
                                   .keys = std::move(*own)}});
  }
  if (!problem) return {};
  if (failed > 1) {
    problem->message += " (So it was for " + std::to_string(failed) + " runs that listen with it.)";
  }
  return std::move(*problem);
}

Listening::Hits Listening::heard_by(store::EventRecord const& event) {
  Hits hits;
  AskedOnce evaluator(evaluator_);
  for (auto const& definition : definitions_for(event.type)) {
    auto asked = ask({*definition, event, evaluator}, hits);
    if (!asked.ok()) hits.problems.push_back(asked.error());
  }
  std::sort(hits.hits.begin(), hits.hits.end(), [](Hit const& a, Hit const& b) {
    return std::tie(a.run, a.frame, a.event.filter) < std::tie(b.run, b.frame, b.event.filter);
  });
  return hits;
}

bool Listening::awaits(std::string const& type) const {
  std::lock_guard const lock(mutex_);
  return by_type_.contains(type);
}

Listening::Figures Listening::figures() const {
  std::lock_guard const lock(mutex_);
  return {.listeners = entries_.size(),
          .groups = groups_.size(),
          .groups_asked = groups_asked_,
          .listeners_asked = listeners_asked_};
}

}  // namespace fairlead::run
