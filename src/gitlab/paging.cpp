#include "gitlab/paging.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "gitlab/link_header.h"

namespace fairlead::gitlab {
namespace {

using action::ListOptions;
using action::ListSummary;
using action::Request;
using action::Response;

std::string query_value(net::QueryPairs const& query, std::string_view name) {
  auto const found = std::find_if(query.begin(), query.end(),
                                  [&](auto const& pair) { return pair.first == name; });
  return found == query.end() ? "" : found->second;
}

void set_query(net::QueryPairs& query, std::string const& name, std::string value) {
  for (auto& pair : query) {
    if (pair.first == name) return static_cast<void>(pair.second = std::move(value));
  }
  query.emplace_back(name, std::move(value));
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  auto const [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "/projects/ops%2Fincidents/issues" -> "/projects/:id/issues"
std::string kind_of(std::string_view path) {
  auto const parts = split(path, '/');
  std::string kind;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    kind += '/';
    kind += i == 2 ? ":id" : parts[i];
  }
  return kind;
}

bool refused_offset(Error const& error) {
  return error.status == 405 && error.message.find("Offset pagination") != std::string::npos;
}

bool refused_keyset(Error const& error) {
  return error.status == 405 && error.message.find("Keyset pagination") != std::string::npos;
}

bool by_keyset(Request const& request) {
  return query_value(request.query, "pagination") == "keyset";
}

bool says_anything_of_pages(Response const& response) {
  constexpr std::array<std::string_view, 6> names{"X-Next-Page",   "X-Page",     "X-Total",
                                                  "X-Next-Cursor", "X-Per-Page", "Link"};
  return std::any_of(names.begin(), names.end(),
                     [&](auto name) { return response.headers.contains(name); });
}

bool has_unreadable_link(Response const& response) {
  auto const header = response.headers.get("Link");
  return !trim(header).empty() && parse_link_header(header).empty() &&
         !response.headers.contains("X-Next-Page") && !response.headers.contains("X-Page");
}

// One listing under way.
class Listing {
 public:
  Listing(Fetch const& fetch, Request request, ListOptions const& options,
          action::ItemSink const& sink, KeysetMemory& memory)
      : fetch_(fetch), first_(std::move(request)), options_(options), sink_(sink), memory_(memory) {
    auto const limit = options.limit.value_or(per_page_max);
    per_page_ = static_cast<int>(
        std::clamp<std::int64_t>(std::min<std::int64_t>(limit, options.per_page), 1, per_page_max));
    set_query(first_.query, "per_page", std::to_string(per_page_));
  }

  Result<ListSummary> run() {
    if (options_.limit && *options_.limit <= 0) return invalid_input("limit", "must be at least 1");
    Request request = start();
    for (int page = 0; page < pages_max; ++page) {
      auto response = fetch_(request);
      if (!response.ok()) {
        FAIRLEAD_TRY(request, another_way(request, std::move(response).error()));
        continue;
      }
      FAIRLEAD_TRY(bool const full, take(response.value()));
      auto next = next_page(request, response.value());
      if (full || !next) return finish(response.value(), full && (rest_in_page_ || next), request);
      request = std::move(*next);
    }
    return too_many_pages();
  }

 private:
  // Asks by keyset from the start if the listing may be long and GitLab can.
  Request start() {
    Request request = first_;
    bool const maybe_long = !options_.limit || *options_.limit > keyset_limit_min;
    if (!maybe_long) return request;
    auto const keyset = keyset_for(first_, KeysetUse::preferred);
    if (keyset && !memory_.refused(keyset->kind)) use_keyset(request, *keyset);
    return request;
  }

  static void use_keyset(Request& request, Keyset const& keyset) {
    set_query(request.query, "pagination", "keyset");
    set_query(request.query, "order_by", keyset.order_by);
    set_query(request.query, "sort", keyset.sort);
  }

  // After a refusal of the way we page: the same listing from its start the other way. What was
  // seen is skipped.
  Result<Request> another_way(Request const& request, Error error) {
    bool const switched_before = switches_ >= switches_max;
    if (!switched_before && by_keyset(request) && refused_keyset(error)) {
      ++switches_;
      memory_.refuse(kind_of(first_.path));
      return first_;
    }
    if (!switched_before && !by_keyset(request) && refused_offset(error)) {
      ++switches_;
      auto const keyset = keyset_for(first_, KeysetUse::last_resort);
      if (keyset && !memory_.refused(keyset->kind)) {
        Request again = first_;
        use_keyset(again, *keyset);
        return again;
      }
      error.where = "order_by";
      error.remedy = "Order by id, which GitLab can page without an end, or narrow the search.";
    }
    return error;
  }

  // Hands over the rows of one page; true once the limit is reached.
  Result<bool> take(Response& response) {
    if (!response.body.is_array()) {
      auto error = make_error(ErrorKind::corrupt,
                              "GitLab answered " + std::string(net::to_string(first_.method)) +
                                  " " + first_.path + " with something that is not a list.");
      error.status = response.status;
      return error;
    }
    if (auto const total = number(response.headers.get("X-Total"))) total_ = total;
    auto& rows = response.body.make_array();
    rows_in_page_ = rows.size();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!seen_.insert(rows[i])) continue;
      FAIRLEAD_CHECK(sink_(std::move(rows[i])));
      ++count_;
      if (count_ != options_.limit) continue;
      rest_in_page_ = i + 1 < rows.size();
      return true;
    }
    return false;
  }

  std::optional<Request> next_page(Request const& request, Response const& response) const {
    Request next = request;
    auto const page = trim(response.headers.get("X-Next-Page"));
    if (!page.empty()) {
      set_query(next.query, "page", std::string(page));
    } else {
      std::string const link = link_target(response.headers.get("Link"), "next");
      auto const query = link.find('?');
      if (query == std::string::npos) return std::nullopt;
      next.query =
          net::decode_query(std::string_view(link).substr(query + 1, link.find('#') - query - 1));
    }
    // A link to where we are would never end.
    if (next.query == request.query) return std::nullopt;
    return next;
  }

  ListSummary finish(Response const& last, bool more, Request const& request) const {
    ListSummary summary;
    summary.count = count_;
    summary.total = total_;
    summary.complete = !more;
    std::string const count = with_thousands(count_);
    if (more && total_) {
      summary.note = count + " of " + with_thousands(*total_);
    } else if (more && !by_keyset(request) && last.headers.contains("X-Next-Page")) {
      summary.note = count + " of more than 10,000";  // above that GitLab does not count
    } else if (more) {
      summary.note = count + " of more";
    } else if (has_unreadable_link(last)) {
      summary.complete = false;
      summary.note = count + ", and the server's link to the next page cannot be read";
    } else if (!says_anything_of_pages(last) &&
               rows_in_page_ >= static_cast<std::size_t>(per_page_)) {
      // A proxy that takes GitLab's headers away would cut every listing short without a trace.
      summary.complete = false;
      summary.note = count + ", and the server did not say whether there are more";
    }
    return summary;
  }

  Error too_many_pages() const {
    auto error =
        make_error(ErrorKind::invalid_input, "The listing " + first_.path + " has more than " +
                                                 with_thousands(pages_max) + " pages; " +
                                                 with_thousands(count_) + " rows were read.");
    error.where = "limit";
    error.remedy = "Narrow the search, or set a limit.";
    return error;
  }

  // Keyset to offset to keyset at most.
  static constexpr int switches_max = 2;

  Fetch const& fetch_;
  Request first_;
  ListOptions const& options_;
  action::ItemSink const& sink_;
  KeysetMemory& memory_;
  int per_page_{per_page_max};
  int switches_{0};
  SeenIds seen_;
  std::int64_t count_{0};
  std::optional<std::int64_t> total_;
  std::size_t rows_in_page_{0};
  bool rest_in_page_{false};
};

}  // namespace

bool SeenIds::insert(Json const& row) {
  Json const& id = row["id"];
  if (!id.is_integer()) return true;
  std::int64_t const number = id.as_integer();
  if (previous_.contains(number)) return false;
  if (current_.size() >= ids_max_ / 2) {
    previous_ = std::move(current_);
    current_.clear();
    if (previous_.contains(number)) return false;
  }
  return current_.insert(number).second;
}

void KeysetMemory::refuse(std::string const& kind) {
  std::scoped_lock const lock(mutex_);
  kinds_.insert(kind);
}

bool KeysetMemory::refused(std::string const& kind) const {
  std::scoped_lock const lock(mutex_);
  return kinds_.contains(kind);
}

// Supported: projects by id, users, issues of a project (18.3), jobs by id, groups by name
// ascending. https://docs.gitlab.com/api/rest/#supported-resources (19.5)
std::optional<Keyset> keyset_for(Request const& request, KeysetUse use) {
  std::string const kind = kind_of(request.path);
  std::string const order = query_value(request.query, "order_by");
  std::string const sort = query_value(request.query, "sort");
  std::string const descending = sort.empty() ? "desc" : sort;
  // The defaults are by creation, which is the order of ids.
  if (kind == "/projects" && one_of(order, {"", "id"})) return Keyset{kind, "id", descending};
  if (kind == "/projects/:id/jobs" && one_of(order, {"", "id"})) return Keyset{kind, "id", "desc"};
  if (kind == "/users" &&
      one_of(order, {"", "id", "name", "username", "created_at", "updated_at"})) {
    return Keyset{kind, order.empty() ? "id" : order, descending};
  }
  if (kind == "/projects/:id/issues" &&
      one_of(order, {"", "created_at", "updated_at", "title", "id", "weight", "due_date",
                     "relative_position"})) {
    return Keyset{kind, order.empty() ? "created_at" : order, descending};
  }
  bool const groups = kind == "/groups" && one_of(order, {"", "name"}) && sort != "desc";
  if (groups && use == KeysetUse::last_resort) return Keyset{kind, "name", "asc"};
  return std::nullopt;
}

Result<ListSummary> list_pages(Fetch const& fetch, Request request, ListOptions const& options,
                               action::ItemSink const& sink, KeysetMemory& memory) {
  return Listing(fetch, std::move(request), options, sink, memory).run();
}

}  // namespace fairlead::gitlab
