// WorkflowLibrary: published workflows as parsed documents, by name and version.
//
// The engine's only way to documents. Published versions never change, so a parsed one is kept; the
// list of newest versions is read again after refresh(), which whoever publishes calls.
// Thread-safe; blocks on the store.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/store.h"
#include "workflow/document.h"

namespace fairlead::run {

using DocumentPtr = std::shared_ptr<workflow::Document const>;

// Versions kept in memory; beyond it the cache starts anew (running instances hold their own).
inline constexpr std::size_t documents_kept_max = 1'000;

class WorkflowLibrary {
 public:
  using Parse = std::function<Result<DocumentPtr>(std::string_view text)>;

  // `parse` is workflow::parse.
  WorkflowLibrary(store::WorkflowStore& workflows, Parse parse);
  WorkflowLibrary(WorkflowLibrary const&) = delete;
  WorkflowLibrary& operator=(WorkflowLibrary const&) = delete;

  struct Name {
    std::string workflow_namespace;
    std::string name;
    std::string version;  // "" or "latest": the newest published
  };
  // not_found; invalid_input / corrupt if the stored text does not parse.
  Result<DocumentPtr> get(Name const& name);
  // The newest published version of each workflow. Those that do not parse are left out.
  Result<std::vector<DocumentPtr>> latest();
  void refresh();
  // Grows with refresh().
  [[nodiscard]] int generation();

 private:
  Result<DocumentPtr> parsed(store::WorkflowRecord const& record);
  Result<DocumentPtr> newest(Name const& name);

  store::WorkflowStore& workflows_;
  Parse parse_;
  std::mutex mutex_;
  std::map<std::string, DocumentPtr> kept_;  // by "namespace/name/version"
  std::optional<std::vector<DocumentPtr>> latest_;
  int generation_{0};  // of the published set: what was read before a refresh is not kept
};

}  // namespace fairlead::run
