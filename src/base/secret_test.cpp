#include "base/secret.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <sstream>
#include <type_traits>

#include "base/json.h"

namespace fairlead {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, T const& value) {
  out << value;
};

// What must not compile.
static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, Json>);
static_assert(!std::is_constructible_v<Json, Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<std::string, Secret>);
static_assert(!std::is_constructible_v<std::string, Secret>);
static_assert(!std::equality_comparable<Secret>);

TEST(Secret, keeps_its_text_through_copies_and_moves) {
  std::string const text = "a token long enough to live on the heap";
  Secret first(text);
  Secret second = first;
  Secret third = std::move(first);
  EXPECT_EQ(second.reveal(), text);
  EXPECT_EQ(third.reveal(), text);
  EXPECT_TRUE(first.empty());  // NOLINT: a moved-from secret is empty on purpose
  first = third;
  third = Secret("short");
  EXPECT_EQ(first.reveal(), text);
  EXPECT_EQ(third.reveal(), "short");
  first = *&first;
  EXPECT_EQ(first.reveal(), text);
}

// A short text lives inside the string object itself: moving it must not leave a copy behind.
TEST(Secret, leaves_nothing_behind_when_moved) {
  alignas(Secret) std::array<char, sizeof(Secret)> bytes{};
  auto* secret = std::construct_at(reinterpret_cast<Secret*>(bytes.data()), "0123456789");
  Secret const taken = std::move(*secret);
  std::string_view const left(bytes.data(), bytes.size());
  EXPECT_EQ(left.find("123456789"), std::string_view::npos);
  std::destroy_at(secret);
  EXPECT_EQ(taken.reveal(), "0123456789");
}

TEST(Secret, wipes_the_whole_buffer) {
  std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
  text.resize(4);
  char const* buffer = text.data();
  std::size_t const capacity = text.capacity();
  wipe(text);
  EXPECT_TRUE(text.empty());
  ASSERT_EQ(text.data(), buffer);
  for (std::size_t i = 0; i < capacity; ++i)
    ASSERT_EQ(buffer[i], '\0') << i;
}

TEST(Secret, compares_in_constant_time) {
  EXPECT_TRUE(same_secret("", ""));
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abc", "abd"));
  EXPECT_FALSE(same_secret("abc", "abcd"));
  EXPECT_FALSE(same_secret("abc", "ab"));
  EXPECT_FALSE(same_secret("", "a"));
  EXPECT_FALSE(same_secret(std::string("ab\0", 3), "ab"));
}

}  // namespace
}  // namespace fairlead
