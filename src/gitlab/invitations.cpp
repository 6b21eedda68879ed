#include "gitlab/invitations.h"

#include <algorithm>

#include "base/text.h"
#include "gitlab/users.h"

namespace fairlead::gitlab {
namespace {

constexpr std::int64_t pending_max = 100;

// One person on the way to a result.
struct Person {
  UserRef user;
  std::string username{};  // "": not known
  InvitationResult result;
  std::optional<AccessLevel> has;  // as a member or in a pending invitation
  enum class Standing { stranger, member, invited } standing{Standing::stranger};
};

Person person_of(UserRef const& user) {
  bool const named = !user.is_email() && number_of(user.text) == 0;
  return {.user = user, .username = named ? user.text : "", .result = {.address = user.text}};
}

std::vector<Person> people_of(Invitees const& who) {
  std::vector<Person> people;
  for (std::string const& email : who.emails)
    people.push_back(person_of({.text = email}));
  for (UserRef const& user : who.users)
    people.push_back(person_of(user));
  return people;
}

void fail(Person& person, std::string message) {
  person.result.access_level.reset();
  person.result.result = "failed";
  person.result.message = std::move(message);
}

Result<void> look_up_invitation(action::Api& api, MembersOf const& of, Person& person) {
  action::Request const request{.method = net::Method::get,
                                .path = of.root + "/invitations",
                                .query = {{"query", person.user.text}}};
  auto const take = [&](Json row) -> Result<void> {
    if (!equals_ignoring_case(row["invite_email"].as_string(), person.user.text)) return {};
    person.standing = Person::Standing::invited;
    person.has = AccessLevel{row["access_level"].as_integer()};
    return {};
  };
  FAIRLEAD_CHECK(api.list(request, {.limit = pending_max}, take));
  return {};
}

// Whether the person is a member or invited already.
Result<void> look_up(action::Api& api, MembersOf const& of, Person& person) {
  if (person.user.id == 0 && person.user.is_email()) {
    auto const found = find_user(api, person.user, "emails");
    // Several users fit: GitLab itself knows whose address it is.
    bool const open = !found.ok() && found.error().kind == ErrorKind::invalid_input;
    if (!found.ok() && !open) return found.error();
    if (found.ok() && found.value()) {
      person.user.id = (*found.value())["id"].as_integer();
      person.username = (*found.value())["username"].as_string();
    }
  }
  if (person.user.id == 0 && !person.user.is_email()) {
    fail(person, "There is no user @" + person.user.text + " in GitLab.");
    return {};
  }
  if (person.user.id == 0) return look_up_invitation(api, of, person);
  person.result.user_id = person.user.id;
  FAIRLEAD_TRY(auto const member, find_member(api, of, person.user.id, Membership::direct));
  if (!member) return {};
  person.standing = Person::Standing::member;
  person.has = AccessLevel{(*member)["access_level"].as_integer()};
  return {};
}

action::Request change_request(MembersOf const& of, Person const& person,
                               InvitationTerms const& terms) {
  bool const member = person.standing == Person::Standing::member;
  std::string const path = member ? action::path("/members/{}", person.user)
                                  : action::path("/invitations/{}", person.user.text);
  action::RequestBuilder out(net::Method::put, of.root + path);
  out.body("access_level", terms.level);
  if (!terms.expires_at.empty()) out.body("expires_at", terms.expires_at);
  // An invitation's role cannot be changed, only its level.
  if (member) out.body("member_role_id", terms.member_role_id);
  return out;
}

// For somebody who is a member or invited.
void bring_to_level(action::Api& api, MembersOf const& of, Person& person,
                    InvitationTerms const& terms) {
  bool const member = person.standing == Person::Standing::member;
  person.result.access_level = person.has->value;
  person.result.result = member ? "kept" : "already_invited";
  auto const step = next_step(terms.if_member, *person.has, terms.level);
  if (step == Step::unclear) return fail(person, incomparable(*person.has, terms.level).message);
  if (step == Step::keep && !(*person.has == terms.level)) {
    person.result.message =
        "Has " + words_for(*person.has) + ", not " + words_for(terms.level) + ".";
  }
  if (step != Step::change) return;
  auto const response = api.send(change_request(of, person, terms));
  if (!response.ok()) return fail(person, response.error().message);
  person.result.result = terms.if_member == IfMember::raise ? "raised" : "set";
  person.result.access_level = terms.level.value;
}

void succeed(Person& person, InvitationTerms const& terms) {
  person.result.result = person.user.id > 0 ? "added" : "invited";
  person.result.access_level = terms.level.value;
}

// GitLab's map names people by address or user name; who was given by id has to be asked for, once.
bool is_called(action::Api& api, Person& person, std::string const& name) {
  if (equals_ignoring_case(person.user.text, name)) return true;
  if (person.user.id == 0 || name.find('@') != std::string::npos) return false;
  if (person.username.empty()) {
    auto const user = api.send(action::get("/users/{}", person.user));
    if (user.ok()) person.username = user->body["username"].as_string();
  }
  return equals_ignoring_case(person.username, name);
}

void read_failure(action::Api& api, std::string const& name, std::string const& words,
                  std::vector<Person*>& sent) {
  bool const there = to_lower_ascii(words).find("already") != std::string::npos;
  bool attributed = false;
  for (Person* person : sent) {
    if (!is_called(api, *person, name)) continue;
    attributed = true;
    fail(*person, words);
    if (there) person->result.result = person->user.id > 0 ? "kept" : "already_invited";
  }
  if (attributed) return;
  // Better one too many: who is there already is left alone when this is repeated.
  for (Person* person : sent)
    fail(*person, name + ": " + words);
}

void read_queued(action::Api& api, Json const& queued, std::vector<Person*>& sent) {
  for (auto const& [name, text] : queued.members()) {
    for (Person* person : sent) {
      if (!is_called(api, *person, name)) continue;
      person->result.result = "queued";
      person->result.access_level.reset();
      person->result.message =
          text.is_string() ? text.as_string() : "Waits for an administrator's approval.";
    }
  }
}

// 201 {"status":"success"} or {"status":"error","message":<map or text>}, also with queued_users.
void read_answer(action::Api& api, Json const& answer, InvitationTerms const& terms,
                 std::vector<Person*>& sent) {
  bool const whole = answer["status"].as_string() == "error" && !answer["message"].is_object();
  for (Person* person : sent) {
    if (whole) {
      fail(*person, answer["message"].string_or("GitLab gave no reason."));
    } else {
      succeed(*person, terms);
    }
  }
  if (answer["status"].as_string() == "error") {
    for (auto const& [name, text] : answer["message"].members()) {
      read_failure(api, name, text.is_string() ? text.as_string() : text.dump(), sent);
    }
  }
  read_queued(api, answer["queued_users"], sent);
}

Invitees invitees_of(std::vector<Person*> const& people) {
  Invitees who;
  for (Person const* person : people) {
    if (person->user.is_email() && person->user.id == 0) {
      who.emails.push_back(person->user.text);
    } else {
      who.users.push_back(person->user);
    }
  }
  return who;
}

Result<void> send(action::Api& api, MembersOf const& of, InvitationTerms const& terms,
                  std::vector<Person*> people) {
  if (people.empty()) return {};
  auto response = api.send(invitation_request(of, invitees_of(people), terms));
  if (response.ok()) {
    read_answer(api, response->body, terms, people);
    return {};
  }
  Error& error = response.error();
  // One bad address spoils the request for all: then each is asked for alone.
  if (error.kind != ErrorKind::invalid_input || people.size() == 1) return std::move(error);
  for (Person* person : people) {
    auto const alone = send(api, of, terms, {person});
    if (!alone.ok() && alone.error().kind != ErrorKind::invalid_input) return alone.error();
    if (!alone.ok()) fail(*person, alone.error().message);
  }
  return {};
}

std::vector<InvitationResult> results_of(std::vector<Person> const& people) {
  std::vector<InvitationResult> out;
  for (Person const& person : people)
    out.push_back(person.result);
  return out;
}

}  // namespace

action::Request invitation_request(MembersOf const& of, Invitees const& who,
                                   InvitationTerms const& terms) {
  action::RequestBuilder out(net::Method::post, of.root + "/invitations");
  if (!who.emails.empty()) out.body("email", who.emails);
  std::vector<std::string> ids;
  for (UserRef const& user : who.users)
    ids.push_back(path_segment(user));
  // A comma list is what every version takes.
  if (!ids.empty()) out.body("user_id", join(ids, ","));
  out.body("access_level", terms.level);
  if (!terms.expires_at.empty()) out.body("expires_at", terms.expires_at);
  out.body("member_role_id", terms.member_role_id);
  return out;
}

Result<std::vector<InvitationResult>> invite(action::Api& api, MembersOf const& of,
                                             Invitees const& who, InvitationTerms const& terms) {
  auto people = people_of(who);
  std::vector<Person*> strangers;
  for (Person& person : people) {
    FAIRLEAD_CHECK(look_up(api, of, person));
    bool const known_failure = !person.result.result.empty();
    if (person.standing == Person::Standing::stranger && !known_failure)
      strangers.push_back(&person);
  }
  FAIRLEAD_CHECK(send(api, of, terms, strangers));
  for (Person& person : people) {
    if (person.standing != Person::Standing::stranger) bring_to_level(api, of, person, terms);
  }
  return results_of(people);
}

Result<std::optional<std::vector<InvitationResult>>> all_invited(action::Api& api,
                                                                 MembersOf const& of,
                                                                 Invitees const& who,
                                                                 InvitationTerms const& terms) {
  auto people = people_of(who);
  for (Person& person : people) {
    FAIRLEAD_CHECK(look_up(api, of, person));
    if (!person.has || !(*person.has == terms.level))
      return std::optional<std::vector<InvitationResult>>();
    person.result.access_level = person.has->value;
    person.result.result = person.standing == Person::Standing::member ? "added" : "invited";
  }
  return std::optional(results_of(people));
}

}  // namespace fairlead::gitlab
