// References: how people name a project, group, user, issue or pipeline: by number, path, name or
// pasted URL.
//
// Decoding checks the form only. A pasted URL becomes a path in bind(), which knows the
// connection's own root (port and sub-path) and refuses URLs of other hosts; names of users become
// ids in users.h. Values; any thread.
// Source: https://docs.gitlab.com/api/rest/#namespaced-paths (19.5): a path is one segment, "/" as
// %2F.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "action/define.h"
#include "base/result.h"
#include "schema/codec.h"

namespace fairlead::gitlab {

struct ProjectRef {
  std::string text;  // "12", "ops/incidents", or a URL until bound
};
struct GroupRef {
  std::string text;  // "12", "ops" or "ops/infra", or a URL until bound
};
// A number, "ops/incidents#42", or a URL until bound.
struct IssueRef {
  std::int64_t iid{0};
  std::string project;  // where the text says it
  std::string url;
};
struct PipelineRef {
  std::int64_t id{0};
  std::string project;
  std::string url;
};
struct UserRef {
  std::string text;    // "12", "alice" (without @), or "alice@example.com"
  std::int64_t id{0};  // 0 until resolved
  [[nodiscard]] bool is_email() const { return text.find('@') != std::string::npos; }
};

// The number if the text is one, else 0.
std::int64_t number_of(std::string_view text);

// The "id" of what GitLab answered with; `what` is "the project", for people. corrupt: it has none.
Result<std::int64_t> id_of(Json const& answer, std::string_view what);

// What a pasted URL points at: "ops/incidents" and, where there is one, ("issues", 42).
struct Pasted {
  std::string path;
  std::string kind;
  std::int64_t number{0};
};
// Errors: invalid_input naming both hosts if it is a URL of another server, or what is wrong with
// the URL.
Result<Pasted> read_pasted_url(std::string_view url, std::string_view base_url);

// Replaces a pasted URL by what it points at. Without an api (a dry run without a connection) the
// URL's own host is taken for the root. `where` names the field in errors.
Result<void> bind(action::Lookup const& lookup, ProjectRef& project, std::string_view where);
Result<void> bind(action::Lookup const& lookup, GroupRef& group, std::string_view where);
// The project may be left out if the issue or pipeline says it; if both do, they must agree.
Result<void> bind(action::Lookup const& lookup, std::optional<ProjectRef>& project,
                  IssueRef& issue);
Result<void> bind(action::Lookup const& lookup, std::optional<ProjectRef>& project,
                  PipelineRef& pipeline);
// For checks before there is a connection: is the project said anywhere?
Result<void> check_project_said(std::optional<ProjectRef> const& project, IssueRef const& issue);
Result<void> check_project_said(std::optional<ProjectRef> const& project,
                                PipelineRef const& pipeline);

inline std::string path_segment(ProjectRef const& project) { return project.text; }
inline std::string path_segment(GroupRef const& group) { return group.text; }
inline std::string path_segment(IssueRef const& issue) { return std::to_string(issue.iid); }
inline std::string path_segment(PipelineRef const& pipeline) { return std::to_string(pipeline.id); }
std::string path_segment(UserRef const& user);

// "ops/incidents#42", for messages.
std::string words_for(std::optional<ProjectRef> const& project, IssueRef const& issue);

}  // namespace fairlead::gitlab

namespace fairlead::schema {

// One codec for all: a number or a text, read by gitlab::read_ref.
template <class T>
struct RefCodec {
  static void decode(Json const& json, T& out, Reader& reader);
  static Json encode(T const& value);
  static Json schema(Unknown unknown);
};
template <>
struct Codec<gitlab::ProjectRef> : RefCodec<gitlab::ProjectRef> {};
template <>
struct Codec<gitlab::GroupRef> : RefCodec<gitlab::GroupRef> {};
template <>
struct Codec<gitlab::IssueRef> : RefCodec<gitlab::IssueRef> {};
template <>
struct Codec<gitlab::PipelineRef> : RefCodec<gitlab::PipelineRef> {};
template <>
struct Codec<gitlab::UserRef> : RefCodec<gitlab::UserRef> {};

}  // namespace fairlead::schema
