// The words a list is looked through for: ?q=.
//
// Every word must stand somewhere in the row, in any of the texts that the list names, whatever the
// case of its (ASCII) letters; without words every row is found. Used by the lists of people,
// tokens, webhooks, workflows and events. Pure; any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_server.h"

namespace fairlead::api {

class SearchWords {
 public:
  // Of ?q=; words beyond the first 16 are not looked for.
  explicit SearchWords(net::ServerRequest const& request);

  bool empty() const { return words_.empty(); }
  bool in(std::initializer_list<std::string_view> texts) const;

 private:
  std::vector<std::string> words_;
};

}  // namespace fairlead::api
