#include "connection/doctor.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "connection/ask.h"
#include "connection/pending_sign_ins.h"
#include "connection/probe.h"
#include "connection/sealing.h"
#include "net/address_policy.h"
#include "net/fault_stage.h"
#include "net/url.h"

namespace fairlead::connection {
namespace {

using State = DoctorStep::State;

constexpr std::int64_t certificate_days_low = 14;
constexpr int low_room_divisor = 10;  // less than a tenth left is a warning

DoctorStep well(std::string id, std::string title, std::string detail) {
  return {.id = std::move(id), .title = std::move(title), .detail = std::move(detail), .fix = ""};
}

DoctorStep skipped(std::string id, std::string title, std::string why) {
  return {.id = std::move(id),
          .title = std::move(title),
          .state = State::skipped,
          .detail = std::move(why),
          .fix = ""};
}

DoctorStep failed(std::string id, std::string title, Error const& error) {
  return {.id = std::move(id),
          .title = std::move(title),
          .state = State::failed,
          .detail = error.cause.empty() ? error.message : error.message + " " + error.cause,
          .fix = error.remedy};
}

DoctorStep warned(DoctorStep step, std::string fix) {
  step.state = State::warning;
  step.fix = std::move(fix);
  return step;
}

struct Title {
  char const* id;
  char const* title;
};
constexpr Title dns{"dns", "Name (DNS)"};
constexpr Title tcp{"tcp", "Connection (TCP)"};
constexpr Title tls{"tls", "Certificate (TLS)"};
constexpr Title server{"server", "GitLab's API at this URL"};
constexpr Title application{"application", "OAuth application"};
constexpr Title redirect{"redirect", "Redirect URI"};
constexpr Title token_title{"token", "Token"};
constexpr Title version_title{"version", "GitLab version"};
constexpr Title scopes_title{"scopes", "Scopes"};
constexpr Title filters{"filters", "Filters for administrators only"};
constexpr Title role{"role", "Role in a sample group"};
constexpr Title rate{"rate", "Room in the rate limit"};
constexpr Title webhook{"webhook", "Webhooks reach this server"};

DoctorStep well(Title const& t, std::string detail) {
  return well(t.id, t.title, std::move(detail));
}
DoctorStep skipped(Title const& t, std::string why) {
  return skipped(t.id, t.title, std::move(why));
}
DoctorStep failed(Title const& t, Error const& error) { return failed(t.id, t.title, error); }

// A project by its path, where it is known.
std::string place_of(store::WebhookRecord const& hook) {
  return hook.path.empty() ? hook.target : hook.path;
}

bool on_this_machine(std::string_view address) {
  return address.starts_with("127.") || address.starts_with("[::1]");
}

// The steps of the way, from what the first request met.
void add_way(std::vector<DoctorStep>& steps, ServerLook const& look,
             store::ConnectionRecord const& record) {
  auto const stage = look.fault ? net::fault_stage(*look.fault) : net::FaultStage::none;
  std::string const proxy = record.settings["proxy"].as_string();
  bool const https = record.base_url.starts_with("https:");
  auto const not_reached = [](Title const& t) { return skipped(t, "Not reached."); };
  using net::FaultStage;
  if (stage == FaultStage::dns) {
    steps.push_back(failed(dns, *look.fault));
    steps.push_back(not_reached(tcp));
    steps.push_back(not_reached(tls));
    return;
  }
  steps.push_back(
      proxy.empty()
          ? well(dns, "The host name was resolved" +
                          (look.address.empty() ? "." : ": " + look.address + " answers."))
          : skipped(dns, "The proxy resolves the name."));
  if (stage == FaultStage::tcp || stage == FaultStage::proxy) {
    steps.push_back(failed(tcp, *look.fault));
    steps.push_back(not_reached(tls));
    return;
  }
  steps.push_back(
      well(tcp, proxy.empty() ? "Connected." : "Connected through the proxy " + proxy + "."));
  if (stage == FaultStage::tls) {
    steps.push_back(failed(tls, *look.fault));
  } else if (https) {
    steps.push_back(
        well(tls, record.settings.contains("caPem")
                      ? "The certificate is good, by the system's and this connection's "
                        "authorities."
                      : "The certificate is good."));
  } else if (on_this_machine(look.address)) {
    steps.push_back(well(tls, "Not used: GitLab stands on this machine."));
  } else {
    steps.push_back(warned(well(tls, "The URL is http: tokens travel unencrypted."), "Use https."));
  }
}

std::int64_t days_left(net::ShownCertificate const& certificate, Time now) {
  return std::chrono::duration_cast<std::chrono::hours>(certificate.ends_at - now).count() / 24;
}

std::string days_in_words(std::int64_t days) {
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

// "gitlab.example.com, issued by R11, ends 2027-01-03 (41 days)"
std::string certificate_in_words(net::ShownCertificate const& one, Time now) {
  bool const itself = one.subject == one.issuer;
  bool const over = one.ends_at < now;
  std::string const date =
      format_time(one.ends_at).substr(0, std::string_view("2026-11-23").size());
  return shorten(one.subject, 80) +
         (itself ? " (by itself)" : ", issued by " + shorten(one.issuer, 80)) +
         (over ? ", ended " : ", ends ") + date +
         (over ? "" : " (" + days_in_words(days_left(one, now)) + ")");
}

bool has_scope(std::string const& scopes, std::string_view scope) {
  return (" " + scopes + " ").find(" " + std::string(scope) + " ") != std::string::npos;
}

std::optional<std::int64_t> number_of(net::HttpResponse const& response, std::string_view name) {
  std::string_view const text = response.headers.get(name);
  std::int64_t value = 0;
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc()) return std::nullopt;
  return value;
}

DoctorStep room(net::HttpResponse const& answer) {
  if (answer.status == 429)
    return warned(
        well(rate, "GitLab asks this connection to wait: its limit is used up."),
        "Wait; Fairlead goes on by itself. If it comes often, raise the limit in GitLab's "
        "admin area or give automations an account of their own.");
  auto const left = number_of(answer, "RateLimit-Remaining");
  auto const limit = number_of(answer, "RateLimit-Limit");
  if (!left || !limit)
    return well(rate, "GitLab names no limit; Fairlead slows down when it is asked to.");
  DoctorStep step = well(rate, std::to_string(*left) + " of " + std::to_string(*limit) +
                                   " requests are left in this window.");
  if (*left * low_room_divisor >= *limit) return step;
  return warned(std::move(step),
                "Others may use the same account or address: give automations an account of their "
                "own, or raise the limit in GitLab's admin area.");
}

std::string role_name(std::int64_t level) {
  switch (level) {
    case 5:
      return "Minimal access";
    case 10:
      return "Guest";
    case 15:
      return "Planner";
    case 20:
      return "Reporter";
    case 25:
      return "Security manager";
    case 30:
      return "Developer";
    case 40:
      return "Maintainer";
    case 50:
      return "Owner";
    default:
      return "access level " + std::to_string(level);
  }
}

bool private_host(std::string const& url) {
  auto const parsed = net::parse_url(url);
  return parsed.ok() && net::is_forbidden_host(parsed->host);
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::failed:
      return "failed";
    case State::warning:
      return "warning";
    case State::skipped:
      return "skipped";
  }
  return "failed";
}

struct Doctor::Patient {
  store::ConnectionRecord record;
  ServerLook look;
  Secret token;
  std::vector<DoctorStep> steps;
};

Result<ServerLook> Doctor::probe(std::string const& base_url, Reach const& reach) {
  FAIRLEAD_TRY(auto const record, record_to_look_at(parts_, base_url, reach));
  return look_at(parts_, record);
}

Result<std::vector<DoctorStep>> Doctor::examine(std::string_view name) {
  Patient patient;
  FAIRLEAD_TRY(patient.record, connections_.get(name));
  patient.look = look_at(parts_, patient.record);
  auto& steps = patient.steps;
  add_way(steps, patient.look, patient.record);
  examine_certificates(patient);
  bool const way =
      patient.look.fault && net::fault_stage(*patient.look.fault) != net::FaultStage::none;
  if (patient.look.gitlab) {
    steps.push_back(well(server, patient.record.base_url + " answers as a GitLab."));
    if (!patient.look.issuer.empty() && patient.look.issuer != patient.record.base_url)
      steps.back() = warned(
          well(server, "A GitLab answers, but it calls itself " + patient.look.issuer + "."),
          "Links and redirects of GitLab go there: if that is the address people use, change this "
          "connection's URL to it.");
  } else {
    steps.push_back(way ? skipped(server, "Not reached.") : failed(server, *patient.look.fault));
  }
  if (!patient.look.gitlab) {
    for (auto const& t :
         {application, redirect, token_title, version_title, scopes_title, filters, role, rate})
      steps.push_back(skipped(t, "GitLab was not reached."));
  } else {
    examine_application(patient);
    examine_redirect(patient);
    examine_token(patient);
  }
  examine_webhooks(patient);
  return std::move(patient.steps);
}

// Who says that the server is who it is, and for how long that holds.
void Doctor::examine_certificates(Patient& patient) {
  DoctorStep& step = patient.steps.back();
  bool const https = patient.record.base_url.starts_with("https:");
  if (!https || step.id != tls.id || step.state == State::skipped || !options_.certificates) return;
  net::HttpRequest request;
  request.url = patient.record.base_url;
  if (!add_reach(parts_.vault, patient.record, request).ok()) return;
  auto const chain = options_.certificates(request);
  if (chain.empty()) return;
  Time const now = parts_.clock.now();
  if (!step.detail.ends_with('.')) step.detail += '.';
  for (auto const& one : chain)
    step.certificates.push_back(certificate_in_words(one, now));
  step.detail += " Shown: " + join(step.certificates, "; ") + ".";
  if (step.state != State::ok) return;
  auto const soonest = std::min_element(chain.begin(), chain.end(), [](auto& one, auto& other) {
    return one.ends_at < other.ends_at;
  });
  if (days_left(*soonest, now) >= certificate_days_low) return;
  step = warned(std::move(step), "Renew the certificate of " + soonest->subject +
                                     " before it ends: no call gets through afterwards.");
}

// With a code that cannot be right GitLab says "invalid_grant" to an application it knows, and
// "invalid_client" to a wrong Application ID or Secret (RFC 6749 5.2).
void Doctor::examine_application(Patient& patient) {
  if (patient.record.auth_kind != "oauth") {
    patient.steps.push_back(skipped(application, "This connection uses an access token."));
    return;
  }
  auto tried = [&]() -> Result<net::HttpResponse> {
    FAIRLEAD_TRY(auto client, oauth_client(parts_.vault, patient.record));
    auto request = exchange_request(client, {.code = Secret("fairlead-doctor"),
                                             .verifier = make_pkce(parts_.random).verifier,
                                             .redirect_uri = redirect_uri()});
    FAIRLEAD_CHECK(add_reach(parts_.vault, patient.record, request));
    auto answer = parts_.transport.send(request);
    wipe(request.body);
    return answer;
  }();
  if (!tried.ok()) return patient.steps.push_back(failed(application, tried.error()));
  std::string const said = body_of(*tried)["error"].as_string();
  if (said == "invalid_grant")
    return patient.steps.push_back(
        well(application, "GitLab knows the Application ID and Secret."));
  Error error = make_error(ErrorKind::denied,
                           said == "invalid_client"
                               ? "GitLab does not know this Application ID, or the Secret is wrong."
                               : "GitLab answered HTTP " + std::to_string(tried->status) +
                                     " to a trial of the application" +
                                     (said.empty() ? "." : ": " + shorten(said, 80) + "."));
  error.cause = said == "invalid_client"
                    ? "The application was deleted, its secret was renewed, or it was made public "
                      "or confidential."
                    : "";
  error.remedy =
      "Compare the Application ID, renew the Secret in GitLab if it is lost, and set both in this "
      "connection.";
  patient.steps.push_back(failed(application, error));
}

// GitLab shows no application's redirect URIs: what can be known is what worked and what did not.
void Doctor::examine_redirect(Patient& patient) {
  auto& steps = patient.steps;
  if (patient.record.auth_kind != "oauth")
    return steps.push_back(skipped(redirect, "This connection uses an access token."));
  std::string const used = patient.record.settings["redirectUri"].as_string();
  Json const& last = patient.record.settings["signIn"];
  std::string const fix = "Add " + redirect_uri() +
                          " to the redirect URIs of the application in GitLab, to the letter.";
  if (!used.empty() && used == redirect_uri())
    return steps.push_back(well(redirect, "The last sign-in came back to " + used + "."));
  if (!used.empty())
    return steps.push_back(
        warned(well(redirect, "The last sign-in came back to " + used + "; this server now says " +
                                  redirect_uri() + ". The next one will be refused."),
               fix));
  if (last["outcome"].as_string() == "failed")
    return steps.push_back(
        warned(well(redirect,
                    "The last sign-in failed; a redirect URI that does not match is the "
                    "usual reason."),
               fix));
  steps.push_back(skipped(redirect, "Nobody has signed in yet. GitLab must know " + redirect_uri() +
                                        ", to the letter."));
}

void Doctor::examine_token(Patient& patient) {
  auto& steps = patient.steps;
  auto skip_rest = [&](std::string const& why) {
    for (auto const& t : {version_title, scopes_title, filters, role, rate})
      steps.push_back(skipped(t, why));
  };
  auto source = connections_.source(patient.record.name);
  auto token = source.ok() ? (*source)->token() : Result<Token>(source.error());
  if (!token.ok()) {
    steps.push_back(failed(token_title, token.error()));
    return skip_rest("There is no token.");
  }
  auto account = who_am_i(parts_, patient.record, token->bearer);
  if (!account.ok() && account.error().kind == ErrorKind::rate_limited) {
    for (auto const& t : {token_title, version_title, scopes_title, filters, role})
      steps.push_back(skipped(t, "GitLab's limit on requests is used up: it could not be tried."));
    return steps.push_back(failed(rate, account.error()));
  }
  if (!account.ok()) {
    steps.push_back(failed(token_title, account.error()));
    return skip_rest("The token does not work.");
  }
  if (auto now = connections_.get(patient.record.name); now.ok()) patient.record = *now;
  patient.record.account = *account;
  patient.token = token->bearer;
  std::string detail = "Signed in as " + (*account)["username"].as_string() + ".";
  if (patient.record.token_expires_at)
    detail += " It expires at " + format_time(*patient.record.token_expires_at) +
              (patient.record.sealed_refresh_token.empty() ? "." : " and is renewed before.");
  steps.push_back(well(token_title, std::move(detail)));
  auto answer = ask(parts_, patient.record, patient.token, "/api/v4/version");
  std::string const version = answer.ok() ? body_of(*answer)["version"].as_string() : "";
  steps.push_back(version.empty()
                      ? skipped(version_title, "This token may not read it; nothing depends on it.")
                      : well(version_title, version));
  examine_scopes(patient);
  examine_filters(patient);
  examine_role(patient);
  steps.push_back(answer.ok() ? room(*answer) : skipped(rate, "GitLab did not answer in time."));
}

void Doctor::examine_scopes(Patient& patient) {
  std::string const& scopes = patient.record.scopes;
  if (scopes.empty())
    return patient.steps.push_back(
        well(scopes_title, "GitLab did not say which scopes were granted."));
  DoctorStep step = well(scopes_title, "Granted: " + scopes);
  bool const reads_only = patient.record.settings["readOnly"].as_bool();
  if (has_scope(scopes, "api") || (reads_only && has_scope(scopes, "read_api"))) {
    if (reads_only) step.detail += ". This connection is kept read-only.";
    return patient.steps.push_back(std::move(step));
  }
  if (reads_no_projects(scopes)) {
    step.detail +=
        ". With these no project, issue or pipeline can be read and nothing can be changed.";
    return patient.steps.push_back(
        warned(std::move(step),
               "Tick the scope api (or read_api, to read only) in the application or token in "
               "GitLab, then reconnect asking for it."));
  }
  step.detail +=
      ". This connection can read only; creating, changing and starting pipelines need the scope "
      "api.";
  patient.steps.push_back(warned(std::move(step),
                                 "Add the scope api to the application or token in GitLab and "
                                 "reconnect, if writing is wanted."));
}

void Doctor::examine_role(Patient& patient) {
  auto& steps = patient.steps;
  auto groups = ask(parts_, patient.record, patient.token,
                    "/api/v4/groups?min_access_level=10&per_page=1&order_by=id");
  if (!groups.ok()) return steps.push_back(failed(role, groups.error()));
  Json const group = body_of(*groups).at(0);
  if (groups->status != 200)
    return steps.push_back(skipped(
        role, "This token may not list groups (HTTP " + std::to_string(groups->status) + ")."));
  std::string const who = patient.record.account["username"].as_string();
  if (!group.is_object())
    return steps.push_back(
        warned(well(role, "The user " + who + " is a member of no group."),
               "Make the user a member of the groups and projects that workflows "
               "are to work in (Developer; Maintainer for webhooks and members)."));
  auto member = ask(parts_, patient.record, patient.token,
                    "/api/v4/groups/" + std::to_string(group["id"].as_integer()) + "/members/all/" +
                        std::to_string(patient.record.account["id"].as_integer()));
  std::int64_t const level = member.ok() ? body_of(*member)["access_level"].as_integer() : 0;
  std::string const path = group["full_path"].as_string();
  if (level == 0)
    return steps.push_back(skipped(role, "The role in " + path + " could not be read."));
  DoctorStep step = well(role, role_name(level) + " in " + path + ".");
  constexpr std::int64_t developer = 30;
  if (level >= developer) return steps.push_back(std::move(step));
  steps.push_back(
      warned(std::move(step),
             "Starting pipelines takes Developer, members and webhooks take Maintainer: "
             "have an owner of the group raise " +
                 who + "'s role."));
}

// GitLab ignores some filters of users without a word, unless an administrator asks.
void Doctor::examine_filters(Patient& patient) {
  auto answer = ask(parts_, patient.record, patient.token, "/api/v4/user");
  if (!answer.ok() || answer->status != 200)
    return patient.steps.push_back(skipped(filters, "The user could not be read."));
  bool const admin = body_of(*answer)["is_admin"].as_bool();
  patient.steps.push_back(
      well(filters, admin ? "The user is an administrator: all filters of lists work."
                          : "The user is no administrator. GitLab keeps some filters of list-users "
                            "(created_after, created_before, parts of a private e-mail) to those; "
                            "Fairlead refuses them rather than show an unfiltered list."));
}

// Nothing if GitLab had nothing to test with.
std::optional<DoctorStep> Doctor::tried_hook(Patient const& patient,
                                             store::WebhookRecord const& hook) {
  if (!options_.try_hook || patient.token.empty() || hook.remote_id == 0) return std::nullopt;
  auto const tried = options_.try_hook(patient.record.name, hook);
  if (tried.ok())
    return well(webhook, "GitLab sent a test of the webhook in " + place_of(hook) + " just now.");
  Error const& error = tried.error();
  bool const nothing_to_send = error.message.find("Ensure the project has") != std::string::npos ||
                               error.message.find("Ensure the group has") != std::string::npos;
  if (nothing_to_send) return std::nullopt;
  return warned(well(webhook, "GitLab could not deliver a test of the webhook in " +
                                  place_of(hook) + ": " + error.message),
                "Let GitLab reach " + options_.public_url +
                    ": firewall, certificate, and for a private address Admin area > Settings > "
                    "Network > Outbound requests. Until then what runs wait for is polled.");
}

// What is known of deliveries, and a test of one webhook that stands.
void Doctor::examine_webhooks(Patient& patient) {
  auto& steps = patient.steps;
  auto const hooks = webhooks_.list();
  if (!hooks.ok()) return steps.push_back(failed(webhook, hooks.error()));
  std::optional<Time> newest;
  store::WebhookRecord const* refused = nullptr;
  store::WebhookRecord const* standing = nullptr;
  for (auto const& hook : *hooks) {
    if (hook.connection != patient.record.id) continue;
    if (hook.delivered_at && (!newest || *hook.delivered_at > *newest)) newest = hook.delivered_at;
    // Where a group can have none each of its projects has its own (gitlab/group_hooks.h).
    bool const of_group = hook.target.starts_with("group:");
    if (hook.status == "polling" && !of_group) refused = &hook;
    if (hook.status != "polling" && hook.remote_id != 0) standing = &hook;
  }
  if (private_host(options_.public_url) && !private_host(patient.record.base_url))
    return steps.push_back(
        warned(well(webhook, "This server calls itself " + options_.public_url +
                                 ", which GitLab cannot reach. What runs wait for is polled."),
               "Start it with `--public-url` and an address that GitLab reaches."));
  if (refused != nullptr)
    return steps.push_back(warned(well(webhook, "No webhook in " + place_of(*refused) + ": " +
                                                    refused->reason + ". It is polled instead."),
                                  "If GitLab refuses private addresses: Admin area > Settings > "
                                  "Network > Outbound requests, allow " +
                                      options_.public_url + "."));
  if (standing != nullptr) {
    if (auto step = tried_hook(patient, *standing)) return steps.push_back(std::move(*step));
  }
  if (newest)
    return steps.push_back(
        well(webhook, "The newest delivery came at " + format_time(*newest) + "."));
  steps.push_back(skipped(
      webhook, "Nothing was delivered yet: a webhook is made when a run waits for a pipeline."));
}

}  // namespace fairlead::connection
