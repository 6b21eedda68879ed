#include "base/secret.h"

#include <utility>

namespace fairlead {

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }

Secret& Secret::operator=(Secret const& other) {
  if (this != &other) {
    wipe(text_);
    text_ = other.text_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(text_);
    text_ = std::move(other.text_);
    wipe(other.text_);
  }
  return *this;
}

Secret::~Secret() { wipe(text_); }

bool same_secret(std::string_view a, std::string_view b) {
  // Every byte of `a` is visited whatever `b` is; the length of the answer is not kept secret.
  unsigned difference = a.size() == b.size() ? 0U : 1U;
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto const other = i < b.size() ? static_cast<unsigned char>(b[i]) : 0U;
    difference |= static_cast<unsigned char>(a[i]) ^ other;
  }
  return difference == 0;
}

void wipe(std::string& text) {
  // resize() to the capacity first: a short string that was cut keeps its old tail there.
  text.resize(text.capacity());
  auto* bytes = static_cast<char volatile*>(text.data());
  for (std::size_t i = 0; i < text.size(); ++i)
    bytes[i] = 0;
  text.clear();
}

}  // namespace fairlead
