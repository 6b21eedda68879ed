#include "gitlab/job_logs.h"

#include <algorithm>
#include <deque>

#include "action/mask.h"
#include "action/request.h"
#include "base/text.h"

namespace fairlead::gitlab {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Skips one escape sequence that starts at `at`; the position after it.
std::size_t after_escape(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return text.size();
  if (text[at + 1] != '[') return at + 2;
  at += 2;
  while (at < text.size() && (text[at] < '@' || text[at] > '~'))
    ++at;
  return std::min(at + 1, text.size());
}

std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\x1b') {
      at = after_escape(text, at);
      continue;
    }
    auto const byte = static_cast<unsigned char>(text[at]);
    if (byte >= ' ' || byte == '\t' || byte == '\r') out += text[at];
    ++at;
  }
  return out;
}

// "section_start:1700000000:build_script[collapsed=true]" and its end: markers for GitLab's own
// page.
bool is_section_marker(std::string_view part) {
  for (std::string_view const word : {"section_start:", "section_end:"}) {
    if (!part.starts_with(word)) continue;
    part.remove_prefix(word.size());
    std::size_t const colon = part.find(':');
    return colon != part.npos && colon > 0 && std::ranges::all_of(part.substr(0, colon), is_digit);
  }
  return false;
}

// What a terminal would show of a line: after a carriage return the line is written anew.
std::string_view last_overwrite(std::string_view line) {
  while (line.ends_with('\r'))
    line.remove_suffix(1);
  std::string_view shown = line;
  while (true) {
    std::size_t const mark = line.find('\r');
    std::string_view const part = line.substr(0, mark);
    if (!is_section_marker(part)) shown = part;
    if (mark == line.npos) return is_section_marker(shown) ? std::string_view() : shown;
    line.remove_prefix(mark + 1);
    shown = line;
  }
}

// Runners since 17 may write "2026-11-22T12:43:46.962646Z 00O " before each line ("+" continues
// one).
std::string_view without_stamp(std::string_view line) {
  constexpr std::string_view shape = "0000-00-00T00:00:00.000000Z ";
  if (line.size() < shape.size() + 3) return line;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == '0' ? !is_digit(line[i]) : shape[i] != line[i]) return line;
  }
  line.remove_prefix(shape.size() + 3);  // stream number and O or E
  if (line.starts_with('+') || line.starts_with(' ')) line.remove_prefix(1);
  return line;
}

Json entry_of(Json const& job) {
  Json entry = Json::object();
  for (char const* name : {"id", "name", "stage", "web_url", "failure_reason", "allow_failure"}) {
    if (job.contains(name)) entry.set(name, job[name]);
  }
  return entry;
}

void add_log(action::Api& api, JobsOf const& of, std::int64_t lines, Json& entry) {
  auto const answer =
      api.send(action::get("/projects/{}/jobs/{}/trace", of.project, entry["id"].as_integer()));
  if (!answer.ok()) {
    entry.set("log_error", describe(answer.error()));
    return;
  }
  // A log that happens to be JSON was parsed as such.
  std::string const text = answer->body.is_null() ? answer->text : answer->body.pretty();
  entry.set("log_tail", log_tail(text, lines));
}

}  // namespace

std::string log_tail(std::string_view log, std::int64_t lines) {
  std::deque<std::string> tail;
  auto const wanted = static_cast<std::size_t>(std::clamp<std::int64_t>(lines, 1, log_lines_max));
  // From the end: a log may be large, its end is what is read.
  while (!log.empty() && tail.size() < wanted) {
    std::size_t const mark = log.rfind('\n');
    std::string_view const raw = mark == log.npos ? log : log.substr(mark + 1);
    log = mark == log.npos ? std::string_view() : log.substr(0, mark);
    std::string const plain = without_escapes(raw);
    std::string line(trim(without_stamp(last_overwrite(plain))).empty()
                         ? std::string_view()
                         : without_stamp(last_overwrite(plain)));
    if (line.empty()) continue;
    tail.push_front(shorten(action::mask_text(replace_invalid_utf8(line)), log_line_bytes_max));
  }
  std::vector<std::string> const ordered(tail.begin(), tail.end());
  return join(ordered, "\n");
}

Result<Json> list_jobs(action::Api& api, JobsOf const& of) {
  Json jobs = Json::array();
  action::ListOptions const options{.limit = jobs_max};
  auto const take = [&](Json job) -> Result<void> {
    jobs.push_back(std::move(job));
    return {};
  };
  FAIRLEAD_CHECK(api.list(action::get("/projects/{}/pipelines/{}/jobs", of.project, of.pipeline_id),
                          options, take));
  return jobs;
}

Json failed_jobs(action::Api& api, JobsOf const& of, Json const& jobs, std::int64_t lines) {
  Json list = Json::array();
  for (bool const may_fail : {false, true}) {
    for (Json const& job : jobs.items()) {
      if (job["status"].as_string() != "failed" || job["allow_failure"].as_bool() != may_fail)
        continue;
      Json entry = entry_of(job);
      if (list.size() < logs_fetched_max) {
        add_log(api, of, lines, entry);
      } else {
        entry.set("log_error",
                  "Not fetched: only the first " + std::to_string(logs_fetched_max) + " logs are.");
      }
      list.push_back(std::move(entry));
    }
  }
  return list;
}

}  // namespace fairlead::gitlab
