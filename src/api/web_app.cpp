#include "api/web_app.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"
#include "net/content_coding.h"

namespace fairlead::api {
namespace {

constexpr std::string_view document_path = "/index.html";
constexpr std::string_view nonce_mark = "__STYLE_NONCE__";
constexpr std::string_view hashed_prefix = "/assets/";
constexpr std::size_t nonce_bytes = 16;
// What is not a page of the application, whoever asks.
constexpr std::array not_pages{std::string_view("/api/"), std::string_view("/oauth/"),
                               std::string_view("/webhooks/"), std::string_view("/catalogs"),
                               hashed_prefix};

void add_guards(net::Headers& headers) {
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
}

net::ServerResponse file_answer(WebFile const& file, net::ServerRequest const& request) {
  bool const brotli = net::accepts_coding(request.headers.get("Accept-Encoding"), "br");
  std::string const etag = "\"" + std::string(file.etag) + (brotli ? "-br" : "-gz") + "\"";
  net::ServerResponse response;
  add_guards(response.headers);
  response.headers.set("ETag", etag);
  response.headers.set("Vary", "Accept-Encoding");
  response.headers.set("Cache-Control", file.path.starts_with(hashed_prefix)
                                            ? "public, max-age=31536000, immutable"
                                            : "no-cache");
  if (request.headers.get("If-None-Match").find(etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.headers.set("Content-Type", std::string(file.type));
  // Who understands neither gets gzip all the same: there is no such browser.
  response.headers.set("Content-Encoding", brotli ? "br" : "gzip");
  response.body = brotli ? file.brotli : file.gzip;
  return response;
}

std::string policy(std::string const& nonce) {
  return "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
         "font-src 'self'; style-src 'self' 'nonce-" +
         nonce +
         "'; style-src-attr 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
         "frame-ancestors 'none'; manifest-src 'self'";
}

net::ServerResponse document_answer(WebFile const& file, Random& random) {
  std::array<std::byte, nonce_bytes> bytes{};
  random.fill(bytes);
  std::string const nonce =
      base64_encode(std::string_view(reinterpret_cast<char const*>(bytes.data()), bytes.size()));
  std::string html(file.plain);
  for (auto at = html.find(nonce_mark); at != std::string::npos; at = html.find(nonce_mark))
    html.replace(at, nonce_mark.size(), nonce);
  net::ServerResponse response = net::text_response(200, std::move(html), std::string(file.type));
  add_guards(response.headers);
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Security-Policy", policy(nonce));
  response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
  return response;
}

bool is_page(net::ServerRequest const& request) {
  if (request.method != net::Method::get) return false;
  if (request.headers.get("Accept").find("text/html") == std::string_view::npos) return false;
  return std::none_of(not_pages.begin(), not_pages.end(),
                      [&](std::string_view prefix) { return request.target.starts_with(prefix); });
}

}  // namespace

std::vector<net::Route> web_routes(std::span<WebFile const> files) {
  std::vector<net::Route> routes;
  for (WebFile const& file : files) {
    if (file.path == document_path) continue;
    routes.push_back(
        {net::Method::get, std::string(file.path),
         [&file](net::ServerRequest const& request) { return file_answer(file, request); }});
  }
  return routes;
}

net::Handler web_pages(std::span<WebFile const> files, Random& random, net::Handler otherwise) {
  auto const document = std::find_if(
      files.begin(), files.end(), [](WebFile const& file) { return file.path == document_path; });
  if (document == files.end()) return otherwise;
  return [&document = *document, &random, otherwise](net::ServerRequest const& request) {
    return is_page(request) ? document_answer(document, random) : otherwise(request);
  };
}

}  // namespace fairlead::api
