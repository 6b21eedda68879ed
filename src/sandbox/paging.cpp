#include "sandbox/paging.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "sandbox/form.h"

namespace fairlead::sandbox {
namespace {

// Every parameter sent, flattened back to "a[b][]=c" pairs.
void flatten(std::string const& key, Json const& value, Pairs& out) {
  if (value.is_object()) {
    for (auto const& [name, member] : value.members()) {
      flatten(key.empty() ? name : key + "[" + name + "]", member, out);
    }
  } else if (value.is_array()) {
    for (Json const& item : value.items())
      flatten(key + "[]", item, out);
  } else {
    out.emplace_back(key, value.is_string() ? value.as_string() : value.dump());
  }
}

// The real Link URLs repeat what was sent, add defaults and the path's id, and are sorted by name.
std::string page_url(Call const& call, PageRules const& rules, Pairs const& changes) {
  Pairs pairs;
  flatten("", call.sent, pairs);
  auto const put = [&pairs](std::string const& name, std::string const& value) {
    std::erase_if(pairs, [&name](auto const& pair) { return pair.first == name; });
    pairs.emplace_back(name, value);
  };
  auto const sent = [&pairs](std::string const& name) {
    return std::any_of(pairs.begin(), pairs.end(),
                       [&](auto const& pair) { return pair.first == name; });
  };
  for (auto const& [name, value] : rules.defaults) {
    if (!sent(name)) put(name, value);
  }
  if (!call.arguments.empty()) put("id", call.arguments.front());
  for (auto const& [name, value] : changes)
    put(name, value);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](auto const& a, auto const& b) { return a.first < b.first; });
  std::string query;
  for (auto const& [name, value] : pairs) {
    query += (query.empty() ? "" : "&") + encode_percent(name) + "=" + encode_percent(value);
  }
  std::string_view const path = call.target.substr(0, call.target.find('?'));
  return call.world.base_url + std::string(path) + "?" + query;
}

std::string link(std::string const& url, std::string_view relation) {
  return "<" + url + ">; rel=\"" + std::string(relation) + "\"";
}

struct OffsetPage {
  std::size_t page{1};
  std::size_t per_page{20};
  std::size_t rows{0};
  [[nodiscard]] std::size_t first() const { return std::min(rows, (page - 1) * per_page); }
  [[nodiscard]] std::size_t last() const { return std::min(rows, first() + per_page); }
  [[nodiscard]] bool has_next() const { return page * per_page < rows; }
  [[nodiscard]] std::size_t pages() const {
    return std::max<std::size_t>(1, (rows + per_page - 1) / per_page);
  }
};

void add_offset_headers(Call const& call, OffsetPage const& page, PageRules const& rules,
                        Reply& reply) {
  bool const counted = page.rows <= counted_rows_max;
  auto const at = [&](std::size_t number) {
    return page_url(
        call, rules,
        {{"page", std::to_string(number)}, {"per_page", std::to_string(page.per_page)}});
  };
  std::vector<std::string> links;
  if (page.page > 1) links.push_back(link(at(page.page - 1), "prev"));
  if (page.has_next()) links.push_back(link(at(page.page + 1), "next"));
  links.push_back(link(at(1), "first"));
  if (counted) links.push_back(link(at(page.pages()), "last"));
  reply.headers.add("Link", join(links, ", "));
  reply.headers.add("X-Next-Page", page.has_next() ? std::to_string(page.page + 1) : "");
  reply.headers.add("X-Page", std::to_string(page.page));
  reply.headers.add("X-Per-Page", std::to_string(page.per_page));
  reply.headers.add("X-Prev-Page", page.page > 1 ? std::to_string(page.page - 1) : "");
  if (counted) {
    reply.headers.add("X-Total", std::to_string(page.rows));
    reply.headers.add("X-Total-Pages", std::to_string(page.pages()));
  }
}

Reply rows_reply(std::size_t first, std::size_t last,
                 std::function<Json(std::size_t)> const& present) {
  Json rows = Json::array();
  for (std::size_t i = first; i < last; ++i)
    rows.push_back(present(i));
  return json_reply(200, rows);
}

// A cursor is opaque to clients: the id of the last row seen.
std::string make_cursor(Number id) {
  return base64url_encode(Json::object({{"id", std::to_string(id)}, {"_kd", "n"}}).dump());
}

std::optional<Number> read_cursor(std::string_view text) {
  auto const decoded = base64_decode(text);
  if (!decoded) return std::nullopt;
  auto const json = Json::parse(*decoded);
  if (!json.ok()) return std::nullopt;
  std::string const& id = (*json)["id"].as_string();
  Number number = 0;
  auto const [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

Result<Reply> keyset_page(Call& call, std::size_t rows, std::size_t per_page,
                          PageRules const& rules, std::function<Json(std::size_t)> const& present,
                          std::function<Number(std::size_t)> const& id_of) {
  std::size_t first = 0;
  if (rules.keyset == PageRules::Keyset::by_cursor && call.in.filled("cursor")) {
    auto const after = read_cursor(call.in.text("cursor"));
    if (!after) return refuse_message(400, "400 Bad request - Invalid cursor");
    while (first < rows && id_of(first) != *after)
      ++first;
    first = std::min(rows, first + 1);
  }
  std::size_t const last = std::min(rows, first + per_page);
  Reply reply = rows_reply(first, last, present);
  if (last < rows && last > first) {
    Number const id = id_of(last - 1);
    if (rules.keyset == PageRules::Keyset::by_id) {
      bool const rising = call.in.text("sort") == "asc";
      reply.headers.add(
          "Link",
          link(page_url(call, rules, {{rising ? "id_after" : "id_before", std::to_string(id)}}),
               "next"));
    } else {
      std::string const cursor = make_cursor(id);
      reply.headers.add("Link", link(page_url(call, rules, {{"cursor", cursor}}), "next"));
      reply.headers.add("X-Next-Cursor", cursor);
      reply.headers.add("X-Prev-Cursor", "");
    }
  }
  return reply;
}

}  // namespace

Result<Reply> page_reply(Call& call, std::size_t rows, PageRules const& rules,
                         std::function<Json(std::size_t)> const& present,
                         std::function<Number(std::size_t)> const& id_of) {
  Number const page = call.in.integer("page").value_or(1);
  Number const per_page = call.in.integer("per_page").value_or(per_page_default);
  FAIRLEAD_CHECK(call.in.check());
  if (call.in.text("pagination") == "keyset" ||
      (rules.keyset == PageRules::Keyset::by_cursor && call.in.filled("cursor"))) {
    if (rules.keyset == PageRules::Keyset::none) {
      return refuse(405, Json::object({{"error",
                                        "Keyset pagination is not yet available for this type of "
                                        "request"}}));
    }
    return keyset_page(call, rows,
                       static_cast<std::size_t>(std::clamp<Number>(per_page, 1, per_page_max)),
                       rules, present, id_of);
  }
  if (page < 1) return bad_parameters("page does not have a valid value");
  if (per_page < 1) return bad_parameters("per_page does not have a valid value");
  OffsetPage const offset{.page = static_cast<std::size_t>(page),
                          .per_page = static_cast<std::size_t>(std::min(per_page, per_page_max)),
                          .rows = rows};
  if (!rules.offset_limited_type.empty() &&
      (page - 1) > offset_max / static_cast<Number>(offset.per_page)) {
    return refuse(405,
                  Json::object({{"error", "Offset pagination has a maximum allowed offset of " +
                                              std::to_string(offset_max) +
                                              " for requests that return objects of type " +
                                              std::string(rules.offset_limited_type) +
                                              ". Remaining records can be retrieved using keyset "
                                              "pagination."}}));
  }
  Reply reply = rows_reply(offset.first(), offset.last(), present);
  add_offset_headers(call, offset, rules, reply);
  return reply;
}

}  // namespace fairlead::sandbox
