#include "gitlab/refs.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "net/url.h"

namespace fairlead::gitlab {
namespace {

bool is_url(std::string_view text) { return text.find("://") != std::string_view::npos; }

bool is_path_character(char c) {
  bool const alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alnum || c == '_' || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

// "ops/incidents": parts of letters, digits, "_", "-" and ".", none of them empty or only dots.
bool is_full_path(std::string_view text) {
  for (std::string const& part : split(text, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
    if (!std::all_of(part.begin(), part.end(), is_path_character)) return false;
  }
  return true;
}

// People paste paths with slashes around, and scripts paths that are encoded already.
std::string tidy_path(std::string_view text) {
  std::string path = net::percent_decode(trim(text));
  auto const first = path.find_first_not_of('/');
  if (first == std::string::npos) return "";
  path = path.substr(first, path.find_last_not_of('/') - first + 1);
  if (path.ends_with(".git")) path.resize(path.size() - 4);
  return path;
}

bool default_port(net::Url const& url) { return url.port == (url.scheme == "https" ? 443 : 80); }

// http and https of one server count as the same: the URL is only read, not called.
bool same_server(net::Url const& a, net::Url const& b) {
  return a.host == b.host && (a.port == b.port || (default_port(a) && default_port(b)));
}

Error other_host(net::Url const& url, net::Url const& base) {
  auto error = invalid_input("", "is a URL of " + url.origin() + ", but the connection is to " +
                                     base.origin() + base.path);
  error.remedy = "Use the connection to " + url.origin() + ", or give the id or path.";
  return error;
}

// Where there is no connection, the URL is believed.
std::string root_of(action::Lookup const& lookup, std::string_view url) {
  if (lookup.api != nullptr) return lookup.api->base_url();
  auto const parsed = net::parse_url(url);
  return parsed.ok() ? parsed->origin() : "";
}

Error at(std::string_view where, Error error) {
  error.where = where;
  return error;
}

Result<void> bind_text(action::Lookup const& lookup, std::string& text, std::string_view where) {
  if (!is_url(text)) return {};
  auto pasted = read_pasted_url(text, root_of(lookup, text));
  if (!pasted.ok()) return at(where, std::move(pasted).error());
  text = pasted->path;
  return {};
}

template <class Ref>
Result<void> bind_item(action::Lookup const& lookup, std::optional<ProjectRef>& project, Ref& ref,
                       std::int64_t Ref::*number, std::string_view field,
                       std::initializer_list<std::string_view> kinds) {
  if (project) FAIRLEAD_CHECK(bind(lookup, *project, "project"));
  if (!ref.url.empty()) {
    auto pasted = read_pasted_url(ref.url, root_of(lookup, ref.url));
    if (!pasted.ok()) return at(field, std::move(pasted).error());
    bool const right = std::find(kinds.begin(), kinds.end(), pasted->kind) != kinds.end();
    if (!right)
      return invalid_input(std::string(field), "is a URL, but not of that kind: " + ref.url);
    ref.project = pasted->path;
    ref.*number = pasted->number;
    ref.url.clear();
  }
  if (ref.project.empty()) return {};
  bool const by_id = project && number_of(project->text) > 0;
  if (project && !by_id && !equals_ignoring_case(project->text, ref.project)) {
    return invalid_input(std::string(field),
                         "belongs to " + ref.project + ", but `project` is " + project->text);
  }
  if (!project) project = ProjectRef{ref.project};
  return {};
}

Result<void> check_said(std::optional<ProjectRef> const& project, bool elsewhere,
                        std::string_view field) {
  if (project || elsewhere) return {};
  auto error = invalid_input("project", "is missing");
  error.remedy = "Give the project, or the whole URL as `" + std::string(field) + "`.";
  return error;
}

// What ends in a number, behind a mark: "ops/incidents#42".
template <class Ref>
bool read_numbered(std::string_view text, std::int64_t Ref::*number, Ref& out) {
  auto const mark = text.rfind('#');
  out.*number = number_of(mark == std::string_view::npos ? text : text.substr(mark + 1));
  if (mark != std::string_view::npos && mark > 0) {
    out.project = tidy_path(text.substr(0, mark));
    if (!is_full_path(out.project)) return false;
  }
  return out.*number > 0;
}

}  // namespace

std::int64_t number_of(std::string_view text) {
  std::int64_t value = 0;
  auto const [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool const whole = code == std::errc() && stop == text.data() + text.size();
  return whole && value > 0 ? value : 0;
}

Result<std::int64_t> id_of(Json const& answer, std::string_view what) {
  std::int64_t const id = answer["id"].as_integer();
  if (id > 0) return id;
  Error error = make_error(ErrorKind::corrupt,
                           "GitLab answered about " + std::string(what) + " without its id.");
  error.cause = "A proxy changed the answer, or what answers is not GitLab's API.";
  error.remedy = "Try \"Test connection\".";
  return error;
}

// <root>/[groups/]<path>[/-/<kind>/<number>...]
Result<Pasted> read_pasted_url(std::string_view url, std::string_view base_url) {
  FAIRLEAD_TRY(auto const parsed, net::parse_url(trim(url)));
  FAIRLEAD_TRY(auto const base, net::parse_url(base_url));
  if (!same_server(parsed, base)) return other_host(parsed, base);
  std::string_view rest = parsed.path;
  bool const below =
      rest.starts_with(base.path) &&
      (rest.size() == base.path.size() || base.path.empty() || rest[base.path.size()] == '/');
  if (!below) return other_host(parsed, base);
  rest.remove_prefix(base.path.size());
  auto const dash = rest.find("/-/");
  Pasted pasted;
  pasted.path = tidy_path(rest.substr(0, dash));
  if (pasted.path.starts_with("groups/")) pasted.path.erase(0, 7);
  if (!is_full_path(pasted.path))
    return invalid_input("", "is a URL that names no project or group: " + std::string(url));
  if (dash == std::string_view::npos) return pasted;
  auto const parts = split(rest.substr(dash + 3), '/');
  pasted.kind = parts.front();
  if (parts.size() > 1) pasted.number = number_of(parts[1]);
  return pasted;
}

Result<void> bind(action::Lookup const& lookup, ProjectRef& project, std::string_view where) {
  return bind_text(lookup, project.text, where);
}

Result<void> bind(action::Lookup const& lookup, GroupRef& group, std::string_view where) {
  return bind_text(lookup, group.text, where);
}

Result<void> bind(action::Lookup const& lookup, std::optional<ProjectRef>& project,
                  IssueRef& issue) {
  return bind_item(lookup, project, issue, &IssueRef::iid, "iid", {"issues", "work_items"});
}

Result<void> bind(action::Lookup const& lookup, std::optional<ProjectRef>& project,
                  PipelineRef& pipeline) {
  return bind_item(lookup, project, pipeline, &PipelineRef::id, "pipeline", {"pipelines"});
}

Result<void> check_project_said(std::optional<ProjectRef> const& project, IssueRef const& issue) {
  return check_said(project, !issue.project.empty() || !issue.url.empty(), "iid");
}

Result<void> check_project_said(std::optional<ProjectRef> const& project,
                                PipelineRef const& pipeline) {
  return check_said(project, !pipeline.project.empty() || !pipeline.url.empty(), "pipeline");
}

std::string path_segment(UserRef const& user) {
  return user.id > 0 ? std::to_string(user.id) : "<id of user " + user.text + ">";
}

std::string words_for(std::optional<ProjectRef> const& project, IssueRef const& issue) {
  return (project ? project->text : "") + "#" + std::to_string(issue.iid);
}

namespace {

bool read_ref(std::string_view text, ProjectRef& out, std::string& wanted) {
  wanted = "a project: its id, its full path such as ops/incidents, or its URL";
  out.text = is_url(text) ? std::string(text) : tidy_path(text);
  bool const path = is_full_path(out.text) && out.text.find('/') != std::string::npos;
  return is_url(text) || number_of(out.text) > 0 || path;
}

bool read_ref(std::string_view text, GroupRef& out, std::string& wanted) {
  wanted = "a group: its id, its full path such as ops/infra, or its URL";
  out.text = is_url(text) ? std::string(text) : tidy_path(text);
  return is_url(text) || is_full_path(out.text);
}

bool read_ref(std::string_view text, IssueRef& out, std::string& wanted) {
  wanted = "an issue: its number in the project (iid), or its URL";
  if (is_url(text)) out.url = text;
  return is_url(text) || read_numbered(text, &IssueRef::iid, out);
}

bool read_ref(std::string_view text, PipelineRef& out, std::string& wanted) {
  wanted = "a pipeline: its id, or its URL";
  if (is_url(text)) out.url = text;
  return is_url(text) || read_numbered(text, &PipelineRef::id, out);
}

bool read_ref(std::string_view text, UserRef& out, std::string& wanted) {
  wanted = "a user: an id, a user name, or an e-mail address";
  out.text = text.starts_with('@') ? text.substr(1) : text;
  out.id = number_of(out.text);
  auto const sign = out.text.find('@');
  if (sign == std::string::npos)
    return is_full_path(out.text) && out.text.find('/') == std::string::npos;
  bool const one =
      sign > 0 && sign + 1 < out.text.size() && out.text.find('@', sign + 1) == std::string::npos;
  return one && out.text.find_first_of(" \t,") == std::string::npos;
}

Json id_or(std::string const& text) {
  auto const id = number_of(text);
  return id > 0 ? Json(id) : Json(text);
}

Json encode_ref(ProjectRef const& ref) { return id_or(ref.text); }
Json encode_ref(GroupRef const& ref) { return id_or(ref.text); }
Json encode_ref(IssueRef const& ref) { return ref.url.empty() ? Json(ref.iid) : Json(ref.url); }
Json encode_ref(PipelineRef const& ref) { return ref.url.empty() ? Json(ref.id) : Json(ref.url); }
Json encode_ref(UserRef const& ref) { return id_or(path_segment(ref)); }

std::string_view picker_of(ProjectRef const*) { return "project"; }
std::string_view picker_of(GroupRef const*) { return "group"; }
std::string_view picker_of(IssueRef const*) { return "issue"; }
std::string_view picker_of(PipelineRef const*) { return "pipeline"; }
std::string_view picker_of(UserRef const*) { return "user"; }

}  // namespace
}  // namespace fairlead::gitlab

namespace fairlead::schema {

template <class T>
void RefCodec<T>::decode(Json const& json, T& out, Reader& reader) {
  std::string wanted;
  std::string const text = json.is_integer() ? json.dump() : std::string(trim(json.as_string()));
  out = T{};
  bool const right = gitlab::read_ref(text, out, wanted) && !text.empty();
  bool const negative = json.is_integer() && json.as_integer() <= 0;
  if (!right || negative) reader.wrong_type(wanted, json);
}

template <class T>
Json RefCodec<T>::encode(T const& value) {
  return gitlab::encode_ref(value);
}

template <class T>
Json RefCodec<T>::schema(Unknown) {
  Json const type = Json::object({{"type", Json::array({"string", "integer"})}});
  return with_hint(type, "picker", gitlab::picker_of(static_cast<T const*>(nullptr)));
}

template struct RefCodec<gitlab::ProjectRef>;
template struct RefCodec<gitlab::GroupRef>;
template struct RefCodec<gitlab::IssueRef>;
template struct RefCodec<gitlab::PipelineRef>;
template struct RefCodec<gitlab::UserRef>;

}  // namespace fairlead::schema
