#include "gitlab/link_header.h"

#include <gtest/gtest.h>

namespace fairlead::gitlab {
namespace {

TEST(LinkHeader, reads_what_gitlab_sends) {
  auto const links = parse_link_header(
      "<https://gitlab.test/api/v4/projects?page=2&per_page=3>; rel=\"next\", "
      "<https://gitlab.test/api/v4/projects?page=1&per_page=3>; rel=\"first\"");
  ASSERT_EQ(links.size(), 2U);
  EXPECT_EQ(links[0].target, "https://gitlab.test/api/v4/projects?page=2&per_page=3");
  EXPECT_EQ(links[0].rels, std::vector<std::string>{"next"});
  EXPECT_EQ(links[1].rels, std::vector<std::string>{"first"});
}

struct NextCase {
  char const* name;
  char const* header;
  char const* next;
};

TEST(LinkHeader, finds_the_next_page_in_any_spelling) {
  NextCase const cases[] = {
      {"empty", "", ""},
      {"no next", R"(<a>; rel="first")", ""},
      {"unquoted", "<a>;rel=next", "a"},
      {"upper case", R"(<a>; REL="NEXT")", "a"},
      {"several relations", R"(<a>; rel="last next")", "a"},
      {"comma inside the target", R"(<a?x=1,2>; rel="next")", "a?x=1,2"},
      {"comma inside a quoted title", R"(<a>; title="b, <c>; rel=prev"; rel="next")", "a"},
      {"escaped quote in a title", R"(<a>; title="\"; rel=x"; rel="next")", "a"},
      {"first rel counts", R"(<a>; rel="prev"; rel="next")", ""},
      {"empty elements", R"(, ,<a>; rel="next",)", "a"},
      {"blanks around =", R"(<a> ; rel = "next")", "a"},
      {"junk before", R"(junk, <a>; rel="next")", "a"},
      {"target not closed", R"(<a; rel="next")", ""},
      {"no relation", "<a>", ""},
      {"quote not closed", R"(<a>; rel="next)", "a"},
  };
  for (NextCase const& c : cases)
    EXPECT_EQ(link_target(c.header, "next"), c.next) << c.name;
}

TEST(LinkHeader, bounds_what_it_reads) {
  std::string many;
  for (std::size_t i = 0; i < links_max + 10; ++i)
    many += "<a>; rel=x,";
  EXPECT_EQ(parse_link_header(many).size(), links_max);
  EXPECT_TRUE(parse_link_header("<a>; rel=next" + std::string(link_header_bytes_max, ' ')).empty());
}

}  // namespace
}  // namespace fairlead::gitlab
