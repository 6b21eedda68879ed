#include "cli/terminal.h"

#include <algorithm>
#include <array>

#include "api/problem.h"
#include "base/sentence.h"
#include "base/text.h"

namespace fairlead::cli {
namespace {

constexpr std::size_t column_gap = 2;
constexpr std::size_t column_width_min = 12;

std::string_view escape_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[31m";
    case Tone::warn:
      return "\x1b[33m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::strong:
      return "\x1b[1m";
  }
  return "";
}

std::string padded(std::string text, std::size_t width) {
  std::size_t const length = code_points(text);
  if (length < width) text.append(width - length, ' ');
  return text;
}

std::vector<std::size_t> widths_of(Table const& table) {
  std::vector<std::size_t> widths;
  for (auto const& cell : table.heading)
    widths.push_back(code_points(cell));
  for (auto const& row : table.rows)
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], code_points(harmless(row[i])));
  return widths;
}

std::size_t total_of(std::vector<std::size_t> const& widths) {
  std::size_t total = column_gap * (widths.empty() ? 0 : widths.size() - 1);
  for (std::size_t width : widths)
    total += width;
  return total;
}

// Leaves out columns from the right until the rest can be made to fit, then narrows the widest ones
// but the first.
void fit(std::vector<std::size_t>& widths, std::size_t room) {
  auto narrowest = [&widths] {
    std::vector<std::size_t> least = widths;
    for (std::size_t i = 1; i < least.size(); ++i)
      least[i] = std::min(least[i], column_width_min);
    return total_of(least);
  };
  while (widths.size() > 2 && narrowest() > room)
    widths.pop_back();
  for (std::size_t total = total_of(widths); total > room && widths.size() > 1;) {
    auto widest = std::max_element(widths.begin() + 1, widths.end());
    if (*widest <= column_width_min) return;
    --*widest;
    --total;
  }
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The length in bytes of the first line of at most `width` code points; broken after a blank, a bar
// or a comma if there is one.
std::size_t line_length(std::string_view text, std::size_t width) {
  std::size_t points = 0;
  std::size_t good = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (continues(text[i])) continue;
    if (points == width) return text[i] == ' ' || good == 0 ? i : good;
    ++points;
    if (text[i] == ' ' || text[i] == '|' || text[i] == ',') good = i + 1;
  }
  return text.size();
}

std::vector<std::string> lines_of(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t const length = line_length(text, std::max<std::size_t>(width, 1));
    lines.emplace_back(trim(text.substr(0, length)));
    text = text.substr(length);
    while (text.starts_with(' '))
      text.remove_prefix(1);
  }
  if (lines.empty()) lines.emplace_back();
  return lines;
}

std::string cut(std::string cell, std::size_t width) {
  return code_points(cell) <= width ? cell : shorten(cell, width > 3 ? width - 3 : width);
}

// The lines of each cell, as many cells as there are widths.
std::vector<std::vector<std::string>> cells_of(std::vector<std::string> const& row,
                                               std::vector<std::size_t> const& widths,
                                               Table::Overflow overflow) {
  std::vector<std::vector<std::string>> cells;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    std::string cell = i < row.size() ? harmless(row[i]) : std::string();
    if (i > 0 && overflow == Table::Overflow::wrap)
      cells.push_back(lines_of(cell, widths[i]));
    else
      cells.push_back({i == 0 ? std::move(cell) : cut(std::move(cell), widths[i])});
  }
  return cells;
}

void print_row(Terminal& terminal, std::vector<std::vector<std::string>> const& cells,
               std::vector<std::size_t> const& widths, Tone row_tone) {
  std::size_t height = 1;
  for (auto const& cell : cells)
    height = std::max(height, cell.size());
  for (std::size_t line = 0; line < height; ++line) {
    std::size_t pending = 0;  // blanks that only count if something follows
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string const text = line < cells[i].size() ? cells[i][line] : std::string();
      Tone const tone = row_tone == Tone::plain ? tone_of_status(text) : row_tone;
      std::size_t const length = code_points(text);
      if (length > 0) terminal.out << std::string(pending, ' ') << toned(terminal, tone, text);
      if (length > 0) pending = 0;
      pending += (length < widths[i] ? widths[i] - length : 0) + column_gap;
    }
    terminal.out << '\n';
  }
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    auto const next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    std::string_view const three = text.substr(i, 3);
    bool const turns = three.size() == 3 &&
                       (three.starts_with("\xe2\x80") || three.starts_with("\xe2\x81")) &&
                       ((three >= "\xe2\x80\xa8" && three <= "\xe2\x80\xae") ||
                        (three >= "\xe2\x81\xa6" && three <= "\xe2\x81\xa9"));
    if (turns) {
      i += 2;  // U+2028 to U+202E, U+2066 to U+2069
    } else if (byte == 0xc2 && next >= 0x80 && next <= 0x9f) {
      i += 1;  // U+0080 to U+009F: what some terminals take for escape sequences
    } else if (byte == '\n' || byte == '\t') {
      out += ' ';
    } else if (byte >= 0x20 && byte != 0x7f) {
      out += text[i];
    }
  }
  return out;
}

std::string toned(Terminal const& terminal, Tone tone, std::string_view text) {
  if (terminal.colours == Terminal::Colours::off || tone == Tone::plain) return std::string(text);
  return std::string(escape_of(tone)) + std::string(text) + "\x1b[0m";
}

Tone tone_of_status(std::string_view status) {
  std::string_view const word = trim(status);
  for (std::string_view good : {"completed", "active", "ok", "published", "success"})
    if (word == good) return Tone::good;
  for (std::string_view bad : {"faulted", "failed", "needs-sign-in"})
    if (word == bad) return Tone::bad;
  for (std::string_view warn :
       {"waiting", "suspended", "uncertain", "pending", "warning", "cancelled"})
    if (word == warn) return Tone::warn;
  return Tone::plain;
}

void print(Terminal& terminal, Table const& table) {
  if (table.rows.empty()) {
    terminal.out << table.when_empty << '\n';
    return;
  }
  auto widths = widths_of(table);
  fit(widths, static_cast<std::size_t>(std::max(terminal.width, 1)));
  print_row(terminal, cells_of(table.heading, widths, Table::Overflow::cut), widths, Tone::dim);
  for (auto const& row : table.rows)
    print_row(terminal, cells_of(row, widths, table.overflow), widths, Tone::plain);
  if (widths.size() == table.heading.size()) return;
  std::vector<std::string> const left_out(
      table.heading.begin() + static_cast<std::ptrdiff_t>(widths.size()), table.heading.end());
  terminal.err << "No room for: " << join(left_out, ", ")
               << ". Widen the terminal, or take --output json.\n";
}

void print_pairs(Terminal& terminal,
                 std::vector<std::pair<std::string, std::string>> const& pairs) {
  std::size_t width = 0;
  for (auto const& [name, value] : pairs)
    if (!value.empty()) width = std::max(width, code_points(name));
  for (auto const& [name, value] : pairs) {
    if (value.empty()) continue;
    terminal.out << toned(terminal, Tone::dim, padded(name, width + column_gap))
                 << toned(terminal, tone_of_status(value), harmless(value)) << '\n';
  }
}

void print_json(Terminal& terminal, Json const& json) {
  terminal.out << (terminal.colours == Terminal::Colours::on ? json.pretty() : json.dump()) << '\n';
}

void print_error(Terminal& terminal, Error const& error) {
  if (terminal.output == Output::json) {
    terminal.err << Json::object({{"error", to_json(error)}}).dump() << '\n';
    return;
  }
  auto& err = terminal.err;
  std::string const lead = harmless(error.title.empty() ? api::title_of(error.kind) : error.title);
  err << toned(terminal, Tone::bad, lead + ":") << ' ' << harmless(message_sentence(error)) << '\n';
  if (!error.where.empty()) err << "  Where:      " << harmless(error.where) << '\n';
  if (!error.cause.empty()) err << "  Why:        " << harmless(sentence(error.cause)) << '\n';
  if (!error.remedy.empty()) err << "  What to do: " << harmless(sentence(error.remedy)) << '\n';
  if (!error.request_id.empty()) err << "  Request id: " << harmless(error.request_id) << '\n';
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_input:
      return 2;
    case ErrorKind::not_found:
      return 3;
    case ErrorKind::denied:
      return 4;
    case ErrorKind::conflict:
      return 5;
    case ErrorKind::rate_limited:
    case ErrorKind::unavailable:
      return 6;
    case ErrorKind::timed_out:
      return 7;
    case ErrorKind::uncertain:
      return 8;
    case ErrorKind::cancelled:
      return 130;
    case ErrorKind::corrupt:
    case ErrorKind::internal:
      return 1;
  }
  return 1;
}

}  // namespace fairlead::cli
