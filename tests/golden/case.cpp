#include "tests/golden/case.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "testing/files.h"

namespace fairlead::golden {
namespace {

constexpr std::string_view mark = "=== ";

std::vector<Section> sections_of(std::string_view text) {
  std::vector<Section> list;
  list.push_back({"comment", ""});
  for (std::string const& line : split(text, '\n')) {
    if (line.starts_with(mark)) {
      list.push_back({line.substr(mark.size()), ""});
    } else {
      list.back().text += line + "\n";
    }
  }
  for (Section& section : list) {
    while (section.text.ends_with('\n'))
      section.text.pop_back();
  }
  return list;
}

Json json_of(Section const& section) {
  auto parsed = Json::parse(section.text);
  if (parsed.ok()) return std::move(parsed).value();
  ADD_FAILURE() << "=== " << section.name << " is not JSON: " << describe(parsed.error());
  return {};
}

bool usual(std::string_view header) {
  std::string const name = to_lower_ascii(header);
  return name == "accept" || name == "user-agent" || name == "content-type";
}

void add_section(std::string& out, std::string_view name, std::string_view text) {
  out += std::string(mark) + std::string(name) + "\n";
  if (!text.empty()) out += std::string(text) + "\n";
}

}  // namespace

Case parse_case(std::string_view text) {
  Case read;
  for (Section& section : sections_of(text)) {
    if (section.name == "comment") {
      read.comment = section.text;
    } else if (section.name == "setup") {
      read.setup = json_of(section);
    } else if (section.name == "input") {
      read.input = json_of(section);
    } else if (section.name == "request") {
      read.exchanges.push_back({section.text, ""});
    } else if (section.name == "response") {
      EXPECT_FALSE(read.exchanges.empty()) << "a response without a request";
      if (!read.exchanges.empty()) read.exchanges.back().response = section.text;
    } else if (section.name == "output" || section.name == "error" || section.name == "wait" ||
               section.name == "adopted") {
      read.outcome.push_back(std::move(section));
    } else {
      ADD_FAILURE() << "unknown section === " << section.name;
    }
  }
  return read;
}

std::string format_case(Case const& read) {
  std::string out = read.comment + "\n";
  if (!read.setup.is_null()) add_section(out, "setup", read.setup.pretty());
  add_section(out, "input", read.input.pretty());
  for (Exchange const& exchange : read.exchanges) {
    add_section(out, "request", exchange.request);
    add_section(out, "response", exchange.response);
  }
  for (Section const& section : read.outcome)
    add_section(out, section.name, section.text);
  return out;
}

std::string request_text(net::HttpRequest const& request) {
  std::string url = request.url;
  if (url.starts_with(base_url)) url.erase(0, base_url.size());
  std::string out = std::string(net::to_string(request.method)) + " " + url;
  for (net::Header const& header : request.headers) {
    if (!usual(header.name)) out += "\n" + header.name + ": " + header.value;
  }
  if (request.authorization.reveal() != "Bearer golden-token") out += "\n(not signed)";
  if (request.body.empty()) return out;
  auto const body = Json::parse(request.body);
  return out + "\n\n" + (body.ok() ? body->pretty() : request.body);
}

Result<net::HttpResponse> response_of(std::string const& text) {
  for (ErrorKind const kind : {ErrorKind::unavailable, ErrorKind::uncertain}) {
    std::string const prefix = std::string(to_string(kind)) + ": ";
    if (text.starts_with(prefix)) return make_error(kind, text.substr(prefix.size()));
  }
  net::HttpResponse response;
  std::size_t const blank = text.find("\n\n");
  std::vector<std::string> const lines = split(text.substr(0, blank), '\n');
  response.status = std::atoi(lines.front().c_str());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::size_t const colon = lines[i].find(": ");
    EXPECT_NE(colon, std::string::npos) << "not a header: " << lines[i];
    if (colon != std::string::npos)
      response.headers.add(lines[i].substr(0, colon), lines[i].substr(colon + 2));
  }
  if (blank != std::string::npos) response.body = text.substr(blank + 2);
  bool const json = response.body.starts_with('{') || response.body.starts_with('[');
  if (!response.body.empty() && !response.headers.contains("content-type")) {
    response.headers.add("content-type", json ? "application/json" : "text/plain");
  }
  return response;
}

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  auto const folder = testing::repository_root() / "tests/golden/gitlab";
  for (auto const& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace fairlead::golden
