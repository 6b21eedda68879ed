#include "sandbox/pages.h"

#include "base/secret.h"
#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/form.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

constexpr std::string_view cookie_name = "_gitlab_session";
constexpr std::size_t sessions_max = 10'000;

std::string link_to(std::string const& url, std::string_view text) {
  return "<a href=\"" + escape_html(url) + "\">" + escape_html(text) + "</a>";
}

Result<Reply> get_landing(Call& call) {
  World& world = call.world;
  std::string body =
      "<p>This is a GitLab look-alike for trying out and for tests. Nothing here is "
      "kept.</p><h2>People</h2><ul>";
  for (auto const& [id, user] : world.state.users) {
    if (!user.bot)
      body += "<li>" + escape_html(user.username) + " (" + escape_html(user.name) + ")</li>";
  }
  body += "</ul><h2>Projects</h2><ul>";
  Visit const visit = visit_of(call);
  User const* user = signed_in(call, visit);
  for (auto const& [id, project] : world.state.projects) {
    if (may_see(world, project, user)) {
      body += "<li>" + link_to(world.web_url(project.full_path), project.full_path) + "</li>";
    }
  }
  body += "</ul><p>" +
          (user == nullptr ? link_to(world.web_url("users/sign_in"), "Sign in")
                           : "Signed in as " + escape_html(user->username)) +
          "</p>";
  Reply reply = html_reply(200, html_page(world, "Sandbox", body));
  attach_session(call, visit, reply);
  return reply;
}

std::string sign_in_form(Call& call, Visit const& visit, std::string_view complaint) {
  std::string body;
  if (!complaint.empty())
    body += "<p class=\"alert\" role=\"alert\">" + escape_html(complaint) + "</p>";
  body += "<form id=\"new_user\" action=\"" + escape_html(call.world.web_url("users/sign_in")) +
          "\" method=\"post\">";
  body += hidden_field("authenticity_token", visit.session->form_token);
  body +=
      "<p><label>Username or primary email<br><input name=\"user[login]\" "
      "autocomplete=\"username\" required "
      "autofocus></label></p><p><label>Password<br><input name=\"user[password]\" "
      "type=\"password\" "
      "autocomplete=\"current-password\" required></label></p><button type=\"submit\">Sign "
      "in</button></form>";
  return html_page(call.world, "Sign in", body);
}

Result<Reply> get_sign_in(Call& call) {
  Visit const visit = visit_of(call);
  Reply reply = html_reply(200, sign_in_form(call, visit, ""));
  attach_session(call, visit, reply);
  return reply;
}

User* user_with_login(World& world, std::string const& login, std::string const& password) {
  User* user = world.user_named(login);
  if (user == nullptr) user = world.user_with_email(login);
  if (user == nullptr || user->bot || user->state != "active") return nullptr;
  return same_secret(user->password, password) ? user : nullptr;
}

Result<Reply> post_sign_in(Call& call) {
  Visit const visit = visit_of(call);
  Params fields(call.in.raw("user"));
  Reply reply;
  if (!form_is_ours(call, visit)) {
    reply = html_reply(
        422, html_page(call.world, "The change you requested was rejected", "<p>Try again.</p>"));
  } else if (User const* user =
                 user_with_login(call.world, fields.text("login"), fields.text("password"))) {
    visit.session->user_id = user->id;
    std::string const next = visit.session->return_to;
    visit.session->return_to.clear();
    reply = redirect_to(call.world.base_url + (next.empty() ? "/" : next));
  } else {
    reply = html_reply(422, sign_in_form(call, visit, "Invalid login or password."));
  }
  attach_session(call, visit, reply);
  return reply;
}

Result<Reply> get_sign_out(Call& call) {
  Visit const visit = visit_of(call);
  visit.session->user_id = 0;
  return redirect_to(call.world.web_url("users/sign_in"));
}

std::string issue_page(Call& call, Project& project, Issue& issue) {
  Json const json = issue_json(call, project, issue);
  std::string body = "<p><b>" + std::string(issue.closed_at ? "Closed" : "Open") + "</b> by " +
                     escape_html(json["author"]["name"].as_string()) + "</p>";
  body += "<p>Labels: ";
  for (Json const& label : json["labels"].items())
    body += "<code>" + escape_html(label.as_string()) + "</code> ";
  body += "</p><pre>" + escape_html(issue.description.value_or("")) + "</pre><h2>Activity</h2>";
  for (Note const& note : project.notes[issue.id]) {
    User const* author = call.world.user(note.author_id);
    body += "<p><b>" + escape_html(author == nullptr ? "?" : author->name) + "</b> " +
            escape_html(format_time(note.created_at)) + "</p><pre>" + escape_html(note.body) +
            "</pre>";
  }
  return html_page(call.world, issue.title + " (#" + std::to_string(issue.iid) + ")", body);
}

std::string project_page(Call& call, Project& project) {
  constexpr std::size_t shown_max = 20;
  std::string body =
      "<p>" + escape_html(project.description.value_or("")) + "</p><h2>Newest issues</h2><ul>";
  std::size_t shown = 0;
  for (auto it = project.issues.rbegin(); it != project.issues.rend() && shown < shown_max;
       ++it, ++shown) {
    std::string const url =
        call.world.web_url(project.full_path + "/-/issues/" + std::to_string(it->iid));
    body += "<li>#" + std::to_string(it->iid) + " " + link_to(url, it->title) +
            (it->closed_at ? " (closed)" : "") + "</li>";
  }
  body += "</ul><h2>Newest pipelines</h2><ul>";
  shown = 0;
  for (auto it = project.pipeline_ids.rbegin();
       it != project.pipeline_ids.rend() && shown < shown_max; ++it, ++shown) {
    Pipeline const& pipeline = call.world.state.pipelines.at(*it);
    std::string const url =
        call.world.web_url(project.full_path + "/-/pipelines/" + std::to_string(*it));
    body += "<li>" + link_to(url, "#" + std::to_string(*it)) + " " + escape_html(pipeline.ref) +
            " " + pipeline.status + "</li>";
  }
  return html_page(call.world, project.full_path, body + "</ul>");
}

std::string pipeline_page(Call& call, Project const& project, Pipeline const& pipeline) {
  std::string body = "<p>" + escape_html(project.full_path) + ", " + escape_html(pipeline.ref) +
                     ": <b>" + pipeline.status + "</b></p><ul>";
  for (Number const id : pipeline.job_ids) {
    Job const& job = call.world.state.jobs.at(id);
    body += "<li>" + escape_html(job.stage) + " / " + escape_html(job.name) + ": " + job.status +
            "</li>";
  }
  return html_page(call.world, "Pipeline #" + std::to_string(pipeline.id), body + "</ul>");
}

std::optional<Number> number_of(std::string const& text) {
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string::npos)
    return {};
  return std::stoll(text);
}

// <project path>[/-/<kind>/<number>]
std::optional<std::string> page_of(Call& call, User const* user) {
  std::string path;
  std::size_t at = 0;
  for (; at < call.segments.size() && call.segments[at] != "-"; ++at)
    path += (at == 0 ? "" : "/") + call.segments[at];
  Project* project = call.world.project_at(path);
  if (project == nullptr || !may_see(call.world, *project, user)) return std::nullopt;
  if (at >= call.segments.size()) return project_page(call, *project);
  if (at + 3 != call.segments.size()) return std::nullopt;
  auto const number = number_of(call.segments[at + 2]);
  if (!number) return std::nullopt;
  if (call.segments[at + 1] == "issues" || call.segments[at + 1] == "work_items") {
    Issue* issue = issue_with_iid(*project, *number);
    if (issue == nullptr || !may_see(call.world, *project, *issue, user)) return std::nullopt;
    return issue_page(call, *project, *issue);
  }
  auto const pipeline = call.world.state.pipelines.find(*number);
  if (call.segments[at + 1] != "pipelines" || pipeline == call.world.state.pipelines.end())
    return std::nullopt;
  return pipeline_page(call, *project, pipeline->second);
}

}  // namespace

Result<Reply> show_any_page(Call& call) {
  if (call.method != net::Method::get && call.method != net::Method::head)
    return html_reply(404, not_found_html());
  Visit const visit = visit_of(call);
  User const* user = signed_in(call, visit);
  if (auto const page = page_of(call, user)) return html_reply(200, *page);
  // As the real one: a stranger is sent to sign in rather than told what does not exist.
  if (user == nullptr) return ask_to_sign_in(call, visit, call.target);
  return html_reply(404, not_found_html());
}

std::string not_found_html() {
  return "<!DOCTYPE html>\n<html><head><title>The page could not be found or you don't have "
         "permission to view it. "
         "(404)</title></head><body><h1>404</h1><h3>The page could not be found or you don't have "
         "permission to view "
         "it.</h3></body></html>\n";
}

std::string html_page(World& world, std::string_view title, std::string const& body) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
         escape_html(title) +
         " - GitLab sandbox</title><style>body{font:16px/1.5 "
         "sans-serif;max-width:46rem;margin:3rem auto;padding:0 "
         "1rem;color:#28272d}button{font:inherit;padding:.4rem "
         "1rem;margin-right:.5rem}input{font:inherit;padding:.3rem;"
         "width:20rem}pre{background:#f4f4f6;padding:.6rem;white-space:pre-wrap}.alert{color:#a00}<"
         "/style></head><body>"
         "<p><a href=\"" +
         escape_html(world.base_url) + "/\">GitLab sandbox</a></p><h1>" + escape_html(title) +
         "</h1>" + body + "</body></html>\n";
}

std::string hidden_field(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + escape_html(name) + "\" value=\"" + escape_html(value) +
         "\">";
}

Visit visit_of(Call& call) {
  auto& sessions = call.world.state.sessions;
  std::string id = cookie_value(call.headers.get("Cookie"), cookie_name);
  auto it = sessions.find(id);
  if (it == sessions.end()) {
    if (sessions.size() >= sessions_max) sessions.erase(sessions.begin());
    id = random_hex(call.world.random, 16);
    it = sessions
             .emplace(id,
                      Session{.form_token = random_token(call.world.random, 32), .return_to = ""})
             .first;
  }
  return {.id = std::move(id), .session = &it->second};
}

void attach_session(Call& call, Visit const& visit, Reply& reply) {
  bool const secure = call.world.base_url.starts_with("https:");
  reply.headers.add("Set-Cookie",
                    std::string(cookie_name) + "=" + visit.id + "; path=" +
                        (call.world.options.sub_path.empty() ? "/" : call.world.options.sub_path) +
                        "; HttpOnly; SameSite=Lax" + (secure ? "; secure" : ""));
}

User* signed_in(Call& call, Visit const& visit) {
  User* user = call.world.user(visit.session->user_id);
  return user != nullptr && user->state == "active" ? user : nullptr;
}

bool form_is_ours(Call& call, Visit const& visit) {
  return same_secret(visit.session->form_token, call.in.text("authenticity_token"));
}

Reply ask_to_sign_in(Call& call, Visit const& visit, std::string_view target) {
  // A browser asks for it by itself: nobody wants to go there after the sign-in.
  bool const by_itself = target.ends_with("/favicon.ico");
  if (!by_itself) visit.session->return_to = target;
  Reply reply = redirect_to(call.world.web_url("users/sign_in"));
  attach_session(call, visit, reply);
  return reply;
}

ApiRoutes page_routes() {
  using enum net::Method;
  return {{get, "", get_landing},
          {get, "users/sign_in", get_sign_in},
          {post, "users/sign_in", post_sign_in},
          {get, "users/sign_out", get_sign_out}};
}

}  // namespace fairlead::sandbox
