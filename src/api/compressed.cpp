#include "api/compressed.h"

#include <algorithm>
#include <array>

#include "net/content_coding.h"

namespace fairlead::api {
namespace {

constexpr std::string_view session_path = "/api/v1/session";
constexpr std::string_view mark = "-gz\"";
constexpr int not_modified = 304;

// "abc-gz" as "abc", in each tag of a list.
std::string without_marks(std::string_view tags) {
  std::string plain(tags);
  for (auto at = plain.find(mark); at != std::string::npos; at = plain.find(mark, at))
    plain.replace(at, mark.size(), "\"");
  return plain;
}

std::string marked(std::string_view etag) {
  return std::string(etag.substr(0, etag.size() - 1)) + std::string(mark);
}

// The client may send the tag of a compressed answer back.
net::ServerRequest with_plain_tags(net::ServerRequest request) {
  for (auto const* header : {"If-None-Match", "If-Match"}) {
    if (auto const tags = request.headers.find(header))
      request.headers.set(header, without_marks(*tags));
  }
  return request;
}

bool has_marks(net::ServerRequest const& request) {
  auto const says = [&](char const* header) {
    return request.headers.get(header).find(mark) != std::string_view::npos;
  };
  return says("If-None-Match") || says("If-Match");
}

bool is_text(std::string_view type) {
  constexpr std::array applications{std::string_view("application/json"),
                                    std::string_view("application/problem+json"),
                                    std::string_view("application/yaml")};
  return type.starts_with("text/") || std::ranges::any_of(applications, [&](auto const& each) {
           return type.starts_with(each);
         });
}

// Whether it depends on the request how such an answer travels.
bool may_shrink(net::ServerResponse const& response) {
  return !response.on_stream && response.body.size() >= compressed_bytes_min &&
         !response.headers.contains("Content-Encoding") &&
         is_text(response.headers.get("Content-Type"));
}

// An unchanged answer has the tag and the Vary it would have had as a whole.
void name_unchanged(net::ServerRequest const& request, net::ServerResponse& response) {
  response.headers.set("Vary", "Accept-Encoding");
  std::string const packed = marked(response.headers.get("ETag"));
  if (request.headers.get("If-None-Match").find(packed) != std::string_view::npos)
    response.headers.set("ETag", packed);
}

void shrink(net::ServerResponse& response) {
  auto packed = net::gzip(response.body);
  if (!packed || packed->size() >= response.body.size()) return;
  response.body = std::move(*packed);
  response.headers.set("Content-Encoding", "gzip");
  std::string_view const etag = response.headers.get("ETag");
  if (etag.ends_with('"')) response.headers.set("ETag", marked(etag));
}

}  // namespace

net::Route compressed(net::Route route) {
  bool const reads = route.method == net::Method::get && route.pattern != session_path;
  route.handler = [inner = std::move(route.handler), reads](net::ServerRequest const& request) {
    net::ServerResponse response =
        has_marks(request) ? inner(with_plain_tags(request)) : inner(request);
    if (!reads) return response;
    if (response.status == not_modified && response.headers.contains("ETag"))
      name_unchanged(request, response);
    if (!may_shrink(response)) return response;
    response.headers.set("Vary", "Accept-Encoding");
    if (net::accepts_coding(request.headers.get("Accept-Encoding"), "gzip")) shrink(response);
    return response;
  };
  return route;
}

}  // namespace fairlead::api
