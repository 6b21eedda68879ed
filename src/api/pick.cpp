#include "api/pick.h"

#include <array>

#include "action/request.h"
#include "base/text.h"
#include "gitlab/refs.h"

namespace fairlead::api {
namespace {

constexpr int per_page = 20;
constexpr std::size_t search_bytes_max = 200;

enum class Parent { none, project, project_or_group };

// One kind of thing: where GitLab lists it and which members of an item are shown.
// Source: https://docs.gitlab.com/api/{groups,projects,branches,tags,issues,pipelines,users,labels,
// milestones}/ (checked on 19.5).
struct Kind {
  std::string_view name;
  Parent parent;
  std::string_view path;  // below the parent, if there is one
  std::string_view value;
  std::string_view label;
  std::string_view detail;
  std::array<std::pair<std::string_view, std::string_view>, 3> query;
};

constexpr std::array<Kind, 9> kinds{{
    {"group", Parent::none, "/groups", "full_path", "full_name", "full_path", {}},
    {"project",
     Parent::none,
     "/projects",
     "path_with_namespace",
     "name_with_namespace",
     "path_with_namespace",
     {{{"membership", "true"}, {"simple", "true"}, {"order_by", "last_activity_at"}}}},
    {"branch", Parent::project, "/repository/branches", "name", "name", "", {}},
    {"tag", Parent::project, "/repository/tags", "name", "name", "", {}},
    {"issue", Parent::project, "/issues", "iid", "title", "state", {{{"order_by", "updated_at"}}}},
    {"pipeline", Parent::project, "/pipelines", "id", "ref", "status", {}},
    {"user", Parent::none, "/users", "username", "name", "username", {{{"active", "true"}}}},
    {"label", Parent::project_or_group, "/labels", "name", "name", "description", {}},
    {"milestone",
     Parent::project_or_group,
     "/milestones",
     "title",
     "title",
     "due_date",
     {{{"state", "active"}}}},
}};

Result<Kind const*> kind_of(std::string_view name) {
  std::vector<std::string> names;
  for (auto const& kind : kinds) {
    if (kind.name == name) return &kind;
    names.emplace_back(kind.name);
  }
  return make_error(ErrorKind::not_found, "There is nothing to choose called \"" +
                                              shorten(name, 40) + "\". There are " +
                                              join(names, ", ") + ".");
}

// "/projects/ops%2Fincidents", or "" for what belongs to nothing.
Result<std::string> below(Kind const& kind, action::Api& api, std::string text,
                          std::string_view parent_kind) {
  if (kind.parent == Parent::none) return std::string();
  if (text.empty())
    return invalid_input("parent", "What is called \"" + std::string(kind.name) +
                                       "\" belongs to a project: say which, as in "
                                       "parent=ops/incidents.");
  if (text.find("://") != std::string::npos) {
    FAIRLEAD_TRY(auto const pasted, gitlab::read_pasted_url(text, api.base_url()));
    text = pasted.path;
  }
  bool const group = kind.parent == Parent::project_or_group && parent_kind == "group";
  return action::path(group ? "/groups/{}" : "/projects/{}", text);
}

// What a person typed in "#42" or "https://.../issues/42" is asked for by its number.
std::string number_in(Kind const& kind, std::string_view search) {
  if (kind.name != "issue") return "";
  if (search.starts_with('#')) search.remove_prefix(1);
  return gitlab::number_of(search) > 0 ? std::string(search) : "";
}

// A pasted URL of the thing itself is looked up by what it points at.
Result<std::string> searched(Kind const& kind, action::Api& api, std::string_view text) {
  if (text.size() > search_bytes_max && text.find("://") == text.npos)
    return invalid_input("search", "At most 200 bytes can be searched for.");
  if (text.find("://") == text.npos) return std::string(text);
  FAIRLEAD_TRY(auto const pasted, gitlab::read_pasted_url(text, api.base_url()));
  if (pasted.number > 0) return std::to_string(pasted.number);
  // GitLab searches the last part of a path by name.
  auto const slash = pasted.path.rfind('/');
  bool const whole = kind.name != "project" && kind.name != "group";
  return whole || slash == std::string::npos ? pasted.path : pasted.path.substr(slash + 1);
}

action::Request request_for(Kind const& kind, std::string const& parent, std::string const& search,
                            std::string_view page) {
  action::Request request;
  request.path = parent + std::string(kind.path);
  for (auto const& [name, value] : kind.query) {
    if (!name.empty()) request.query.emplace_back(name, value);
  }
  auto const number = number_in(kind, search);
  if (!number.empty())
    request.query.emplace_back("iids[]", number);
  else if (!search.empty() && kind.name != "pipeline")
    request.query.emplace_back("search", search);
  else if (!search.empty())
    request.query.emplace_back("ref", search);
  request.query.emplace_back("per_page", std::to_string(per_page));
  if (!page.empty()) request.query.emplace_back("page", page);
  return request;
}

std::string shown(Json const& value) {
  if (value.is_string()) return value.as_string();
  return value.is_null() ? "" : value.dump();
}

Json item_of(Kind const& kind, Json const& found) {
  Json item = Json::object();
  item.set("value", found[kind.value]);
  auto label = shown(found[kind.label]);
  if (kind.name == "issue" || kind.name == "pipeline")
    label = "#" + shown(found[kind.value]) + " " + label;
  item.set("label", label);
  auto const detail = kind.detail.empty() ? std::string() : shown(found[kind.detail]);
  if (!detail.empty()) item.set("detail", detail);
  if (found["web_url"].is_string()) item.set("webUrl", found["web_url"]);
  return item;
}

Result<net::ServerResponse> pick(action::ApiProvider& apis, Call const& call) {
  auto const& request = call.request;
  FAIRLEAD_TRY(auto const* kind, kind_of(request.param("kind")));
  FAIRLEAD_TRY(auto const api, apis.open(request.param("name")));
  std::string_view const page = request.query_value("page");
  if (!page.empty() && gitlab::number_of(page) <= 0)
    return invalid_input("page", "\"page\" is the nextPage of the answer before.");
  FAIRLEAD_TRY(auto const parent, below(*kind, *api, std::string(request.query_value("parent")),
                                        request.query_value("parentKind")));
  FAIRLEAD_TRY(auto const search, searched(*kind, *api, request.query_value("search")));
  FAIRLEAD_TRY(auto const answer, api->send(request_for(*kind, parent, search, page)));
  Json items = Json::array();
  for (auto const& found : answer.body.items())
    items.push_back(item_of(*kind, found));
  Json json = Json::object({{"items", std::move(items)}});
  auto const next = answer.headers.get("x-next-page");
  if (!next.empty()) json.set("nextPage", next);
  return net::json_response(200, json);
}

}  // namespace

std::vector<Endpoint> pick_endpoints(action::ApiProvider& apis) {
  return {{net::Method::get, "/api/v1/connections/{name}/pick/{kind}", access::Role::author,
           "Look up what a form can choose from",
           [&apis](Call const& call) { return pick(apis, call); }}};
}

}  // namespace fairlead::api
