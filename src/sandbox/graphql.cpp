// Just enough GraphQL: currentUser, project, group and metadata with plain fields. Source:
// doc/api/graphql (19.5).
//
// A selection is read into a small tree and filled from flat records; unknown fields are refused as
// the real one does.
#include <algorithm>

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/auth.h"
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

constexpr int depth_max = 10;

struct Field {
  std::string alias;
  std::string name;
  Json arguments = Json::object();
  std::vector<Field> fields;
};

class Reader {
 public:
  Reader(std::string_view text, Json const& variables) : text_(text), variables_(variables) {}

  // The first operation's selection; empty if the text makes no sense.
  std::vector<Field> read() {
    std::size_t const brace = text_.find('{');
    if (brace == std::string_view::npos) return {};
    text_.remove_prefix(brace);
    return selection(0);
  }

 private:
  void skip() {
    while (!text_.empty() &&
           std::string_view(" \t\r\n,").find(text_.front()) != std::string_view::npos) {
      text_.remove_prefix(1);
    }
  }

  bool take(char c) {
    skip();
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::string name() {
    skip();
    std::size_t size = 0;
    auto const part = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    while (size < text_.size() && part(text_[size]))
      ++size;
    std::string const out(text_.substr(0, size));
    text_.remove_prefix(size);
    return out;
  }

  Json value() {
    skip();
    if (take('$')) return variables_[name()];
    if (!text_.empty() && text_.front() == '"') {
      std::size_t const end = text_.find('"', 1);
      if (end == std::string_view::npos) return {};
      std::string const out(text_.substr(1, end - 1));
      text_.remove_prefix(end + 1);
      return out;
    }
    return name();
  }

  std::vector<Field> selection(int depth) {
    std::vector<Field> fields;
    if (depth > depth_max || !take('{')) return fields;
    while (!take('}')) {
      Field field;
      field.name = name();
      if (field.name.empty()) return {};
      field.alias = field.name;
      if (take(':')) field.name = name();
      if (take('(')) {
        while (!text_.empty() && !take(')')) {
          std::string const key = name();
          if (key.empty() || !take(':')) return {};
          field.arguments.set(key, value());
        }
      }
      skip();
      if (!text_.empty() && text_.front() == '{') field.fields = selection(depth + 1);
      fields.push_back(std::move(field));
    }
    return fields;
  }

  std::string_view text_;
  Json const& variables_;
};

std::string global_id(std::string_view type, Number id) {
  return "gid://gitlab/" + std::string(type) + "/" + std::to_string(id);
}

Json user_record(World& world, User const* user) {
  if (user == nullptr) return {};
  return Json::object({{"__typename", "CurrentUser"},
                       {"id", global_id("User", user->id)},
                       {"username", user->username},
                       {"name", user->name},
                       {"publicEmail", user->public_email},
                       {"state", user->state},
                       {"webUrl", world.web_url(user->username)}});
}

Json project_record(Call& call, std::string const& path) {
  Project const* project = call.world.project_at(path);
  if (project == nullptr || !may_see(call.world, *project, call.user())) return {};
  return Json::object({{"__typename", "Project"},
                       {"id", global_id("Project", project->id)},
                       {"name", project->name},
                       {"path", project->path},
                       {"fullPath", project->full_path},
                       {"description", project->description ? Json(*project->description) : Json()},
                       {"visibility", project->visibility},
                       {"archived", project->archived},
                       {"webUrl", call.world.web_url(project->full_path)},
                       {"openIssuesCount", project->open_issues},
                       {"createdAt", format_time(project->created_at)}});
}

Json group_record(Call& call, std::string const& path) {
  Group const* group = call.world.group_at(path);
  if (group == nullptr || !may_see(call.world, *group, call.user())) return {};
  return Json::object({{"__typename", "Group"},
                       {"id", global_id("Group", group->id)},
                       {"name", group->name},
                       {"path", group->path},
                       {"fullPath", group->full_path},
                       {"fullName", group->full_name},
                       {"visibility", group->visibility},
                       {"webUrl", call.world.web_url("groups/" + group->full_path)}});
}

std::optional<Json> record_of(Call& call, Field const& field) {
  std::string const& path = field.arguments["fullPath"].as_string();
  if (field.name == "currentUser") return user_record(call.world, call.user());
  if (field.name == "project") return project_record(call, path);
  if (field.name == "group") return group_record(call, path);
  if (field.name == "metadata") {
    return Json::object({{"__typename", "Metadata"},
                         {"version", call.world.options.version},
                         {"enterprise", true}});
  }
  return std::nullopt;
}

Error no_field(std::string_view field, std::string_view type) {
  std::string const text =
      "Field '" + std::string(field) + "' doesn't exist on type '" + std::string(type) + "'";
  return refuse(200, Json::object({{"errors", Json::array({Json::object({{"message", text}})})}}));
}

Result<Json> pick(Json const& record, std::vector<Field> const& fields) {
  if (record.is_null()) return Json();
  Json out = Json::object();
  for (Field const& field : fields) {
    Json const* value = record.find(field.name);
    if (value == nullptr) return no_field(field.name, record["__typename"].as_string());
    out.set(field.alias, *value);
  }
  return out;
}

Result<Reply> post_graphql(Call& call) {
  auto caller = authenticate(call.world, call.headers, call.in);
  if (!caller.ok()) {
    return refuse(
        401,
        Json::object({{"errors", Json::array({Json::object({{"message", "Invalid token"}})})}}));
  }
  call.caller = std::move(caller).value();
  if (call.caller.kind != Caller::Kind::anonymous) {
    FAIRLEAD_CHECK(check_scope(call.caller, Need::nothing, net::Method::get));
  }
  Json const& variables = call.in.raw("variables");
  std::vector<Field> const fields = Reader(call.in.text("query"), variables).read();
  if (fields.empty()) {
    return json_reply(
        200,
        Json::object({{"errors",
                       Json::array({Json::object({{"message", "Unexpected end of document"}})})}}));
  }
  Json data = Json::object();
  for (Field const& field : fields) {
    auto const record = record_of(call, field);
    if (!record) return no_field(field.name, "Query");
    FAIRLEAD_TRY(Json picked, pick(*record, field.fields));
    data.set(field.alias, std::move(picked));
  }
  return json_reply(200, Json::object({{"data", std::move(data)}}));
}

}  // namespace

ApiRoutes graphql_routes() {
  return {{net::Method::post, "api/graphql", post_graphql, Need::nothing}};
}

}  // namespace fairlead::sandbox
