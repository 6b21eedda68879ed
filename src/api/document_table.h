// What every route takes and gives, and the shapes these words stand for (api/type_words.h).
//
// A route without a row, a row without a route, and an answer in the tests that does not fit its
// row all fail: the document cannot say what is not so.
#pragma once

#include <span>
#include <string_view>

namespace fairlead::api {

struct DocumentType {
  std::string_view name;
  std::string_view words;
  std::string_view note{};
};

struct DocumentRow {
  std::string_view route;    // "GET /api/v1/runs/{id}", as in the route table
  std::string_view area;     // what it is listed under
  std::string_view query{};  // members
  std::string_view body{};   // a type, or a media type if it is not JSON
  // "200 Run": status, then a type or a media type; "204" alone is without a body. "": 200, any.
  std::string_view answer{};
  std::string_view other{};  // a second one
};

std::span<DocumentType const> document_types();
std::span<DocumentRow const> document_rows();

}  // namespace fairlead::api
