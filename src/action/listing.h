// Listings: what every list action has in common: `limit` or `all`, streaming, "100 of 1,243".
//
// A list action is defined with Output = Listing<Item>; its Input has the members `limit` and `all`
// with the fields limit_field() and all_field(). Items are handed to Context::sink, or collected
// into `items` up to a maximum.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "action/action.h"
#include "schema/codec.h"

namespace fairlead::action {

inline constexpr std::int64_t list_limit_default = 100;
inline constexpr std::int64_t per_page_max = 100;  // GitLab's own cap
// Items that one output may hold; longer listings are streamed (CLI, API export) or limited.
inline constexpr std::int64_t collected_items_max = 100'000;

// The output type of a listing: {items, count, total, complete, note}.
template <class T>
struct Listing {
  using Item = T;
};

template <class T>
inline constexpr bool is_listing = false;
template <class T>
inline constexpr bool is_listing<Listing<T>> = true;

template <class Input>
constexpr auto limit_field(std::optional<std::int64_t> Input::*member) {
  return schema::field("limit", member,
                       {.label = "Limit",
                        .help = "At most that many; 100 if neither limit nor all is given.",
                        .example = "500",
                        .minimum = 1,
                        .maximum = 1'000'000});
}

template <class Input>
constexpr auto all_field(bool Input::*member) {
  return schema::field("all", member,
                       {.label = "All",
                        .help = "Everything there is, however many pages that takes.",
                        .example = "true",
                        .defaulted = true});
}

// Not both of them.
Result<void> check_limits(std::optional<std::int64_t> const& limit, bool const& all);
ListOptions list_options(std::optional<std::int64_t> const& limit, bool const& all);
// Adds the per_page that the client will send, so that a dry run shows the literal first request.
void show_page_size(std::vector<Request>& requests, ListOptions const& options);

// Sends the only request page by page; every item is checked, masked, and handed over.
using ItemCheck = std::function<Result<void>(Json const& item)>;
Result<Outcome> run_listing(Context& context, std::vector<Request> const& requests,
                            ListOptions const& options, ItemCheck const& check);

Json listing_schema(Json item);

}  // namespace fairlead::action

template <class T>
struct fairlead::schema::Codec<fairlead::action::Listing<T>> {
  static Json encode(action::Listing<T> const&) { return nullptr; }
  static Json schema(Unknown unknown) { return action::listing_schema(Codec<T>::schema(unknown)); }
};
