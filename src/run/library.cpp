#include "run/library.h"

#include <utility>

namespace fairlead::run {
namespace {

std::string key_of(std::string_view workflow_namespace, std::string_view name,
                   std::string_view version) {
  return std::string(workflow_namespace) + "/" + std::string(name) + "/" + std::string(version);
}

}  // namespace

WorkflowLibrary::WorkflowLibrary(store::WorkflowStore& workflows, Parse parse)
    : workflows_(workflows), parse_(std::move(parse)) {}

Result<DocumentPtr> WorkflowLibrary::parsed(store::WorkflowRecord const& record) {
  std::string const key = key_of(record.workflow_namespace, record.name, record.version);
  bool const fixed = record.status != "draft";
  {
    std::lock_guard const lock(mutex_);
    auto const found = kept_.find(key);
    if (fixed && found != kept_.end()) return found->second;
  }
  FAIRLEAD_TRY(auto document, parse_(record.source));
  std::lock_guard const lock(mutex_);
  if (kept_.size() >= documents_kept_max) kept_.clear();
  if (fixed) kept_[key] = document;
  return document;
}

Result<DocumentPtr> WorkflowLibrary::newest(Name const& name) {
  FAIRLEAD_TRY(auto documents, latest());
  for (auto const& each : documents) {
    if (each->workflow_namespace == name.workflow_namespace && each->name == name.name) return each;
  }
  Error error =
      make_error(ErrorKind::not_found, "There is no published workflow " + name.workflow_namespace +
                                           "/" + name.name + ".");
  error.remedy =
      "`fairlead workflow list` shows those there are; publish one with `fairlead workflow apply`.";
  return error;
}

Result<DocumentPtr> WorkflowLibrary::get(Name const& name) {
  if (name.version.empty() || name.version == "latest") return newest(name);
  {
    std::lock_guard const lock(mutex_);
    auto const found = kept_.find(key_of(name.workflow_namespace, name.name, name.version));
    if (found != kept_.end()) return found->second;
  }
  FAIRLEAD_TRY(auto record, workflows_.get(name.workflow_namespace, name.name, name.version));
  return parsed(record);
}

Result<std::vector<DocumentPtr>> WorkflowLibrary::latest() {
  int generation = 0;
  {
    std::lock_guard const lock(mutex_);
    if (latest_) return *latest_;
    generation = generation_;
  }
  FAIRLEAD_TRY(auto records, workflows_.latest());
  std::vector<DocumentPtr> documents;
  for (auto const& record : records) {
    auto document = parsed(record);
    if (document.ok()) documents.push_back(std::move(document).value());
  }
  std::lock_guard const lock(mutex_);
  if (generation == generation_) latest_ = documents;
  return documents;
}

int WorkflowLibrary::generation() {
  std::lock_guard const lock(mutex_);
  return generation_;
}

void WorkflowLibrary::refresh() {
  std::lock_guard const lock(mutex_);
  latest_.reset();
  ++generation_;
}

}  // namespace fairlead::run
