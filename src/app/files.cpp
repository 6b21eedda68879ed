#include "app/files.h"

#include <fstream>

namespace fairlead::app {
namespace {

constexpr std::size_t bytes_max = 1u << 20;

}  // namespace

Result<std::string> read_small_file(std::filesystem::path const& path) {
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string text(bytes_max + 1, '\0');
  if (!file || (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && file.bad())) {
    Error error =
        make_error(ErrorKind::not_found, "The file " + path.string() + " cannot be read.");
    error.remedy = "Check the path and that this user may read it.";
    return error;
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > bytes_max)
    return invalid_input(path.string(), "The file " + path.string() + " is larger than 1 MiB.");
  return text;
}

Result<void> write_small_file(std::filesystem::path const& path, std::string const& text) {
  std::filesystem::path fresh = path;
  fresh += ".new";
  {
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file << text;
    if (!file.flush())
      return make_error(ErrorKind::unavailable,
                        "The file " + path.string() + " cannot be written.");
  }
  std::error_code code;
  std::filesystem::rename(fresh, path, code);
  if (code)
    return make_error(ErrorKind::unavailable,
                      "The file " + path.string() + " cannot be written: " + code.message());
  return {};
}

}  // namespace fairlead::app
