#include "workflow/text_diff.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace fairlead::workflow {
namespace {

constexpr std::size_t around = 3;

struct Line {
  char mark;  // ' ', '-', '+'
  std::string text;
};

std::vector<std::string> lines_of(std::string_view text) {
  if (text.empty()) return {};
  auto lines = split(text, '\n');
  if (lines.back().empty()) {
    lines.pop_back();
  } else {
    lines.back() += "\n\\ No newline at end of file";
  }
  return lines;
}

using Lines = std::vector<std::string>;

// By longest common subsequence.
void compare(Lines const& a, Lines const& b, std::vector<Line>& out) {
  std::size_t const width = b.size() + 1;
  std::vector<unsigned> common(width * (a.size() + 1), 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i * width + j] =
          a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1
                       : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      out.push_back({' ', a[i]});
      ++i, ++j;
    } else if (i < a.size() &&
               (j == b.size() || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      out.push_back({'-', a[i++]});
    } else {
      out.push_back({'+', b[j++]});
    }
  }
}

std::vector<Line> script(Lines a, Lines b) {
  std::vector<Line> out;
  std::vector<Line> tail;
  auto const [end_a, end_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  for (auto each = a.begin(); each != end_a; ++each)
    out.push_back({' ', *each});
  a.erase(a.begin(), end_a);
  b.erase(b.begin(), end_b);
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    tail.push_back({' ', a.back()});
    a.pop_back();
    b.pop_back();
  }
  if ((a.size() + 1) * (b.size() + 1) <= diff_pairs_max) {
    compare(a, b, out);
  } else {
    for (auto& line : a)
      out.push_back({'-', std::move(line)});
    for (auto& line : b)
      out.push_back({'+', std::move(line)});
  }
  out.insert(out.end(), tail.rbegin(), tail.rend());
  return out;
}

// "@@ -3,7 +3,8 @@"
std::string range(char mark, std::size_t first, std::size_t count) {
  std::string text(1, mark);
  text += std::to_string(count == 0 ? first - 1 : first);
  return count == 1 ? text : text + "," + std::to_string(count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after) {
  auto const all = script(lines_of(before), lines_of(after));
  std::string text;
  std::size_t old_line = 1;
  std::size_t new_line = 1;
  std::size_t at = 0;
  auto const changed = [](Line const& line) { return line.mark != ' '; };
  auto const skip_to = [&](std::size_t end) {
    for (; at < end; ++at) {
      old_line += all[at].mark != '+' ? 1 : 0;
      new_line += all[at].mark != '-' ? 1 : 0;
    }
  };
  while (at < all.size()) {
    auto const start = static_cast<std::size_t>(
        std::find_if(all.begin() + static_cast<std::ptrdiff_t>(at), all.end(), changed) -
        all.begin());
    if (start == all.size()) break;
    std::size_t end = start;
    for (std::size_t i = start; i < all.size() && i <= end + 2 * around; ++i)
      if (changed(all[i])) end = i;
    skip_to(start > at + around ? start - around : at);
    std::size_t const stop = std::min(all.size(), end + 1 + around);
    std::size_t const old_first = old_line;
    std::size_t const new_first = new_line;
    std::string body;
    for (std::size_t i = at; i < stop; ++i)
      body += all[i].mark + all[i].text + "\n";
    skip_to(stop);
    text += "@@ " + range('-', old_first, old_line - old_first) + " " +
            range('+', new_first, new_line - new_first) + " @@\n" + body;
  }
  return text;
}

}  // namespace fairlead::workflow
