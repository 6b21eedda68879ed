// docs/conformance.md names a scenario for each reading: they must be there.
#include <gtest/gtest.h>

#include "base/text.h"
#include "gherkin.h"
#include "testing/files.h"

namespace fairlead::ctk {
namespace {

// The names of all our scenarios, one a line.
std::string all_names() {
  std::string names;
  auto const folder = testing::repository_root() / "tests" / "ctk" / "features";
  for (auto const& entry : std::filesystem::directory_iterator(folder)) {
    auto const text = testing::read_file(entry.path());
    auto const feature = parse_feature(text.value_or(""));
    EXPECT_TRUE(feature.ok()) << entry.path();
    if (!feature.ok()) continue;
    for (auto const& scenario : feature->scenarios)
      names += scenario.name + "\n";
  }
  return names;
}

TEST(ConformanceDocs, each_reading_has_its_scenario) {
  auto const text = testing::read_file(testing::repository_root() / "docs" / "conformance.md");
  ASSERT_TRUE(text);
  auto const readings = text->substr(text->find("## Readings"));
  auto const names = all_names();
  int seen = 0;
  auto const quoted = split(readings, '"');
  for (std::size_t i = 1; i < quoted.size(); i += 2) {
    auto name = quoted[i];
    if (name.ends_with(" ...")) name.resize(name.size() - 4);
    ++seen;
    EXPECT_NE(names.find(name), std::string::npos) << "there is no scenario '" << name << "'";
  }
  EXPECT_GT(seen, 25);
}

}  // namespace
}  // namespace fairlead::ctk
