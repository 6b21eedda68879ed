// Creates a project. A second one of that path is refused by GitLab with 400, never 409; with
// if_exists = return the one that is there is handed back instead.
// Source: https://docs.gitlab.com/api/projects/#create-a-project (checked on 19.5).
#include "base/text.h"
#include "gitlab/actions.h"
#include "gitlab/project.h"
#include "gitlab/refs.h"
#include "gitlab/words.h"

namespace fairlead::gitlab {
namespace {

// Where it goes: GitLab wants the id, people know the path.
struct NamespaceRef {
  GroupRef ref;
  std::int64_t id{0};     // 0 until resolved
  std::string full_path;  // likewise; empty if only the id was given
};

}  // namespace
}  // namespace fairlead::gitlab

// The id where it is known; in a dry run without a connection, whose id it will be.
template <>
struct fairlead::schema::Codec<fairlead::gitlab::NamespaceRef> {
  static void decode(Json const& json, gitlab::NamespaceRef& out, Reader& reader) {
    Codec<gitlab::GroupRef>::decode(json, out.ref, reader);
  }
  static Json encode(gitlab::NamespaceRef const& value) {
    if (value.id != 0) return value.id;
    return "<id of namespace " + value.ref.text + ">";
  }
  static Json schema(Unknown unknown) { return Codec<gitlab::GroupRef>::schema(unknown); }
};

namespace fairlead::gitlab {
namespace {

using schema::field;

enum class IfExists { fail, give_back };
constexpr auto enum_names(IfExists) {
  using Name = schema::EnumName<IfExists>;
  return std::array{Name{IfExists::fail, "fail", "Fail"},
                    Name{IfExists::give_back, "return", "Return the existing one"}};
}

// What clocks of two servers may differ by.
constexpr Milliseconds clock_slack{300'000};

struct Input {
  std::string name;
  std::optional<std::string> path;
  std::optional<NamespaceRef> name_space;
  std::optional<std::string> description;
  std::optional<Visibility> visibility;
  std::optional<bool> initialize_with_readme;
  std::optional<std::string> default_branch;
  std::optional<std::vector<std::string>> topics;
  std::optional<std::string> template_name;
  IfExists if_exists{IfExists::fail};

  static constexpr auto fields() {
    return std::tuple{
        field("name", &Input::name,
              {.label = "Name",
               .help = "Shown to people; starts with a letter, digit, emoji or '_'.",
               .example = "Payment service",
               .max_length = 255,
               .pattern = schema::not_blank}),
        field("path", &Input::path,
              {.label = "Path",
               .help = "Last part of the URL. Left out: made from the name.",
               .example = "payment-service",
               .max_length = 255,
               .pattern = schema::path_part}),
        field("namespace", &Input::name_space,
              {.label = "Group or namespace",
               .help = "Id, full path or URL. Left out: your own namespace.",
               .example = "ops",
               .picker = "group"}),
        field("description", &Input::description,
              {.label = "Description",
               .help = "In short.",
               .example = "Pays.",
               .widget = "textarea"}),
        field("visibility", &Input::visibility,
              {.label = "Visibility",
               .help = "Left out: as set for the instance or group, which may forbid some.",
               .example = "private"}),
        field("initialize_with_readme", &Input::initialize_with_readme,
              {.label = "With a README",
               .help = "So that there is a branch and the repository can be cloned at once.",
               .example = "true"}),
        field("default_branch", &Input::default_branch,
              {.label = "Default branch",
               .help = "Needs a README; otherwise the first push decides.",
               .example = "main",
               .min_length = 1}),
        field("topics", &Input::topics,
              {.label = "Topics", .help = "Words to find it by.", .example = R"(["payments"])"}),
        field(
            "template_name", &Input::template_name,
            {.label = "Template",
             .help = "A built-in project template. The project is there at once, its files follow "
                     "(import_status).",
             .example = "rails",
             .min_length = 1,
             .advanced = true}),
        field("if_exists", &Input::if_exists,
              {.label = "If there is one already",
               .help = "Fail, or return the existing project unchanged.",
               .example = "return",
               .defaulted = true})};
  }
};

Result<void> check(Input const& in) {
  if (in.default_branch && !in.initialize_with_readme.value_or(false) && !in.template_name) {
    return invalid_input("default_branch",
                         "needs initialize_with_readme: without a commit there is no branch");
  }
  return {};
}

// Fills id and full path. A number is taken as an id without asking.
Result<void> resolve_namespace(action::Lookup const& lookup, NamespaceRef& space) {
  FAIRLEAD_CHECK(bind(lookup, space.ref, "namespace"));
  space.id = number_of(space.ref.text);
  if (space.id != 0) return {};
  space.full_path = space.ref.text;
  if (lookup.api == nullptr) return {};
  auto answer = lookup.api->send(action::get("/namespaces/{}", space.ref));
  if (!answer.ok()) {
    Error error = std::move(answer).error();
    error.where = "namespace";
    return error;
  }
  space.id = answer->body["id"].as_integer();
  if (space.id == 0)
    return make_error(ErrorKind::corrupt, "GitLab's answer about the namespace has no id");
  return {};
}

// Both read at once: the name is the only way to find a project whose path GitLab made.
struct Place {
  std::string full_path;  // of the namespace
  std::optional<std::string> project_path;
};

Result<Place> place_of(action::Api& api, Input const& in) {
  Place place{.full_path = "", .project_path = in.path};
  if (!in.name_space) {
    FAIRLEAD_TRY(Json account, api.account());
    place.full_path = account["username"].as_string();
  } else if (!in.name_space->full_path.empty()) {
    place.full_path = in.name_space->full_path;
  } else {
    FAIRLEAD_TRY(action::Response answer,
                 api.send(action::get("/namespaces/{}", in.name_space->id)));
    place.full_path = answer.body["full_path"].as_string();
  }
  return place;
}

Result<std::optional<Project>> find_by_path(action::Api& api, std::string const& full_path) {
  auto answer = api.send(action::get("/projects/{}", full_path));
  if (!answer.ok()) {
    if (answer.error().kind == ErrorKind::not_found) return std::optional<Project>();
    return std::move(answer).error();
  }
  FAIRLEAD_TRY(Project project, schema::decode_answer<Project>(answer->body));
  return std::optional<Project>(std::move(project));
}

Result<std::optional<Project>> find_by_name(action::Api& api, std::string const& name,
                                            std::string const& full_path) {
  std::optional<Project> found;
  action::Request const request = action::get("/projects")
                                      .query("membership", "true")
                                      .query("search", name)
                                      .query("order_by", "created_at")
                                      .query("sort", "desc");
  auto const take = [&](Json item) -> Result<void> {
    bool const same = equals_ignoring_case(item["name"].as_string(), name) &&
                      equals_ignoring_case(item["namespace"]["full_path"].as_string(), full_path);
    if (!same || found) return {};
    FAIRLEAD_TRY(found, schema::decode_answer<Project>(item));
    return {};
  };
  FAIRLEAD_CHECK(api.list(request, {.limit = 100}, take));
  return found;
}

Result<std::optional<Project>> find_project(action::Api& api, Input const& in) {
  FAIRLEAD_TRY(Place place, place_of(api, in));
  if (place.project_path) return find_by_path(api, place.full_path + "/" + *place.project_path);
  return find_by_name(api, in.name, place.full_path);
}

// Ours if this connection's user created it no earlier than we first tried.
Result<std::optional<Project>> find_existing(action::Context& context, Input const& in) {
  FAIRLEAD_TRY(std::optional<Project> project, find_project(context.api, in));
  if (!project) return project;
  FAIRLEAD_TRY(Json account, context.api.account());
  auto const created = parse_time(project->created_at.value_or(""));
  bool const ours = project->rest["creator_id"].as_integer(-1) == account["id"].as_integer() &&
                    created && *created + clock_slack >= context.marker.first_attempt_at;
  if (!ours) return std::optional<Project>();
  project->created = true;
  return project;
}

action::Request request(Input const& in) {
  auto out = action::post("/projects").body("name", in.name).body("path", in.path);
  if (in.name_space) out.body("namespace_id", in.name_space);
  return out.body("description", in.description)
      .body("visibility", in.visibility)
      .body("initialize_with_readme", in.initialize_with_readme)
      .body("default_branch", in.default_branch)
      .body("topics", in.topics)
      .body("template_name", in.template_name);
}

Result<Project> run(action::Context& context, Input const& in) {
  auto answer = context.api.send(request(in));
  if (answer.ok()) {
    FAIRLEAD_CHECK(action::expect_json(*answer));
    FAIRLEAD_TRY(Project project, schema::decode_answer<Project>(answer->body));
    project.created = true;
    return project;
  }
  Error error = std::move(answer).error();
  if (in.if_exists == IfExists::fail || error.kind != ErrorKind::conflict) return error;
  FAIRLEAD_TRY(std::optional<Project> existing, find_project(context.api, in));
  // Taken, and not to be seen: by a project of others, or one that is being deleted.
  if (!existing) return error;
  existing->created = false;
  return std::move(*existing);
}

}  // namespace

action::Action create_project() {
  return action::define<Input, Project>(
      {.name = "create-project",
       .title = "Create project",
       .description = "Creates a project in a group or in your own namespace.",
       .docs = "https://docs.gitlab.com/api/projects/#create-a-project",
       .effect = action::creates(find_existing),
       .scope = action::Scope::api,
       .role = action::Role::developer,
       .request = request,
       .check = check,
       .resolve = [](action::Lookup const& lookup, Input& in) -> Result<void> {
         if (in.name_space) return resolve_namespace(lookup, *in.name_space);
         return {};
       },
       .run = run});
}

}  // namespace fairlead::gitlab
