#include "api/templates.h"

#include "api/workflow_json.h"
#include "workflow/parse.h"
#include "workflow/templates.h"

namespace fairlead::api {
namespace {

using workflow::TemplateField;

Json field_json(TemplateField const& field) {
  Json json = Json::object({{"name", field.name},
                            {"label", field.label},
                            {"help", field.description},
                            {"kind", field.kind},
                            {"parent", field.parent},
                            {"default", field.value},
                            {"required", field.needed == TemplateField::Needed::yes}});
  Json choices = Json::array();
  for (auto const& choice : field.choices)
    choices.push_back(choice);
  json.set("choices", std::move(choices));
  return json;
}

// "createIssue" as "create issue".
std::string spaced(std::string_view name) {
  std::string words;
  for (char const c : name) {
    bool const upper = c >= 'A' && c <= 'Z';
    if (upper && !words.empty()) words += ' ';
    words += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return words;
}

Json template_json(workflow::Template const& item) {
  Json fields = Json::array();
  for (auto const& field : item.fields)
    fields.push_back(field_json(field));
  Json json = Json::object({{"id", item.name},
                            {"name", item.name},
                            {"title", item.title},
                            {"summary", item.summary},
                            {"useCase", item.use_case},
                            {"fields", std::move(fields)},
                            {"sampleEvent", item.sample_event},
                            {"source", item.source}});
  auto const document = workflow::parse(item.source);
  FAIRLEAD_ASSERT(document.ok(), "a template that is built in must parse");
  Json steps = Json::array();
  for (auto const& task : *(*document)->tasks)
    if (task.name != "settings") steps.push_back(spaced(task.name));
  json.set("steps", std::move(steps));
  json.set("trigger", starts_on(**document));
  return json;
}

Result<net::ServerResponse> list() {
  Json items = Json::array();
  for (auto const& item : workflow::templates())
    items.push_back(template_json(item));
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

Result<net::ServerResponse> make(Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"name", "values"}));
  FAIRLEAD_TRY(auto const name, text_of(body, "name"));
  Json const values = body["values"].is_null() ? Json::object() : body["values"];
  if (!values.is_object())
    return invalid_input("values", "\"values\" is an object: {field: value}.");
  FAIRLEAD_TRY(auto source, workflow::instantiate(call.request.param("id"), name, values));
  return net::json_response(200, Json::object({{"source", std::move(source)}}));
}

}  // namespace

std::vector<Endpoint> template_endpoints() {
  using access::Role;
  using net::Method;
  return {{Method::get, "/api/v1/templates", Role::viewer, "List workflow templates",
           [](Call const&) { return list(); }},
          {Method::post, "/api/v1/templates/{id}/instantiate", Role::author,
           "Make a workflow's text of a template", [](Call const& call) { return make(call); }}};
}

}  // namespace fairlead::api
