#include "workflow/yaml.h"

#include <libfyaml.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/text.h"
#include "workflow/yaml_scalar.h"

namespace fairlead::workflow {
namespace {

struct ParserDeleter {
  void operator()(fy_parser* parser) const { fy_parser_destroy(parser); }
};
struct DiagDeleter {
  void operator()(fy_diag* diag) const { fy_diag_destroy(diag); }
};

Position position_of(fy_mark const* mark) {
  return mark == nullptr ? Position{} : Position{mark->line + 1, mark->column + 1};
}

Error yaml_error(Position at, std::string message) {
  auto error =
      invalid_input("line " + std::to_string(at.line) + ", column " + std::to_string(at.column),
                    std::move(message));
  error.details = Json::object({{"line", at.line}, {"column", at.column}});
  return error;
}

// libfyaml's words are terse; the commonest get a hint.
std::string mended(std::string_view words) {
  auto text = "The text is not valid YAML: " + std::string(words) + ".";
  if (words.find("tab") != std::string_view::npos) {
    return text + " Indent with blanks, not with tabs.";
  }
  if (words.find("mapping") != std::string_view::npos ||
      words.find("plain scalar") != std::string_view::npos) {
    return text +
           " A value that holds ': ', ' #' or '${' belongs in single quotes; members of one block "
           "start in the same column.";
  }
  return text;
}

std::string text_of(fy_token* token) {
  std::size_t size = 0;
  auto const* text = token == nullptr ? nullptr : fy_token_get_text(token, &size);
  return text == nullptr ? std::string() : std::string(text, size);
}

// Reads events into nodes. One use.
class Builder {
 public:
  explicit Builder(std::string_view text);
  Result<YamlNode> build();

 private:
  class Event {
   public:
    Event(fy_parser* parser, fy_event* event) : parser_(parser), event_(event) {}
    Event(Event const&) = delete;
    Event& operator=(Event const&) = delete;
    ~Event() {
      if (event_ != nullptr) fy_parser_event_free(parser_, event_);
    }
    explicit operator bool() const { return event_ != nullptr; }
    [[nodiscard]] fy_event* get() const { return event_; }
    [[nodiscard]] fy_event_type type() const { return event_->type; }
    [[nodiscard]] Position at() const { return position_of(fy_event_start_mark(event_)); }

   private:
    fy_parser* parser_;
    fy_event* event_;
  };

  Event next() { return Event(parser_.get(), fy_parser_parse(parser_.get())); }
  [[nodiscard]] Error failure() const;
  Result<YamlNode> node(Event const& event, int depth);
  Result<YamlNode> scalar(Event const& event);
  Result<YamlNode> alias(Event const& event);
  Result<YamlNode> sequence(Event const& event, int depth);
  Result<YamlNode> mapping(Event const& event, int depth);
  struct Merge {
    YamlNode source;
    Position at;
  };
  Result<void> member(YamlNode& mapping, std::vector<Merge>& merges, Event const& event, int depth);
  Result<void> merge(YamlNode& mapping, YamlNode const& source, Position at);
  Result<void> count(std::size_t nodes, Position at);

  std::unique_ptr<fy_diag, DiagDeleter> diag_;
  std::unique_ptr<fy_parser, ParserDeleter> parser_;
  std::map<std::string, YamlNode, std::less<>> anchors_;
  std::size_t nodes_{0};
};

// JSON may be indented with tabs, which YAML forbids: libfyaml has a mode for it.
bool is_json(std::string_view text) {
  auto const trimmed = trim(text);
  return trimmed.starts_with('{') && Json::parse(trimmed).ok();
}

Builder::Builder(std::string_view text) {
  fy_diag_cfg diag_cfg{};
  fy_diag_cfg_default(&diag_cfg);
  diag_cfg.fp = nullptr;
  diag_.reset(fy_diag_create(&diag_cfg));
  fy_diag_set_collect_errors(diag_.get(), true);
  fy_parse_cfg cfg{};
  auto flags = static_cast<unsigned>(FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2);
  flags |= static_cast<unsigned>(is_json(text) ? FYPCF_JSON_FORCE : FYPCF_JSON_NONE);
  cfg.flags = static_cast<fy_parse_cfg_flags>(flags);
  cfg.diag = diag_.get();
  parser_.reset(fy_parser_create(&cfg));
  if (parser_) fy_parser_set_string(parser_.get(), text.data(), text.size());
}

Error Builder::failure() const {
  void* previous = nullptr;
  auto const* found = fy_diag_errors_iterate(diag_.get(), &previous);
  if (found == nullptr) return yaml_error({}, "The text is not valid YAML.");
  return yaml_error({std::max(found->line, 0) + (found->line > 0 ? 0 : 1),
                     std::max(found->column, 0) + (found->column > 0 ? 0 : 1)},
                    mended(found->msg));
}

Result<void> Builder::count(std::size_t nodes, Position at) {
  nodes_ += nodes;
  if (nodes_ <= yaml_nodes_max) return {};
  return yaml_error(at, "The document has more than " + with_thousands(yaml_nodes_max) +
                            " values once its aliases are expanded. Split it, or repeat less.");
}

std::size_t size_of(YamlNode const& node) {
  std::size_t sum = 1;
  for (auto const& item : node.items)
    sum += size_of(item);
  for (auto const& member : node.members)
    sum += size_of(member.value);
  return sum;
}

Result<YamlNode> Builder::alias(Event const& event) {
  auto const name = text_of(event.get()->alias.anchor);
  auto const found = anchors_.find(name);
  if (found == anchors_.end()) {
    return yaml_error(event.at(), "The alias *" + name + " has no anchor &" + name + " before it.");
  }
  FAIRLEAD_CHECK(count(size_of(found->second), event.at()));
  return found->second;
}

Result<YamlNode> Builder::scalar(Event const& event) {
  YamlNode node;
  node.at = event.at();
  auto* token = event.get()->scalar.value;
  auto text = text_of(token);
  auto* tag_token = event.get()->scalar.tag;
  auto const tag = text_of(tag_token);
  auto const plain = token == nullptr || fy_token_scalar_style(token) == FYSS_PLAIN;
  if (!plain || tag.ends_with("str")) {
    node.scalar = Json(std::move(text));
    return node;
  }
  auto value = resolve_plain_scalar(text);
  if (!value) return yaml_error(node.at, "'" + text + "' is no number that JSON can hold.");
  node.scalar = std::move(*value);
  if (!node.scalar.is_string()) node.written = std::move(text);
  return node;
}

Result<YamlNode> Builder::sequence(Event const& event, int depth) {
  YamlNode node;
  node.kind = YamlNode::Kind::sequence;
  node.at = event.at();
  for (;;) {
    auto const item = next();
    if (!item) return failure();
    if (item.type() == FYET_SEQUENCE_END) return node;
    FAIRLEAD_TRY(auto value, this->node(item, depth + 1));
    node.items.push_back(std::move(value));
  }
}

Result<void> Builder::merge(YamlNode& mapping, YamlNode const& source, Position at) {
  if (source.kind == YamlNode::Kind::sequence) {
    for (auto const& item : source.items)
      FAIRLEAD_CHECK(merge(mapping, item, at));
    return {};
  }
  if (source.kind != YamlNode::Kind::mapping) {
    return yaml_error(at, "The merge key << takes an alias of a mapping, or a list of them.");
  }
  for (auto const& member : source.members) {
    if (mapping.find(member.key) == nullptr) mapping.members.push_back(member);
  }
  return {};
}

Result<void> Builder::member(YamlNode& mapping, std::vector<Merge>& merges, Event const& event,
                             int depth) {
  if (event.type() != FYET_SCALAR) {
    return yaml_error(event.at(), "A key must be a simple word, not a list or a mapping.");
  }
  YamlMember member;
  member.at = event.at();
  auto* token = event.get()->scalar.value;
  member.key = text_of(token);
  auto const is_merge = member.key == "<<" && fy_token_scalar_style(token) == FYSS_PLAIN;
  auto const value_event = next();
  if (!value_event) return failure();
  FAIRLEAD_TRY(member.value, node(value_event, depth + 1));
  if (is_merge) {
    merges.push_back({std::move(member.value), member.at});
    return {};
  }
  if (auto const* first = mapping.find(member.key)) {
    return yaml_error(member.at, "The key '" + member.key +
                                     "' is written twice; the first stands in line " +
                                     std::to_string(first->at.line) + ".");
  }
  mapping.members.push_back(std::move(member));
  return {};
}

Result<YamlNode> Builder::mapping(Event const& event, int depth) {
  YamlNode node;
  node.kind = YamlNode::Kind::mapping;
  node.at = event.at();
  std::vector<Merge> merges;
  for (;;) {
    auto const key = next();
    if (!key) return failure();
    if (key.type() == FYET_MAPPING_END) break;
    FAIRLEAD_CHECK(member(node, merges, key, depth));
  }
  // Last, so that what is written here wins wherever the << stands.
  for (auto const& [source, at] : merges)
    FAIRLEAD_CHECK(merge(node, source, at));
  return node;
}

Result<YamlNode> Builder::node(Event const& event, int depth) {
  if (depth > yaml_depth_max) {
    return yaml_error(event.at(),
                      "The document nests deeper than " + std::to_string(yaml_depth_max) + ".");
  }
  if (event.type() == FYET_ALIAS) return alias(event);
  FAIRLEAD_CHECK(count(1, event.at()));
  Result<YamlNode> built = YamlNode{};
  fy_token* anchor = nullptr;
  switch (event.type()) {
    case FYET_SCALAR:
      built = scalar(event);
      anchor = event.get()->scalar.anchor;
      break;
    case FYET_SEQUENCE_START:
      built = sequence(event, depth);
      anchor = event.get()->sequence_start.anchor;
      break;
    case FYET_MAPPING_START:
      built = mapping(event, depth);
      anchor = event.get()->mapping_start.anchor;
      break;
    default:
      return yaml_error(event.at(), "The document is empty here.");
  }
  if (built.ok() && anchor != nullptr) anchors_.insert_or_assign(text_of(anchor), *built);
  return built;
}

Result<YamlNode> Builder::build() {
  if (!parser_) return make_error(ErrorKind::internal, "libfyaml could not make a parser.");
  std::optional<YamlNode> root;
  for (;;) {
    auto const event = next();
    if (!event) return failure();
    switch (event.type()) {
      case FYET_STREAM_START:
      case FYET_DOCUMENT_END:
        break;
      case FYET_STREAM_END:
        if (!root) return yaml_error({}, "The document is empty.");
        return std::move(*root);
      case FYET_DOCUMENT_START: {
        if (root) {
          return yaml_error(event.at(),
                            "A second document starts here: one file holds one workflow.");
        }
        auto const content = next();
        if (!content) return failure();
        FAIRLEAD_TRY(root, node(content, 1));
        break;
      }
      default:
        return failure();
    }
  }
}

}  // namespace

YamlMember const* YamlNode::find(std::string_view name) const {
  for (auto const& member : members) {
    if (member.key == name) return &member;
  }
  return nullptr;
}

Result<YamlNode> parse_yaml(std::string_view text) {
  if (text.size() > yaml_bytes_max) {
    return yaml_error({}, "The document has " +
                              with_thousands(static_cast<long long>(text.size())) +
                              " bytes; at most " + with_thousands(yaml_bytes_max) + " are read.");
  }
  if (!valid_utf8(text) || text.find('\0') != std::string_view::npos) {
    return yaml_error({}, "The document is not UTF-8 text.");
  }
  return Builder(text).build();
}

Json to_json(YamlNode const& node) {
  if (node.kind == YamlNode::Kind::scalar) return node.scalar;
  if (node.kind == YamlNode::Kind::sequence) {
    auto json = Json::array();
    for (auto const& item : node.items)
      json.push_back(to_json(item));
    return json;
  }
  Json::Object members;
  members.reserve(node.members.size());
  for (auto const& member : node.members)
    members.emplace_back(member.key, to_json(member.value));
  return Json::from_object(std::move(members));
}

std::string_view kind_name(YamlNode const& node) {
  if (node.kind == YamlNode::Kind::sequence) return "a list";
  if (node.kind == YamlNode::Kind::mapping) return "a mapping";
  switch (node.scalar.type()) {
    case Json::Type::null:
      return "nothing";
    case Json::Type::boolean:
      return "true or false";
    case Json::Type::integer:
    case Json::Type::number:
      return "a number";
    default:
      return "a text";
  }
}

}  // namespace fairlead::workflow
