#include <array>

#include <algorithm>

#include "access/secret_source.h"
#include "base/text.h"
#include "workflow/policies.h"
#include "workflow/read.h"
#include "workflow/version.h"

namespace fairlead::workflow {
namespace {

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  return text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
         std::string_view::npos;
}

std::string read_label(Reader& reader, Place const& parent, std::string_view key) {
  auto const place = reader.require(parent, key, "'document'");
  if (!place) return {};
  auto text = reader.text(*place, "'" + std::string(key) + "'");
  if (!text.empty() && !is_label(text)) {
    reader.error(*place, {"wrong-value",
                          "'" + std::string(key) +
                              "' must be 1 to 63 letters, digits and hyphens, with no hyphen "
                              "at either end; '" +
                              shorten(text, 70) + "' is not.",
                          text});
  }
  return text;
}

std::string read_dsl(Reader& reader, Place const& parent) {
  auto const place = reader.require(parent, "dsl", "'document'");
  if (!place) return {};
  auto text = reader.text(*place, "'dsl'");
  static constexpr std::array<std::string_view, 4> known{"1.0.0", "1.0.1", "1.0.2", "1.0.3"};
  if (!text.empty() && std::find(known.begin(), known.end(), text) == known.end()) {
    reader.error(*place, {"wrong-value",
                          "'dsl' " + shorten(text, 40) +
                              " is not known here. Versions 1.0.0 to 1.0.3 of the Open "
                              "Workflow DSL are read; write dsl: '1.0.3'.",
                          text, "1.0.3"});
  }
  return text;
}

Json read_any_mapping(Reader& reader, Place const& parent, std::string_view key) {
  auto const place = Reader::get(parent, key);
  if (!place || !reader.is_mapping(*place, "'" + std::string(key) + "'")) return {};
  return to_json(*place->node);
}

void read_header(Reader& reader, Place const& root, Document& document) {
  auto const place = reader.require(root, "document", "The workflow");
  if (!place || !reader.mapping(*place, "'document'",
                                {"dsl", "namespace", "name", "version", "title", "summary", "tags",
                                 "metadata"})) {
    return;
  }
  document.dsl = read_dsl(reader, *place);
  document.workflow_namespace = read_label(reader, *place, "namespace");
  document.name = read_label(reader, *place, "name");
  if (auto const version = reader.require(*place, "version", "'document'")) {
    document.version = reader.text(*version, "'version'");
    if (!document.version.empty() && !is_version(document.version)) {
      reader.error(*version, {"wrong-value",
                              "'version' must be a semantic version of three numbers, as "
                              "in '1.0.0'; '" +
                                  shorten(document.version, 40) + "' is not.",
                              document.version});
    }
  }
  document.title = reader.text_or(*place, "title", "");
  document.summary = reader.text_or(*place, "summary", "");
  document.tags = read_any_mapping(reader, *place, "tags");
  document.metadata = read_any_mapping(reader, *place, "metadata");
  if (auto const metadata = Reader::get(*place, "metadata")) check_policies(reader, *metadata);
}

void read_evaluate(Reader& reader, Place const& root) {
  auto const place = Reader::get(root, "evaluate");
  if (!place || !reader.mapping(*place, "'evaluate'", {"language", "mode"})) return;
  if (auto const language = Reader::get(*place, "language")) {
    auto const text = reader.text(*language, "'language'");
    if (!text.empty() && text != "jq") {
      reader.error(*language, {"refused",
                               "Expressions in '" + shorten(text, 40) +
                                   "' are not run by Fairlead. Instead: write them in jq.",
                               text, "jq"});
    }
  }
  if (auto const mode = Reader::get(*place, "mode")) {
    auto const text = reader.word(*mode, "'mode'", {"strict", "loose"});
    if (text == "loose") {
      reader.error(*mode, {"refused",
                           "The mode 'loose' is not run by Fairlead: in it any text might be a "
                           "program. Instead: write expressions as '${ ... }' and leave "
                           "'mode' out.",
                           text, "strict"});
    }
  }
}

std::vector<std::string> names_in(Place const& place) {
  std::vector<std::string> names;
  for (auto const& member : place.node->members)
    names.push_back(member.key);
  return names;
}

void read_secrets(Reader& reader, Place const& use, Shared& shared) {
  auto const place = Reader::get(use, "secrets");
  if (!place || !reader.sequence(*place, "'use.secrets'")) return;
  for (std::size_t i = 0; i < place->node->items.size(); ++i) {
    auto const item = place->item(i);
    shared.secrets.push_back(reader.text(item, "The name of a secret"));
    if (shared.secrets.back().empty() || access::is_secret_name(shared.secrets.back())) continue;
    reader.error(item, {"wrong-value",
                        "'" + shorten(shared.secrets.back(), 60) +
                            "' is no name of a secret: letters, digits, - and _, at most 64.",
                        shared.secrets.back()});
  }
}

void read_catalogs(Reader& reader, Place const& use) {
  auto const place = Reader::get(use, "catalogs");
  if (!place || !reader.is_mapping(*place, "'use.catalogs'")) return;
  for (auto const& member : place->node->members) {
    if (member.key == "gitlab" || member.key == "default") continue;
    reader.error_at(member.at, place->pointer + "/" + pointer_token(member.key),
                    {"not-yet",
                     "The catalog '" + shorten(member.key, 60) +
                         "' lies on another server, which this version does not read. Instead: "
                         "use the built-in catalogs 'gitlab' and 'default', or copy the "
                         "functions into 'use.functions'.",
                     member.key});
  }
}

// Everything of `use` but functions and authentications, which need the rest.
void read_named(Context context, Place const& use, Shared& shared) {
  auto& reader = context.reader;
  auto const each = [&](std::string_view key, auto const& read) {
    auto const place = Reader::get(use, key);
    if (!place || !reader.is_mapping(*place, "'use." + std::string(key) + "'")) return;
    for (auto const& member : place->node->members)
      read(member.key, place->member(member));
  };
  each("retries", [&](std::string const& name, Place const& place) {
    shared.retries.emplace(name, read_retry(reader, place));
  });
  each("errors", [&](std::string const& name, Place const& place) {
    shared.errors.emplace(name, read_error(reader, place));
  });
  each("timeouts", [&](std::string const& name, Place const& place) {
    if (auto timeout = read_timeout(context, place)) shared.timeouts.emplace(name, *timeout);
  });
}

void read_use(Reader& reader, Place const& root, Shared& shared, Document& document) {
  auto const use = Reader::get(root, "use");
  if (!use || !reader.mapping(*use, "'use'",
                              {"authentications", "errors", "extensions", "functions", "retries",
                               "secrets", "timeouts", "catalogs"})) {
    return;
  }
  Context const context{reader, shared};
  read_secrets(reader, *use, shared);
  read_catalogs(reader, *use);
  read_named(context, *use, shared);
  if (auto const extensions = Reader::get(*use, "extensions")) {
    reader.error_at(use->node->find("extensions")->at, extensions->pointer,
                    {"not-yet",
                     "Extensions are not run by this version. Instead: put the tasks where "
                     "they belong, or into 'use.functions'.",
                     "extensions"});
  }
  auto const authentications = Reader::get(*use, "authentications");
  if (authentications && reader.is_mapping(*authentications, "'use.authentications'")) {
    shared.authentications = names_in(*authentications);
    for (auto const& member : authentications->node->members) {
      read_authentication(context, authentications->member(member));
    }
    document.authentications = reader.value(*authentications);
  }
  auto const functions = Reader::get(*use, "functions");
  if (!functions || !reader.is_mapping(*functions, "'use.functions'")) return;
  shared.functions = names_in(*functions);
  for (auto const& member : functions->node->members) {
    document.functions.emplace(
        member.key, std::make_shared<Task const>(
                        read_task(context, functions->member(member), member.key, member.at, {})));
  }
}

void read_data_flow(Reader& reader, Place const& root, Document& document) {
  if (auto const input = Reader::get(root, "input");
      input && reader.mapping(*input, "'input'", {"from", "schema"})) {
    if (auto const from = Reader::get(*input, "from")) {
      document.input_from = reader.transform(*from, "'input.from'");
    }
    if (auto const schema = Reader::get(*input, "schema")) {
      document.input_schema = read_schema(reader, *schema);
    }
  }
  if (auto const output = Reader::get(root, "output");
      output && reader.mapping(*output, "'output'", {"as", "schema"})) {
    if (auto const as = Reader::get(*output, "as")) {
      document.output_as = reader.transform(*as, "'output.as'");
    }
    if (auto const schema = Reader::get(*output, "schema")) {
      document.output_schema = read_schema(reader, *schema);
    }
  }
}

}  // namespace

std::optional<DurationValue> read_timeout(Context context, Place const& place) {
  auto& reader = context.reader;
  if (place.node->is_string()) {
    auto const& name = place.node->scalar.as_string();
    auto const found = context.shared.timeouts.find(name);
    if (found != context.shared.timeouts.end()) return found->second;
    std::vector<std::string> names;
    for (auto const& [known, unused] : context.shared.timeouts)
      names.push_back(known);
    auto const near = nearest_name(name, names);
    reader.error(place,
                 {"unknown-name",
                  "There is no '" + shorten(name, 60) + "' in 'use.timeouts'." +
                      (near ? " Did you mean '" + *near + "'?"
                            : std::string(" A time-out of its own is written {after: PT15M}.")),
                  name, near.value_or("")});
    return std::nullopt;
  }
  if (!reader.mapping(place, "'timeout'", {"after"})) return std::nullopt;
  auto const after = reader.require(place, "after", "'timeout'");
  return after ? reader.duration_or_expression(*after) : std::nullopt;
}

std::optional<Place> schedule_policy(Place const& root) {
  auto const document = Reader::get(root, "document");
  auto const metadata = document ? Reader::get(*document, "metadata") : std::nullopt;
  return metadata ? Reader::get(*metadata, "schedule") : std::nullopt;
}

Document read_document(Reader& reader, Place const& root) {
  Document document;
  document.authentications = Json::object();
  document.tasks = std::make_shared<TaskList const>();
  if (!reader.mapping(
          root, "a workflow",
          {"document", "input", "use", "do", "timeout", "output", "schedule", "evaluate"})) {
    return document;
  }
  read_header(reader, root, document);
  read_evaluate(reader, root);
  Shared names;
  read_use(reader, root, names, document);
  document.secrets = names.secrets;
  read_data_flow(reader, root, document);
  Context const context{reader, names};
  if (auto const schedule = Reader::get(root, "schedule")) {
    document.schedule = read_schedule(reader, *schedule, schedule_policy(root));
  }
  if (auto const timeout = Reader::get(root, "timeout")) {
    document.timeout = read_timeout(context, *timeout);
  }
  if (auto const list = reader.require(root, "do", "The workflow")) {
    document.tasks = std::make_shared<TaskList const>(read_task_list(context, *list, "'do'"));
  }
  return document;
}

}  // namespace fairlead::workflow
