#include "app/action_lookup.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"

namespace fairlead::app {
namespace {

action::Action writing() {
  action::Action action;
  action.info.name = "create-thing";
  action.info.version = "1.0.0";
  action.info.scope = action::Scope::api;
  return action;
}

std::string warned(CatalogueLookup const& lookup, std::string const& connection) {
  workflow::CallTask call;
  call.catalog = "gitlab";
  call.name = "create-thing";
  call.connection = connection;
  return lookup.warning(call).value_or("none");
}

TEST(ActionLookup, warns_of_a_scope_the_connection_lacks) {
  auto const store = store::make_memory_store();
  action::Catalogue const catalogue({writing()});
  CatalogueLookup const lookup(catalogue, &store->connections());
  auto const add = [&](std::string const& name, std::string const& scopes) {
    store::ConnectionRecord record;
    record.id = ConnectionId(name);
    record.name = name;
    record.scopes = scopes;
    ASSERT_TRUE(store->connections().insert(record).ok());
  };
  // Nothing is connected yet, and nothing was named.
  EXPECT_EQ(warned(lookup, ""), "none");
  add("wide", "read_user api");
  EXPECT_EQ(warned(lookup, ""), "none");
  add("narrow", "read_user read_api");
  add("unknown", "");
  EXPECT_EQ(warned(lookup, "wide"), "none");
  EXPECT_EQ(warned(lookup, "narrow"),
            "The connection 'narrow' has the scopes read_user, read_api; create-thing needs api. "
            "Reconnect it with that scope.");
  EXPECT_EQ(warned(lookup, "unknown"), "none");
  EXPECT_EQ(warned(lookup, "${ .which }"), "none");
  EXPECT_NE(warned(lookup, "nobody").find("There is no connection 'nobody' yet"),
            std::string::npos);
}

}  // namespace
}  // namespace fairlead::app
