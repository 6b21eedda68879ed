#include "app/server_options.h"

#include <gtest/gtest.h>

namespace fairlead::app {
namespace {

TEST(ServerOptions, people_see_what_it_was_started_with_but_no_secret_and_no_folder) {
  ServerOptions options;
  options.data = "/srv/data-folder";
  options.secrets_folder = "/srv/secrets-folder";
  options.secrets_command = "/srv/secrets-command";
  options.tls_key_pem = Secret("the-key");
  options.public_url = "https://fairlead.test";
  options.allowed_private = {"10.0.0.0/8", "chat.test"};
  options.allowed_http = *net::AddressList::parse({"gitlab.test"}, "--allow-http");
  options.trusted_proxies = *net::AddressList::parse({"192.0.2.1"}, "--trusted-proxy");
  Json const seen = shown(options);
  EXPECT_EQ(seen["publicUrl"].as_string(), "https://fairlead.test");
  EXPECT_EQ(seen["allowedPrivate"].dump(), R"(["10.0.0.0/8","chat.test"])");
  EXPECT_EQ(seen["allowedHttp"].dump(), R"(["gitlab.test"])");
  EXPECT_EQ(seen["trustedProxies"].dump(), R"(["192.0.2.1"])");
  EXPECT_EQ(seen["requestTimeoutSeconds"].as_integer(), 60);
  for (auto const* hidden : {"the-key", "folder", "command"})
    EXPECT_EQ(seen.dump().find(hidden), std::string::npos) << seen.dump();
}

}  // namespace
}  // namespace fairlead::app
