#include "workflow/document.h"

namespace fairlead::workflow {
namespace {

Task const* in_task(Task const& task, std::string_view pointer);

Task const* in_list(std::shared_ptr<TaskList const> const& list, std::string_view pointer) {
  if (!list) return nullptr;
  for (auto const& task : *list) {
    if (auto const* found = in_task(task, pointer)) return found;
  }
  return nullptr;
}

Task const* in_body(TaskBody const& body, std::string_view pointer) {
  if (auto const* block = std::get_if<DoTask>(&body)) return in_list(block->tasks, pointer);
  if (auto const* loop = std::get_if<ForTask>(&body)) return in_list(loop->tasks, pointer);
  if (auto const* attempt = std::get_if<TryTask>(&body)) {
    auto const* found = in_list(attempt->tasks, pointer);
    return found != nullptr ? found : in_list(attempt->handler, pointer);
  }
  if (auto const* fork = std::get_if<ForkTask>(&body)) {
    for (auto const& branch : fork->branches) {
      if (auto const* found = in_task(*branch.task, pointer)) return found;
    }
  }
  return nullptr;
}

Task const* in_task(Task const& task, std::string_view pointer) {
  if (!pointer.starts_with(task.pointer)) return nullptr;
  if (pointer.size() == task.pointer.size()) return &task;
  return pointer[task.pointer.size()] == '/' ? in_body(task.body, pointer) : nullptr;
}

}  // namespace

Task const* Document::task(std::string_view pointer) const {
  for (auto const& function : functions) {
    if (auto const* found = in_task(*function.second, pointer)) return found;
  }
  return in_list(tasks, pointer);
}

}  // namespace fairlead::workflow
