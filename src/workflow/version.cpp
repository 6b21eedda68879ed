#include "workflow/version.h"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/text.h"
#include "vault/digest.h"

namespace fairlead::workflow {
namespace {

struct Version {
  std::array<std::uint64_t, 3> numbers{};
  std::vector<std::string> pre;
};

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
  if (!is_number(text) || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint64_t value = 0;
  auto const parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc()) return std::nullopt;
  return value;
}

enum class LeadingZeros { refused, allowed };

std::optional<std::vector<std::string>> identifiers(std::string_view text, LeadingZeros zeros) {
  auto parts = split(text, '.');
  for (auto const& part : parts) {
    if (part.empty()) return std::nullopt;
    for (char const c : part) {
      if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-') return std::nullopt;
    }
    if (zeros == LeadingZeros::refused && is_number(part) && part.size() > 1 && part[0] == '0') {
      return std::nullopt;
    }
  }
  return parts;
}

std::optional<Version> parse_version(std::string_view text) {
  if (text.size() > 128) return std::nullopt;
  if (auto const plus = text.find('+'); plus != std::string_view::npos) {
    if (!identifiers(text.substr(plus + 1), LeadingZeros::allowed)) return std::nullopt;
    text = text.substr(0, plus);
  }
  Version version;
  if (auto const dash = text.find('-'); dash != std::string_view::npos) {
    auto pre = identifiers(text.substr(dash + 1), LeadingZeros::refused);
    if (!pre) return std::nullopt;
    version.pre = std::move(*pre);
    text = text.substr(0, dash);
  }
  auto const parts = split(text, '.');
  if (parts.size() != 3) return std::nullopt;
  for (std::size_t i = 0; i < 3; ++i) {
    auto const number = number_of(parts[i]);
    if (!number) return std::nullopt;
    version.numbers[i] = *number;
  }
  return version;
}

std::weak_ordering compare_identifiers(std::string const& a, std::string const& b) {
  auto const number_a = is_number(a);
  auto const number_b = is_number(b);
  if (number_a != number_b) {
    return number_a ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  if (number_a && a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

std::weak_ordering compare_pre(std::vector<std::string> const& a,
                               std::vector<std::string> const& b) {
  if (a.empty() != b.empty()) {
    return a.empty() ? std::weak_ordering::greater : std::weak_ordering::less;
  }
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (auto const order = compare_identifiers(a[i], b[i]); order != 0) return order;
  }
  return a.size() <=> b.size();
}

std::string normalised(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    out.push_back(text[i]);
  }
  while (!out.empty() && (out.back() == '\n' || out.back() == ' '))
    out.pop_back();
  return out;
}

}  // namespace

bool is_version(std::string_view text) { return parse_version(text).has_value(); }

std::weak_ordering compare_versions(std::string_view a, std::string_view b) {
  auto const left = parse_version(a);
  auto const right = parse_version(b);
  if (!left || !right) return left.has_value() <=> right.has_value();
  if (auto const order = left->numbers <=> right->numbers; order != 0) return order;
  return compare_pre(left->pre, right->pre);
}

std::string next_patch_version(std::string_view version) {
  auto const parsed = parse_version(version);
  if (!parsed) return "1.0.0";
  auto const patch = parsed->numbers[2] + (parsed->pre.empty() ? 1 : 0);
  return std::to_string(parsed->numbers[0]) + "." + std::to_string(parsed->numbers[1]) + "." +
         std::to_string(patch);
}

std::string content_hash(std::string_view text) {
  return "sha256:" + vault::sha256_hex(normalised(text));
}

}  // namespace fairlead::workflow
