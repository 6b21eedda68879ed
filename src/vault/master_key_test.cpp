#include "vault/master_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "base/text.h"
#include "testing/files.h"
#include "testing/seeded_random.h"
#include "vault/core_dumps.h"

namespace fairlead::vault {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::write_file;

// Keeps what was logged, fields included.
class RecordingLog final : public Log {
 public:
  void write(LogLevel, std::string_view message,
             std::initializer_list<Json::Member> fields) override {
    lines_.push_back(std::string(message) + " " + Json::from_object(Json::Object(fields)).dump());
  }
  [[nodiscard]] std::vector<std::string> const& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
};

class MasterKeyTest : public ::testing::Test {
 protected:
  Result<MasterKey> load() { return load_master_key(options_, random_, log_); }
  void write_key_file(std::string_view text, unsigned mode = 0600) {
    write_file(file_, text);
    ASSERT_EQ(::chmod(file_.c_str(), mode), 0);
  }
  void write_credential(std::string_view text) {
    options_.credentials_directory = folder_.path() / "credentials";
    write_file(options_.credentials_directory / "fairlead-master-key", text);
  }

  testing::TemporaryFolder folder_;
  testing::SeededRandom random_;
  RecordingLog log_;
  MasterKeyOptions options_{.data_folder = folder_.path()};
  fs::path file_{folder_.path() / "master.key"};
  std::string const a_{std::string(master_key_bytes, 'a')};
  std::string const b_{std::string(master_key_bytes, 'b')};
};

TEST_F(MasterKeyTest, makes_a_private_file_once) {
  auto const made = load();
  ASSERT_TRUE(made.ok()) << describe(made.error());
  EXPECT_EQ(made->bytes.size(), master_key_bytes);
  EXPECT_EQ(made->source, KeySource::key_file);
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  auto const again = load();
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(same_secret(again->bytes.reveal(), made->bytes.reveal()));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1)
      << "no file is left beside it";
}

TEST_F(MasterKeyTest, makes_none_where_data_was_sealed_with_another) {
  auto options = options_;
  options.if_missing = KeyMissing::refuse;
  auto key = load_master_key(options, random_, log_);
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().title, "Master key missing");
  EXPECT_FALSE(std::filesystem::exists(options.data_folder / "master.key"));
}

TEST_F(MasterKeyTest, two_servers_that_start_at_once_agree_on_one_key) {
  std::vector<std::string> keys(8);
  std::vector<std::thread> threads;
  for (auto& key : keys) {
    threads.emplace_back([&] {
      auto const log = make_null_log();
      auto const loaded = load_master_key(options_, random_, *log);
      ASSERT_TRUE(loaded.ok()) << describe(loaded.error());
      key = loaded->bytes.reveal();
    });
  }
  for (auto& thread : threads)
    thread.join();
  for (auto const& key : keys)
    EXPECT_EQ(key, keys.front());
}

TEST_F(MasterKeyTest, first_source_wins) {
  options_.environment_key = Secret(base64_encode(a_));
  auto key = load();
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->source, KeySource::environment);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_THAT(log_.lines(), Contains(HasSubstr("comes from the environment")));

  write_key_file(base64_encode(b_) + "\n");
  key = load();
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->source, KeySource::key_file);
  EXPECT_EQ(key->bytes.reveal(), b_);
  EXPECT_THAT(log_.lines(), Contains(HasSubstr("FAIRLEAD_MASTER_KEY ignored")));

  write_credential(a_);
  key = load();
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->source, KeySource::systemd_credential);
  EXPECT_EQ(key->bytes.reveal(), a_);
  EXPECT_THAT(log_.lines(), Contains(HasSubstr("master key file ignored")));
  for (auto const& line : log_.lines()) {
    EXPECT_THAT(line, Not(HasSubstr("aaaa")));
    EXPECT_THAT(line, Not(HasSubstr(base64_encode(a_).substr(0, 20))));
    EXPECT_THAT(line, Not(HasSubstr(base64_encode(b_).substr(0, 20))));
  }
}

TEST_F(MasterKeyTest, a_missing_credential_is_no_error) {
  options_.credentials_directory = folder_.path() / "none";
  EXPECT_EQ(load()->source, KeySource::key_file);
}

TEST_F(MasterKeyTest, refuses_a_file_that_others_can_read) {
  for (unsigned const mode : {0640U, 0604U, 0620U, 0660U, 0644U}) {
    write_key_file(base64_encode(a_), mode);
    auto const refused = load();
    ASSERT_FALSE(refused.ok()) << mode;
    EXPECT_EQ(refused.error().kind, ErrorKind::denied);
    EXPECT_THAT(describe(refused.error()), HasSubstr("chmod 600"));
  }
}

TEST_F(MasterKeyTest, refuses_a_file_of_another_user) {
  write_key_file(base64_encode(a_));
  if (::chown(file_.c_str(), 12'345, static_cast<gid_t>(-1)) != 0) {
    GTEST_SKIP() << "only root can give a file away";
  }
  auto const refused = load();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_THAT(describe(refused.error()), HasSubstr("belongs to another user (uid 12345)"));
}

TEST_F(MasterKeyTest, refuses_links_and_folders) {
  write_file(folder_.path() / "real.key", base64_encode(a_));
  ::chmod((folder_.path() / "real.key").c_str(), 0600);
  fs::create_symlink(folder_.path() / "real.key", file_);
  EXPECT_EQ(load().error().kind, ErrorKind::denied);
  fs::remove(file_);
  fs::create_directory(file_);
  EXPECT_EQ(load().error().kind, ErrorKind::denied);
}

TEST_F(MasterKeyTest, refuses_what_is_not_a_key_without_repeating_it) {
  for (std::string const& text : {std::string(), std::string("short-secret"), a_ + "x",
                                  base64_encode(a_) + "AAAA", std::string(10'000, 'k')}) {
    write_key_file(text);
    auto const refused = load();
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(describe(refused.error()), HasSubstr(file_.string()));
    EXPECT_THAT(describe(refused.error()), Not(HasSubstr("short-secret")));
  }
  fs::remove(file_);
  options_.environment_key = Secret("not base64");
  EXPECT_THAT(load().error().message, HasSubstr("FAIRLEAD_MASTER_KEY"));
  EXPECT_FALSE(fs::exists(file_)) << "a wrong variable must not lead to a new key";
}

TEST_F(MasterKeyTest, reports_a_folder_it_cannot_write) {
  options_.data_folder = folder_.path() / "none";
  auto const refused = load();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
}

TEST_F(MasterKeyTest, takes_the_key_out_of_the_environment) {
  ::setenv("FAIRLEAD_MASTER_KEY", "from the environment", 1);
  ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x", 1);
  char const* memory = std::getenv("FAIRLEAD_MASTER_KEY");
  auto const options = master_key_options_from_environment("/data");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_EQ(options.environment_key.reveal(), "from the environment");
  EXPECT_EQ(options.credentials_directory, "/run/credentials/x");
  EXPECT_EQ(std::getenv("FAIRLEAD_MASTER_KEY"), nullptr);
  EXPECT_EQ(std::string_view(memory, 4), "xxxx");
}

TEST(CoreDumps, are_forbidden) {
  pid_t const child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    rlimit limit{};
    bool const done = forbid_core_dumps().ok() && ::getrlimit(RLIMIT_CORE, &limit) == 0;
    ::_exit(done && limit.rlim_max == 0 && ::prctl(PR_GET_DUMPABLE) == 0 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace fairlead::vault
