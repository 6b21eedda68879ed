#include "api/process_figures.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

namespace fairlead::api {
namespace {

constexpr double milliseconds_in_second = 1'000;

struct Used {
  double cpu_seconds{0};
  std::int64_t threads{0};
  std::int64_t resident_bytes{0};
};

// Fields of /proc/self/stat behind the program's name, which may hold blanks; see proc(5).
std::optional<Used> used() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  auto const name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(name_end + 1));
  std::vector<std::string> fields{"", "", ""};  // so that they have proc(5)'s numbers
  for (std::string field; rest >> field;)
    fields.push_back(field);
  constexpr std::size_t user = 14;
  constexpr std::size_t system = 15;
  constexpr std::size_t threads = 20;
  constexpr std::size_t resident = 24;
  if (fields.size() <= resident) return std::nullopt;
  auto const whole = [&](std::size_t i) { return std::int64_t{std::atoll(fields[i].c_str())}; };
  return Used{.cpu_seconds = static_cast<double>(whole(user) + whole(system)) /
                             static_cast<double>(::sysconf(_SC_CLK_TCK)),
              .threads = whole(threads),
              .resident_bytes = whole(resident) * ::sysconf(_SC_PAGESIZE)};
}

std::int64_t open_files() {
  std::int64_t count = 0;
  std::error_code failed;
  for (std::filesystem::directory_iterator it("/proc/self/fd", failed), end; !failed && it != end;
       it.increment(failed))
    ++count;
  return count;
}

}  // namespace

void write_process_figures(MetricText& text, Time started_at) {
  using Type = MetricText::Type;
  text.head("process_start_time_seconds", Type::gauge, "When it started, in Unix time.");
  text.line("process_start_time_seconds", {},
            static_cast<double>(started_at.time_since_epoch().count()) / milliseconds_in_second);
  text.head("process_open_fds", Type::gauge, "Open file descriptors.");
  text.line("process_open_fds", {}, open_files());
  auto const figures = used();
  if (!figures) return;
  text.head("process_cpu_seconds_total", Type::counter, "User and system time used.");
  text.line("process_cpu_seconds_total", {}, figures->cpu_seconds);
  text.head("process_resident_memory_bytes", Type::gauge, "Memory that is in RAM.");
  text.line("process_resident_memory_bytes", {}, figures->resident_bytes);
  text.head("process_threads", Type::gauge, "Threads.");
  text.line("process_threads", {}, figures->threads);
}

}  // namespace fairlead::api
