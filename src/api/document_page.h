// The page that shows the API's document: a list to search, parameters, shapes, a curl line.
//
// Plain HTML, script and style of our own, from this host only; it reads /api/v1/openapi.json.
// Pure.
#pragma once

#include <string_view>

namespace fairlead::api {

std::string_view document_page_html();
std::string_view document_page_script();
std::string_view document_page_style();
// Content-Security-Policy of all three.
std::string_view document_page_policy();

}  // namespace fairlead::api
