#include "gitlab/standing_hooks.h"

#include <algorithm>

#include "action/request.h"
#include "base/text.h"
#include "gitlab/hook_keeper.h"
#include "gitlab/hook_place.h"
#include "gitlab/refs.h"
#include "workflow/match.h"
#include "workflow/pattern.h"

namespace fairlead::gitlab {
namespace {

constexpr std::size_t told_characters_max = 2'000;

using store::ConnectionRecord;
using Connections = std::vector<ConnectionRecord>;

// Of that GitLab: the one that keeps its hooks. Null: none leads there.
ConnectionRecord const* keeper_of(Connections const& all, std::string const& base_url) {
  ConnectionRecord const* best = nullptr;
  int best_rank = -1;
  for (auto const& one : all) {
    if (one.base_url != base_url) continue;
    bool const able = one.status == "active" && why_no_keeper(one).empty();
    int const rank = (able ? 2 : 0) + (one.is_default ? 1 : 0);
    if (rank <= best_rank) continue;
    best = &one;
    best_rank = rank;
  }
  return best;
}

bool means(std::string const& source, std::string const& base_url) {
  if (source == base_url) return true;
  if (!workflow::is_pattern(source)) return false;
  auto const pattern = workflow::Pattern::compile(source);
  return pattern.ok() && pattern->found_in(base_url);
}

// The GitLabs whose events a filter means. Without a source that is the default connection's, as
// where a call names none.
std::set<std::string> gitlabs_of(std::string const& source, Connections const& all) {
  std::set<std::string> urls;
  for (auto const& one : all) {
    bool const meant =
        source.empty() ? one.is_default || all.size() == 1 : means(source, one.base_url);
    if (meant) urls.insert(one.base_url);
  }
  return urls;
}

WebhookTarget target_at(ConnectionRecord const& connection) {
  return {.connection = connection.id,
          .name = connection.name,
          .base_url = connection.base_url,
          .place = {},
          .use = WebhookTarget::Use::standing};
}

bool is_hidden(Error const& error) {
  return error.kind == ErrorKind::not_found || error.kind == ErrorKind::denied;
}

}  // namespace

Result<void> StandingHooks::add_wishes(workflow::Document const& document,
                                       Connections const& connections, Wants& wants) {
  std::string const name = document.workflow_namespace + "/" + document.name;
  for (auto const& wish : hook_wishes(document)) {
    for (auto const& base_url : gitlabs_of(wish.source, connections)) {
      auto const* connection = keeper_of(connections, base_url);
      if (wish.place.empty()) unplaced_[base_url].insert(wish.kinds.begin(), wish.kinds.end());
      if (wish.place.empty()) continue;
      if (wants.size() >= standing_max && !wants.contains({base_url, wish.place})) {
        left_out_.insert(name);
        continue;
      }
      auto const [at, isnew] = wants.try_emplace({base_url, wish.place});
      Want& want = at->second;
      if (isnew) want.target = target_at(*connection);
      want.target.kinds.insert(want.target.kinds.end(), wish.kinds.begin(), wish.kinds.end());
      bool const named =
          std::find(want.workflows.begin(), want.workflows.end(), name) != want.workflows.end();
      if (!named) want.workflows.push_back(name);
    }
  }
  return {};
}

// They tell also of what workflows start on without saying where.
Result<void> StandingHooks::add_kept(Connections const& connections, Wants& wants) {
  FAIRLEAD_TRY(auto const hooks, parts_.store.webhooks().list());
  for (auto const& hook : hooks) {
    if (hook.keep == store::WebhookRecord::Keep::forgotten) given_up_ = true;
    auto const connection = std::ranges::find(connections, hook.connection, &ConnectionRecord::id);
    bool const kept = hook.keep == store::WebhookRecord::Keep::by_hand;
    if (!kept || connection == connections.end()) continue;
    auto const& kinds = unplaced_[connection->base_url];
    Want want{
        .by = Want::By::hand, .target = target_at(*connection), .workflows = {}, .hook = hook.id};
    want.target.place = hook.target;
    want.target.kinds.assign(kinds.begin(), kinds.end());
    // A name that no place has.
    wants[{connection->base_url, "hook " + hook.id}] = std::move(want);
  }
  return {};
}

Result<StandingHooks::Wants> StandingHooks::read_wants() {
  Wants wants;
  unplaced_.clear();
  left_out_.clear();
  FAIRLEAD_TRY(auto const connections, parts_.store.connections().list());
  for (auto const& document : documents_)
    FAIRLEAD_CHECK(add_wishes(*document, connections, wants));
  FAIRLEAD_CHECK(add_kept(connections, wants));
  return wants;
}

// What is as it was keeps its number and its turn.
Result<void> StandingHooks::renew() {
  FAIRLEAD_TRY(Wants wants, read_wants());
  for (auto& [place, want] : wants) {
    auto const former = wants_.find(place);
    if (former == wants_.end()) continue;
    Want const& was = former->second;
    bool const same =
        was.target.kinds == want.target.kinds && was.target.connection == want.target.connection;
    want.target.place = was.target.place;
    want.target.path = was.target.path;
    want.named_at = was.named_at;
    want.hook = was.hook;
    if (same) want.due = was.due;
  }
  for (auto const& [place, want] : wants_) {
    if (!wants.contains(place)) given_up_ = true;
  }
  wants_ = std::move(wants);
  tell_left_out();
  renew_at_ = parts_.clock.steady() + standing_interval;
  return {};
}

// Once whenever others are left out.
void StandingHooks::tell_left_out() {
  if (left_out_ != told_left_out_ && !left_out_.empty()) {
    std::string const names =
        join(std::vector<std::string>(left_out_.begin(), left_out_.end()), ", ");
    parts_.log.error(
        "more webhooks are wanted than are kept: these workflows hear nothing of some "
        "of their projects; name groups in their filters instead",
        {{"workflows", shorten(names, told_characters_max)},
         {"keptAtMost", static_cast<std::int64_t>(standing_max)}});
  }
  told_left_out_ = left_out_;
}

// False: GitLab shows no such project; the list says so.
Result<bool> StandingHooks::find_place(Place const& place, Want& want) {
  Milliseconds const now = parts_.clock.steady();
  bool const of_group = place_of(place.second).kind == HookPlace::Kind::group;
  if (want.by == Want::By::hand) return true;
  if (of_group) want.target.place = place.second;
  if (of_group || (!want.target.place.empty() && now - want.named_at < place_known_for))
    return true;
  FAIRLEAD_TRY(auto const api,
               parts_.apis.open_for(want.target.name, {.workflow = "fairlead/keeper", .call = {}}));
  auto const shown = api->send(action::get("/projects/{}", place.second));
  if (!shown.ok() && !is_hidden(shown.error())) return shown.error();
  if (!shown.ok()) {
    WebhookTarget unseen = want.target;
    unseen.place = place.second;
    FAIRLEAD_TRY(auto const record,
                 parts_.webhooks.note_unseen(
                     unseen, "GitLab shows the user of the connection " + unseen.name +
                                 " no project " + place.second +
                                 ": correct the workflow's filter, or make the user a Maintainer"));
    want.hook = record.id;
    return false;
  }
  FAIRLEAD_TRY(auto const number, id_of(shown->body, "the project"));
  want.target.place = std::to_string(number);
  want.target.path = shown->body["path_with_namespace"].string_or("");
  want.named_at = now;
  return true;
}

std::vector<std::string> StandingHooks::siblings(std::string const& base_url) const {
  std::set<std::string> places;
  for (auto const& [place, want] : wants_) {
    bool const one = place.first == base_url && want.by == Want::By::workflow &&
                     place_of(want.target.place).kind == HookPlace::Kind::project;
    if (one && !want.target.place.empty()) places.insert(want.target.place);
  }
  return {places.begin(), places.end()};
}

Result<void> StandingHooks::see_to(Place const& place, Want& want) {
  Milliseconds const now = parts_.clock.steady();
  want.due = now + standing_interval;
  FAIRLEAD_TRY(bool const seen, find_place(place, want));
  if (!seen) {
    want.due = now + hook_retry_interval;
    return {};
  }
  bool const of_group = place_of(want.target.place).kind == HookPlace::Kind::group;
  FAIRLEAD_TRY(auto const own,
               parts_.store.webhooks().find_for(want.target.connection, want.target.place));
  bool const kept = own && own->keep == store::WebhookRecord::Keep::by_hand;
  FAIRLEAD_TRY(auto const record, of_group || kept || want.by == Want::By::hand
                                      ? parts_.webhooks.ensure(want.target)
                                      : parts_.groups.ensure(want.target, siblings(place.first)));
  if (!want.hook.empty() && want.hook != record.id) given_up_ = true;
  want.hook = record.id;
  return {};
}

void StandingHooks::show() {
  std::map<std::string, HookWants::Workflows> by_hook;
  for (auto const& [place, want] : wants_) {
    auto& names = by_hook[want.hook];
    for (auto const& name : want.workflows) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  shown_.set(std::move(by_hook));
}

void StandingHooks::work() {
  Milliseconds const now = parts_.clock.steady();
  auto published =
      parts_.published ? parts_.published() : PublishedWorkflows::result_type(documents_);
  bool changed = shown_.take_changed();
  if (published.ok() && *published != documents_) {
    documents_ = std::move(*published);
    changed = true;
  }
  if (changed || now >= renew_at_) {
    if (auto renewed = renew(); !renewed.ok())
      parts_.log.warning("which webhooks are wanted cannot be read",
                         {{"error", describe(renewed.error())}});
  }
  bool const looked = look_round();
  if (looked || changed) show();
}

// From where the last round ended, so that however many there are each has its turn.
bool StandingHooks::look_round() {
  Milliseconds const now = parts_.clock.steady();
  int looks = 0;
  std::set<ConnectionId> silent;
  auto next = wants_.upper_bound(looked_last_);
  for (std::size_t passed = 0; passed < wants_.size() && looks < standing_looks_max;
       ++passed, ++next) {
    if (next == wants_.end()) next = wants_.begin();
    auto& [place, want] = *next;
    if (want.due > now || silent.contains(want.target.connection)) continue;
    ++looks;
    looked_last_ = place;
    auto const seen = see_to(place, want);
    if (seen.ok()) continue;
    silent.insert(want.target.connection);
    parts_.log.warning("a webhook that is wanted could not be seen to",
                       {{"place", place.second}, {"error", describe(seen.error())}});
  }
  return looks > 0;
}

bool StandingHooks::wants(store::WebhookRecord const& hook, std::string const& base_url) const {
  return std::ranges::any_of(wants_, [&](auto const& each) {
    bool const open = each.first.first == base_url && each.second.hook.empty();
    return open || each.second.hook == hook.id;
  });
}

}  // namespace fairlead::gitlab
