// Secret: a string that cannot be printed, formatted, compared by ==, or encoded into JSON by
// accident.
//
// Tokens, client secrets, keys. The only way to the text is reveal(), which is easy to grep for.
// Memory is wiped when the value dies. Value type.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fairlead {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(Secret const&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret const& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // The text itself: use it where it goes to (a header, a cipher), never store the view.
  [[nodiscard]] std::string_view reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::size_t size() const { return text_.size(); }

  bool operator==(Secret const&) const = delete;

 private:
  std::string text_;
};

// Constant-time in the length of `a`. Safe for attacker-chosen `b`.
bool same_secret(std::string_view a, std::string_view b);

// Overwrites a buffer in a way the optimiser keeps.
void wipe(std::string& text);

// The mask shown instead of a secret value, e.g. of runners_token.
inline constexpr std::string_view masked_text = "[masked]";

}  // namespace fairlead
