#include "testing/files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/assert.h"
#include "base/text.h"

namespace fairlead::testing {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> root_above(fs::path folder) {
  for (; !folder.empty(); folder = folder.parent_path()) {
    if (fs::exists(folder / "layers.txt")) return folder;
    if (folder == folder.root_path()) break;
  }
  return std::nullopt;
}

fs::path find_root() {
  char const* told = std::getenv("FAIRLEAD_ROOT");
  if (told != nullptr) return told;
  std::error_code ignored;
  if (auto root = root_above(fs::current_path(ignored))) return *root;
  auto root = root_above(fs::read_symlink("/proc/self/exe", ignored).parent_path());
  FAIRLEAD_ASSERT(root.has_value(), "run tests inside the repository or set FAIRLEAD_ROOT");
  return *root;
}

enum class Edit : std::uint8_t { same, removed, added };
struct DiffLine {
  Edit edit;
  std::string text;
};

// The table of a longest common subsequence is quadratic; above this only the ends are compared.
constexpr std::size_t diff_cells_max = 16'000'000;

// Plain dynamic programme over the lines; length[i][j] is that of before[i..] and after[j..].
std::vector<DiffLine> diff_lines(std::vector<std::string> const& before,
                                 std::vector<std::string> const& after) {
  std::size_t const width = after.size() + 1;
  std::vector<std::uint32_t> length((before.size() + 1) * width);
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      length[i * width + j] =
          before[i] == after[j] ? length[(i + 1) * width + j + 1] + 1
                                : std::max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  std::vector<DiffLine> out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      out.push_back({Edit::same, before[i++]});
      ++j;
    } else if (j == after.size() ||
               (i < before.size() && length[(i + 1) * width + j] >= length[i * width + j + 1])) {
      out.push_back({Edit::removed, before[i++]});
    } else {
      out.push_back({Edit::added, after[j++]});
    }
  }
  return out;
}

bool near_change(std::vector<DiffLine> const& lines, std::size_t at) {
  constexpr std::size_t context = 3;
  std::size_t const first = at < context ? 0 : at - context;
  std::size_t const last = std::min(lines.size(), at + context + 1);
  return std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(first),
                     lines.begin() + static_cast<std::ptrdiff_t>(last),
                     [](DiffLine const& line) { return line.edit != Edit::same; });
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "fairlead-test-XXXXXX").string();
  FAIRLEAD_ASSERT(::mkdtemp(name.data()) != nullptr, "the temporary folder can be written");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path const& repository_root() {
  static fs::path const root = find_root();
  return root;
}

std::optional<fs::path> shared_folder() {
  fs::path const folder = repository_root().parent_path() / "shared";
  if (!fs::is_directory(folder)) return std::nullopt;
  return folder;
}

std::optional<std::string> read_file(fs::path const& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void write_file(fs::path const& path, std::string_view text) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.flush();
  FAIRLEAD_ASSERT(out.good(), "the file of the test can be written");
}

std::string line_diff(std::string_view before, std::string_view after) {
  if (before == after) return "";
  std::vector<std::string> const old_lines = split(before, '\n');
  std::vector<std::string> const new_lines = split(after, '\n');
  if (old_lines.size() * new_lines.size() > diff_cells_max) {
    return "too large to compare line by line (" + std::to_string(before.size()) + " and " +
           std::to_string(after.size()) + " bytes)\n";
  }
  std::vector<DiffLine> const lines = diff_lines(old_lines, new_lines);
  std::string out;
  bool skipped = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!near_change(lines, i)) {
      skipped = true;
      continue;
    }
    if (skipped) out += "...\n";
    skipped = false;
    out += " -+"[static_cast<std::size_t>(lines[i].edit)] + lines[i].text + "\n";
  }
  return out;
}

void expect_golden(std::string_view actual, fs::path const& file) {
  fs::path const path = file.is_absolute() ? file : repository_root() / file;
  char const* update = std::getenv("FAIRLEAD_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") return write_file(path, actual);
  auto const expected = read_file(path);
  if (!expected) {
    ADD_FAILURE() << "missing golden file " << file.string()
                  << "; write it with FAIRLEAD_UPDATE_GOLDEN=1. It would hold:\n"
                  << actual;
  } else if (*expected != actual) {
    ADD_FAILURE() << "differs from " << file.string()
                  << " (rewrite with FAIRLEAD_UPDATE_GOLDEN=1 if it is right):\n"
                  << line_diff(*expected, actual);
  }
}

}  // namespace fairlead::testing
