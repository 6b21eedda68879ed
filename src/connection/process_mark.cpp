#include "connection/process_mark.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "base/text.h"

namespace fairlead::connection {
namespace {

constexpr std::size_t start_time_field = 19;  // of /proc/<pid>/stat, counted after the name

std::string first_line(std::string const& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// "" if there is no such process.
std::string start_time(std::string const& process) {
  std::string const line = first_line("/proc/" + process + "/stat");
  // The name stands in parentheses and may hold anything.
  std::size_t const name_end = line.rfind(')');
  if (name_end == std::string::npos) return "";
  auto const fields = split(std::string_view(line).substr(name_end + 2), ' ');
  if (fields.size() <= start_time_field || fields.front() == "Z") return "";
  return std::string(fields[start_time_field]);
}

// What process numbers mean something in.
std::string place() {
  std::error_code none;
  auto const space = std::filesystem::read_symlink("/proc/self/ns/pid", none);
  return first_line("/proc/sys/kernel/random/boot_id") + "/" + space.string();
}

}  // namespace

std::string process_mark() {
  std::string const process = std::to_string(::getpid());
  return place() + "/" + process + "/" + start_time(process);
}

bool may_live(std::string_view mark) {
  std::string const here = place() + "/";
  if (mark.empty()) return false;
  if (mark.substr(0, here.size()) != here) return true;
  auto const parts = split(mark.substr(here.size()), '/');
  return parts.size() == 2 && start_time(std::string(parts[0])) == parts[1];
}

}  // namespace fairlead::connection
