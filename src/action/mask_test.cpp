#include "action/mask.h"

#include "base/result.h"

#include <gtest/gtest.h>

namespace fairlead::action {
namespace {

std::string masked(std::string_view text) {
  Json json = Json::parse(text).value();
  mask_secrets(json);
  return json.dump();
}

TEST(Mask, members_that_hold_secrets_are_masked_wherever_they_are) {
  struct Case {
    std::string_view given, wanted;
  };
  for (Case const& c : std::initializer_list<Case>{
           {R"({"runners_token":"GR1","id":1})", R"({"runners_token":"[masked]","id":1})"},
           {R"([{"a":{"invite_token":"x"}}])", R"([{"a":{"invite_token":"[masked]"}}])"},
           {R"({"token":"x","Password":"y","ssh_private_key":"z"})",
            R"({"token":"[masked]","Password":"[masked]","ssh_private_key":"[masked]"})"},
           {R"({"feed_token":null,"token":"","signing_token_present":true})",
            R"({"feed_token":null,"token":"","signing_token_present":true})"},
           {R"({"token_expires_at":"2027-01-01","job_token_scope":true,"key":"ssh-rsa A"})",
            R"({"token_expires_at":"2027-01-01","job_token_scope":true,"key":"ssh-rsa A"})"},
           {R"({"import_url":"https://u:p@git.example.org/x.git"})",
            R"({"import_url":"https://[masked]@git.example.org/x.git"})"},
           {R"({"web_url":"https://git.example.org/@alice"})",
            R"({"web_url":"https://git.example.org/@alice"})"},
           {R"({"urls":["https://u:p@h/x"]})", R"({"urls":["https://[masked]@h/x"]})"},
           {R"([{"key":"DB_PASSWORD","value":"x"},{"key":"REGION","value":"eu"}])",
            R"([{"key":"DB_PASSWORD","value":"[masked]"},{"key":"REGION","value":"eu"}])"},
       }) {
    EXPECT_EQ(masked(c.given), c.wanted);
  }
}

TEST(Mask, texts_lose_tokens_headers_and_credentials_in_urls) {
  struct Case {
    std::string_view given, wanted;
  };
  for (Case const& c : std::initializer_list<Case>{
           {"push with glpat-abcDEF123_- done", "push with [masked] done"},
           {"a gloas-0123 and glrt-x.y", "a [masked] and [masked]"},
           {"Authorization: Bearer abc.def=", "Authorization: Bearer [masked]"},
           {"curl -H 'PRIVATE-TOKEN: s3cret' x", "curl -H 'PRIVATE-TOKEN: [masked]' x"},
           {"git clone https://bot:pw@h/x https://h/y@z",
            "git clone https://[masked]@h/x https://h/y@z"},
           {"see glpat- prefixes", "see glpat- prefixes"},
           {"mail a@b about https://h/x", "mail a@b about https://h/x"},
           {"nothing here", "nothing here"},
           {"", ""}}) {
    EXPECT_EQ(mask_text(c.given), c.wanted);
  }
}

}  // namespace
}  // namespace fairlead::action
