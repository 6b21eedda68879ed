// The runs a person looks for: the filter in a query string, and a search in their words.
//
// The store filters by what it has indexes for. `text` is looked for afterwards, in the words of
// each row: what triggered the run, what it waits for, its error, workflow and id. A search reads a
// bounded number of rows a call and gives the cursor of the rest. Blocking; any thread.
#pragma once

#include <string>

#include "api/endpoint.h"
#include "store/store.h"

namespace fairlead::api {

// Rows one call looks at for a text.
inline constexpr int searched_rows_max = 2'000;

struct RunSearch {
  store::RunFilter filter;
  std::string text;  // lower case; "": any
};

// Of ?status=&workflow=&event=&parent=&startedAfter=&startedBefore=&text=. invalid_input.
// A status that runs can have; else an error that names all of them.
Result<void> known_run_status(std::string const& status);
Result<RunSearch> run_search_of(net::ServerRequest const& request);
// A page may hold fewer than `limit` and still have a next one.
Result<store::Page<store::RunRecord>> find_runs(store::RunStore& store, RunSearch const& search,
                                                std::string cursor, int limit);

}  // namespace fairlead::api
