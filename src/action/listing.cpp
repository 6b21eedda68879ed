#include "action/listing.h"

#include <algorithm>

#include "action/mask.h"
#include "base/assert.h"
#include "base/text.h"

namespace fairlead::action {

Result<void> check_limits(std::optional<std::int64_t> const& limit, bool const& all) {
  if (limit && all) return invalid_input("limit", "and all exclude each other: give one of them");
  return {};
}

ListOptions list_options(std::optional<std::int64_t> const& limit, bool const& all) {
  ListOptions options;
  if (!all) options.limit = limit.value_or(list_limit_default);
  options.per_page = static_cast<int>(std::min(per_page_max, options.limit.value_or(per_page_max)));
  return options;
}

void show_page_size(std::vector<Request>& requests, ListOptions const& options) {
  for (Request& request : requests) {
    request.query.emplace_back("per_page", std::to_string(options.per_page));
  }
}

Result<Outcome> run_listing(Context& context, std::vector<Request> const& requests,
                            ListOptions const& options, ItemCheck const& check) {
  FAIRLEAD_ASSERT(requests.size() == 1, "a listing is one request, page by page");
  Json items = Json::array();
  std::int64_t collected = 0;
  auto const take = [&](Json item) -> Result<void> {
    FAIRLEAD_CHECK(check(item));
    mask_secrets(item);
    if (context.sink) return context.sink(std::move(item));
    if (++collected > collected_items_max) {
      return invalid_input("all", "would put more than " + with_thousands(collected_items_max) +
                                      " items into one output; give a limit or narrower filters");
    }
    items.push_back(std::move(item));
    return {};
  };
  FAIRLEAD_TRY(ListSummary summary, context.api.list(requests.front(), options, take));
  Outcome outcome;
  outcome.output = Json::object();
  if (!context.sink) outcome.output.set("items", std::move(items));
  outcome.output.set("count", summary.count);
  outcome.output.set("total", summary.total ? Json(*summary.total) : Json(nullptr));
  outcome.output.set("complete", summary.complete);
  outcome.output.set("note", summary.note);
  return outcome;
}

Json listing_schema(Json item) {
  auto const described = [](Json type, char const* text) {
    type.set("description", text);
    return type;
  };
  Json items = Json::object({{"type", "array"}, {"items", std::move(item)}});
  Json total = Json::object({{"type", Json::array({"integer", "null"})}});
  Json properties = Json::object(
      {{"items", described(std::move(items), "In the order asked for, none twice.")},
       {"count", described(schema::simple_schema("integer"), "How many items there are here.")},
       {"total", described(std::move(total), "How many GitLab has; null if it does not say.")},
       {"complete", described(schema::simple_schema("boolean"), "False: stopped at the limit.")},
       {"note", described(schema::simple_schema("string"), "\"100 of 1,243\" if not complete.")}});
  return Json::object({{"type", "object"},
                       {"properties", std::move(properties)},
                       {"required", Json::array({"count", "total", "complete", "note"})},
                       {"additionalProperties", false}});
}

}  // namespace fairlead::action
