// plan, apply and export of a folder against a scripted server.
#include "cli/workflow_commands.h"

#include <gtest/gtest.h>

#include <sstream>

#include "testing/fake_transport.h"
#include "testing/files.h"
#include "testing/virtual_pause.h"

namespace fairlead::cli {
namespace {

using net::Method;

struct FolderShell : ::testing::Test {
  void write(std::string const& path, std::string const& text) {
    auto const file = folder.path() / path;
    std::filesystem::create_directories(file.parent_path());
    testing::write_file(file, text);
  }
  static std::string at(std::string const& path) { return "http://127.0.0.1:8420" + path; }
  static Json plan(int changes) {
    return Json::object({{"ok", true},
                         {"changes", changes},
                         {"digest", "sha256:d"},
                         {"summary", Json::object({{"create", changes}})},
                         {"items", Json::array()}});
  }

  testing::TemporaryFolder folder;
  testing::VirtualClock clock;
  testing::VirtualPause pause{clock};
  testing::FakeTransport server;
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in;
  Session session{.terminal = {.out = out, .err = err},
                  .server = ServerClient(server, "http://127.0.0.1:8420", Secret("t"), ""),
                  .pause = pause,
                  .clock = clock,
                  .in = in};
};

TEST_F(FolderShell, a_plan_with_changes_has_an_exit_code_of_its_own) {
  write("ops/b.yaml", "b");
  write("a.yml", "a");
  write("README.md", "no workflow");
  write(".git/config.yaml", "hidden");
  server.on(Method::post, at("/api/v1/workflows/plan")).answer_json(200, plan(0));
  ASSERT_TRUE(workflow_plan(session, {.folder = folder.path().string()}).ok());
  EXPECT_EQ(session.exit_code, 0);
  auto const sent = Json::parse(server.sent().at(0).body);
  EXPECT_EQ((*sent)["files"].dump(),
            R"([{"path":"a.yml","source":"a"},{"path":"ops/b.yaml","source":"b"}])");
  server.on(Method::post, at("/api/v1/workflows/plan")).answer_json(200, plan(1));
  ASSERT_TRUE(workflow_plan(session, {.folder = folder.path().string(), .prune = true}).ok());
  EXPECT_EQ(session.exit_code, plan_has_changes);
  EXPECT_NE(err.str().find("--prune --plan sha256:d"), std::string::npos);
}

TEST_F(FolderShell, a_plan_that_cannot_be_applied_fails) {
  auto answer = plan(0);
  answer.set("ok", false);
  server.on(Method::post, at("/api/v1/workflows/plan")).answer_json(200, answer);
  auto const done = workflow_plan(session, {.folder = folder.path().string()});
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind, ErrorKind::conflict);
  EXPECT_FALSE(workflow_plan(session, {.folder = (folder.path() / "none").string()}).ok());
}

TEST_F(FolderShell, export_writes_byte_for_byte_where_the_workflow_lies_already) {
  write("deep/nightly.yml", "old text");
  Json answer = Json::object({{"files", Json::array()}});
  auto const add = [&](std::string const& name, std::string const& source) {
    answer.find("files")->push_back(Json::object({{"path", "ops/" + name + ".yaml"},
                                                  {"namespace", "ops"},
                                                  {"name", name},
                                                  {"version", "1.0.0"},
                                                  {"source", source}}));
  };
  add("nightly", "a\r\nb\n\n");
  add("other", "x");
  auto known = plan(1);
  known.find("items")->push_back(Json::object({{"change", "update"},
                                               {"path", "deep/nightly.yml"},
                                               {"namespace", "ops"},
                                               {"name", "nightly"}}));
  for (int i = 0; i < 2; ++i) {
    server.on(Method::get, at("/api/v1/workflows/export")).answer_json(200, answer);
    server.on(Method::post, at("/api/v1/workflows/plan")).answer_json(200, known);
    auto const done = workflow_export(session, folder.path().string());
    ASSERT_TRUE(done.ok()) << describe(done.error());
  }
  EXPECT_EQ(out.str(),
            "wrote deep/nightly.yml\nwrote ops/other.yaml\nunchanged deep/nightly.yml\n"
            "unchanged ops/other.yaml\n");
  EXPECT_EQ(testing::read_file(folder.path() / "deep/nightly.yml"), "a\r\nb\n\n");
}

TEST_F(FolderShell, export_stays_in_its_folder) {
  server.on(Method::get, at("/api/v1/workflows/export"))
      .answer_json(200,
                   Json::object({{"files", Json::array({Json::object({{"path", "../../evil.yaml"},
                                                                      {"namespace", "ops"},
                                                                      {"name", "evil"},
                                                                      {"source", "x"}})})}}));
  server.on(Method::post, at("/api/v1/workflows/plan")).answer_json(200, plan(0));
  auto const done = workflow_export(session, folder.path().string());
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace fairlead::cli
