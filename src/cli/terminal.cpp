#include "cli/terminal.h"

#include <algorithm>
#include <array>

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

// Control characters of remote texts must not reach the terminal.
std::string harmless(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n' || c == '\t')
      out += ' ';
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
      out += c;
  }
  return out;
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

void fit(std::vector<std::size_t>& widths, int terminal_width) {
  std::size_t total = column_gap * (widths.empty() ? 0 : widths.size() - 1);
  for (std::size_t width : widths)
    total += width;
  while (total > static_cast<std::size_t>(terminal_width)) {
    auto widest = std::ranges::max_element(widths);
    if (*widest <= column_width_min) return;
    std::size_t const cut =
        std::min(total - static_cast<std::size_t>(terminal_width), *widest - column_width_min);
    *widest -= cut;
    total -= cut;
  }
}

void print_row(Terminal& terminal, std::vector<std::string> const& row,
               std::vector<std::size_t> const& widths, Tone row_tone) {
  for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
    std::string cell = harmless(row[i]);
    if (code_points(cell) > widths[i])
      cell = shorten(cell, widths[i] > 3 ? widths[i] - 3 : widths[i]);
    Tone const tone = row_tone == Tone::plain ? tone_of_status(cell) : row_tone;
    bool const last = i + 1 == row.size();
    terminal.out << toned(terminal, tone, last ? cell : padded(cell, widths[i]));
    if (!last) terminal.out << std::string(column_gap, ' ');
  }
  terminal.out << '\n';
}

}  // namespace

std::string toned(Terminal const& terminal, Tone tone, std::string_view text) {
  if (terminal.colours == Terminal::Colours::off || tone == Tone::plain) return std::string(text);
  return std::string(escape_of(tone)) + std::string(text) + "\x1b[0m";
}

Tone tone_of_status(std::string_view status) {
  std::string_view const word = trim(status);
  for (std::string_view good : {"completed", "active", "passed", "published", "success"})
    if (word == good) return Tone::good;
  for (std::string_view bad : {"faulted", "failed", "needs-sign-in"})
    if (word == bad) return Tone::bad;
  for (std::string_view warn :
       {"waiting", "suspended", "uncertain", "pending", "warned", "cancelled"})
    if (word == warn) return Tone::warn;
  return Tone::plain;
}

void print(Terminal& terminal, Table const& table) {
  if (table.rows.empty()) {
    terminal.out << table.when_empty << '\n';
    return;
  }
  auto widths = widths_of(table);
  fit(widths, terminal.width);
  print_row(terminal, table.heading, widths, Tone::dim);
  for (auto const& row : table.rows)
    print_row(terminal, row, widths, Tone::plain);
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
  std::string const lead = error.title.empty() ? "Error" : harmless(error.title);
  err << toned(terminal, Tone::bad, lead + ":") << ' ' << harmless(error.message) << '\n';
  if (!error.where.empty()) err << "  Where:      " << harmless(error.where) << '\n';
  if (!error.cause.empty()) err << "  Why:        " << harmless(error.cause) << '\n';
  if (!error.remedy.empty()) err << "  What to do: " << harmless(error.remedy) << '\n';
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
