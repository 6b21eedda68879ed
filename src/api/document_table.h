// What every route takes and gives, and the shapes these words stand for (api/type_words.h).
//
// A route without a row, a row without a route, and an answer in the tests that does not fit its
// row all fail: the document cannot say what is not so. Shapes are exact: "any" and "..." stand
// only in types that say in their note why nobody can say more.
#pragma once

#include <span>
#include <string_view>

namespace fairlead::api {

struct DocumentType {
  std::string_view name;
  std::string_view words;
  std::string_view note{};
  // Whose it is what stands in it: of `others` the note says why it is open.
  enum class Content { ours, others } content{Content::ours};
};

struct DocumentRow {
  std::string_view route;    // "GET /api/v1/runs/{id}", as in the route table
  std::string_view area;     // what it is listed under
  std::string_view query{};  // members
  std::string_view body{};   // a type, or a media type if it is not JSON
  // "200 Run": status, then a type or a media type; "204" alone is without a body. What comes piece
  // by piece says of what: "200 text/event-stream {run: Run}" (data by name of the event), or
  // "200 application/x-ndjson Line". "": 200, no body.
  std::string_view answer{};
  std::string_view other{};  // a second one
};

// One kind of journal entry: what its payload is.
struct DocumentEntry {
  std::string_view kind;
  std::string_view payload;
};

std::span<DocumentType const> document_types();       // those of document_types.cpp
std::span<DocumentType const> document_work_types();  // of workflows, runs, approvals
std::span<DocumentEntry const> document_entries();
std::span<DocumentRow const> document_rows();

}  // namespace fairlead::api
