// The web application as HTTP: compressed files, and the one document for every address of a page.
//
// Files with a hash in their name never change and may be kept for ever; the rest is asked for
// again by its ETag. The document gets a new nonce each time, so that its policy can allow the
// styles it makes and nothing else. Thread-safe.
#pragma once

#include <span>
#include <string_view>

#include "base/random.h"
#include "net/http_server.h"

namespace fairlead::api {

struct WebFile {
  std::string_view path;  // "/assets/index-B2x.js"
  std::string_view type;
  std::string_view etag;    // without quotes
  std::string_view plain;   // of index.html only
  std::string_view gzip;    // of all others
  std::string_view brotli;  // of all others
};

// One route for each file but the document. No files: no routes.
std::vector<net::Route> web_routes(std::span<WebFile const> files);

// Answers what no route took: the document for a page of the application, else `otherwise`.
net::Handler web_pages(std::span<WebFile const> files, Random& random, net::Handler otherwise);

}  // namespace fairlead::api
