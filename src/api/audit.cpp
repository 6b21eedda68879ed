#include "api/audit.h"

#include "api/problem.h"
#include "store/rules.h"

namespace fairlead::api {
namespace {

using store::AuditEntry;

constexpr int export_page = 500;
constexpr std::size_t export_buffered_max = 256u << 10;
constexpr Milliseconds export_patience{30'000};

Json to_json(AuditEntry const& entry) {
  return Json::object({{"seq", entry.seq},
                       {"at", format_time(entry.at)},
                       {"actor", Json::object({{"kind", entry.actor_kind}, {"name", entry.actor}})},
                       {"action", entry.action},
                       {"target", entry.target},
                       {"outcome", entry.outcome},
                       {"from", entry.from},
                       {"detail", entry.detail}});
}

Result<std::optional<Time>> time_of(net::ServerRequest const& request, std::string const& name) {
  std::string_view const text = request.query_value(name);
  if (text.empty()) return std::optional<Time>();
  if (auto time = parse_time(text)) return std::optional(*time);
  return invalid_input(name, name + " must be a time like 2026-11-22T17:00:00Z.");
}

// 0: from the newest.
Result<std::int64_t> below_of(net::ServerRequest const& request) {
  std::string const cursor(request.query_value("cursor"));
  if (cursor.empty()) return std::int64_t{0};
  return store::row_from_cursor(cursor);
}

Result<net::ServerResponse> list(AuditRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(int const limit, limit_of(call.request));
  FAIRLEAD_TRY(auto const below, below_of(call.request));
  store::AuditFilter filter;
  filter.actor = call.request.query_value("actor");
  filter.action = call.request.query_value("action");
  FAIRLEAD_TRY(filter.from, time_of(call.request, "from"));
  FAIRLEAD_TRY(filter.before, time_of(call.request, "to"));
  FAIRLEAD_TRY(auto const page, parts.store.list(filter, below, limit));
  Json items = Json::array();
  for (auto const& entry : page)
    items.push_back(to_json(entry));
  bool const full = page.size() == static_cast<std::size_t>(limit);
  std::string const next = full ? store::cursor_from_row(page.back().seq) : "";
  return net::json_response(200, Json::object({{"items", std::move(items)}, {"nextCursor", next}}));
}

void export_all(store::AuditStore& store, std::shared_ptr<net::StreamWriter> const& writer) {
  std::int64_t after = 0;
  for (;;) {
    auto const page = store.after(after, export_page);
    if (!page.ok()) {
      writer->write(Json::object({{"problem", fairlead::to_json(page.error())}}).dump() + "\n");
      break;
    }
    if (page->empty()) break;
    std::string lines;
    for (auto const& entry : *page) {
      Json line = to_json(entry);
      line.set("hash", entry.hash);
      lines += line.dump() + "\n";
    }
    after = page->back().seq;
    if (!writer->write(lines) || !writer->wait_below(export_buffered_max, export_patience)) break;
  }
  writer->close();
}

Result<net::ServerResponse> stream(AuditRoutesParts const& parts) {
  net::ServerResponse response = net::text_response(200, "", "application/x-ndjson");
  response.headers.add("Content-Disposition", "attachment; filename=\"fairlead-audit.jsonl\"");
  response.on_stream = [&store = parts.store](std::shared_ptr<net::StreamWriter> const& writer) {
    export_all(store, writer);
  };
  return response;
}

Result<net::ServerResponse> check(AuditRoutesParts const& parts) {
  FAIRLEAD_TRY(auto const found, store::check_chain(parts.store));
  Json json =
      Json::object({{"whole", !found.broken_at.has_value()},
                    {"entries", found.entries},
                    {"head", Json::object({{"seq", found.head.seq}, {"hash", found.head.hash}})}});
  if (found.broken_at) json.set("brokenAt", *found.broken_at);
  return net::json_response(200, json);
}

}  // namespace

std::vector<Endpoint> audit_endpoints(AuditRoutesParts const& parts) {
  using net::Method;
  constexpr auto admin = access::Role::org_admin;
  return {{Method::get, "/api/v1/audit", admin, "The audit log, newest first",
           [parts](Call const& call) { return list(parts, call); }},
          {Method::get, "/api/v1/audit/export", admin, "All of the audit log as JSON lines",
           [parts](Call const&) { return stream(parts); }},
          {Method::get, "/api/v1/audit/check", admin, "Is the audit log's chain whole",
           [parts](Call const&) { return check(parts); }}};
}

}  // namespace fairlead::api
