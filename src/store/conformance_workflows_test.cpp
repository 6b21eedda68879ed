// Conformance of every store: workflows changed together, and drafts thrown away.
#include <gtest/gtest.h>

#include "store/conformance_fixture.h"
#include "store/rules.h"

namespace fairlead::store {
namespace {

class WorkflowsConformance : public StoreConformance {
 protected:
  static WorkflowRecord record(std::string const& name, std::string const& version,
                               std::string const& status, std::string const& hash = "h") {
    WorkflowRecord r;
    r.workflow_namespace = "ops";
    r.name = name;
    r.version = version;
    r.status = status;
    r.source = "source of " + hash;
    r.content_hash = hash;
    return r;
  }
  [[nodiscard]] std::string state() const {
    return workflows_state(*store_->workflows().versions("", ""));
  }
  [[nodiscard]] std::string status(std::string const& name, std::string const& version) const {
    auto const found = store_->workflows().get("ops", name, version);
    return found.ok() ? found->status : "none";
  }
};
INSTANTIATE_FOR_EVERY_STORE(WorkflowsConformance);

TEST_P(WorkflowsConformance, changes_several_workflows_together_or_none) {
  auto& store = store_->workflows();
  EXPECT_OK(store.put(record("a", "1.0.0", "published")));
  auto off = record("a", "1.0.0", "disabled");
  WorkflowBatch batch{.puts = {record("b", "1.0.0", "published")}, .statuses = {off}};
  EXPECT_OK(store.apply(batch));
  EXPECT_EQ(status("a", "1.0.0"), "disabled");
  EXPECT_EQ(status("b", "1.0.0"), "published");
  batch = {.puts = {record("c", "1.0.0", "published"), record("b", "1.0.0", "published", "other")}};
  EXPECT_ERROR(ErrorKind::conflict, store.apply(batch));
  EXPECT_EQ(status("c", "1.0.0"), "none");
  batch = {.puts = {record("c", "1.0.0", "published")},
           .statuses = {record("nobody", "1.0.0", "disabled")}};
  EXPECT_ERROR(ErrorKind::not_found, store.apply(batch));
  EXPECT_EQ(status("c", "1.0.0"), "none");
}

TEST_P(WorkflowsConformance, refuses_a_batch_when_another_change_came_first) {
  auto& store = store_->workflows();
  auto const empty = state();
  WorkflowBatch batch{.puts = {record("a", "1.0.0", "published")}, .expected_state = empty};
  EXPECT_OK(store.apply(batch));
  batch.puts = {record("b", "1.0.0", "published")};
  EXPECT_ERROR(ErrorKind::conflict, store.apply(batch));
  batch.expected_state = state();
  EXPECT_OK(store.apply(batch));
  // A status counts, too.
  auto const before = state();
  EXPECT_OK(store.set_status(record("a", "1.0.0", "published"), "disabled"));
  EXPECT_NE(state(), before);
}

TEST_P(WorkflowsConformance, throws_drafts_away_and_nothing_else) {
  auto& store = store_->workflows();
  EXPECT_OK(store.put(record("a", "1.0.0", "published")));
  EXPECT_OK(store.put(record("a", "1.0.1", "draft")));
  EXPECT_OK(store.remove_draft("ops", "a", "1.0.1"));
  EXPECT_ERROR(ErrorKind::not_found, store.remove_draft("ops", "a", "1.0.1"));
  EXPECT_ERROR(ErrorKind::conflict, store.remove_draft("ops", "a", "1.0.0"));
  EXPECT_EQ(status("a", "1.0.0"), "published");
}

}  // namespace
}  // namespace fairlead::store
