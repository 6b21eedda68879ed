#include "cli/session.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/text.h"
#include "net/url.h"

namespace fairlead::cli {
namespace {

constexpr std::size_t file_bytes_max = 16u << 20;
constexpr std::size_t words_max = 60;

Result<std::string> read_stream(std::istream& in, std::string const& name) {
  std::string text;
  std::string piece(64u << 10, '\0');
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > file_bytes_max) return invalid_input(name, name + " is larger than 16 MiB.");
  }
  return text;
}

}  // namespace

Result<std::string> read_text(Session& session, std::string const& name) {
  if (name == "-") return read_stream(session.in, "standard input");
  std::string const path = name.starts_with('@') ? name.substr(1) : name;
  if (std::error_code none; std::filesystem::is_directory(path, none)) {
    Error error = invalid_input(path, "The path " + path + " is a folder, no file.");
    error.remedy = "Name the files in it. A folder of workflows: `fairlead workflow plan " + path +
                   "` checks all of them.";
    return error;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    Error error = make_error(ErrorKind::not_found, "The file " + path + " cannot be opened.");
    error.remedy = "Check the path and that this user may read it.";
    return error;
  }
  return read_stream(file, path);
}

Result<Json> read_json(Session& session, std::string const& text) {
  bool const inline_text = text != "-" && !text.starts_with('@');
  std::string content = text;
  if (!inline_text) {
    FAIRLEAD_TRY(content, read_text(session, text));
  }
  auto json = Json::parse(content);
  if (json.ok()) return json;
  Error error = std::move(json).error();
  std::string const what = inline_text   ? shorten(text, words_max)
                           : text == "-" ? "What came on standard input"
                                         : "The file " + text.substr(1);
  error.message = what + ": " + error.message + ".";
  return error;
}

std::string segment(std::string_view text) { return net::percent_encode(text); }

}  // namespace fairlead::cli
