// Building a Request: `get("/projects/{}/issues/{}", in.project, in.iid).query("sort", in.sort)`.
//
// Every {} is ONE path segment, percent-encoded ("ops/incidents" becomes ops%2Fincidents); what is
// not given (an empty optional, an untouched Change) is left out. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "schema/codec.h"

namespace fairlead::action {

// The raw text of a path segment. Types of other layers add an overload beside themselves (found by
// argument).
inline std::string path_segment(std::string_view text) { return std::string(text); }
inline std::string path_segment(std::int64_t number) { return std::to_string(number); }

// Replaces each {} by the next segment, encoded. Asserts that there are as many. "." and ".." lose
// their meaning.
std::string fill_path(std::string_view pattern, std::span<std::string const> segments);

template <class... Segments>
std::string path(std::string_view pattern, Segments const&... segments) {
  std::array<std::string, sizeof...(Segments)> const texts{path_segment(segments)...};
  return fill_path(pattern, texts);
}

class RequestBuilder {
 public:
  RequestBuilder(net::Method method, std::string path) {
    request_.method = method;
    request_.path = std::move(path);
  }

  // A list is sent as one pair per item: name it "iids[]".
  template <class T>
  RequestBuilder& query(std::string_view name, T const& value) {
    return add_query(name, schema::encode(value));
  }
  // A list as one comma-separated value.
  template <class T>
  RequestBuilder& query_list(std::string_view name, T const& values) {
    return add_query_list(name, schema::encode(values));
  }
  // A cleared Change is sent as null, or as `cleared` where GitLab wants another word ("" or []).
  template <class T>
  RequestBuilder& body(std::string_view name, T const& value, Json cleared = nullptr) {
    static_assert(!std::is_same_v<T, Secret>, "a dry run would print it");
    if constexpr (schema::is_change<T>) {
      if (value.leaves()) return *this;
      return set_body(name, value.clears() ? std::move(cleared) : schema::encode(value));
    }
    Json encoded = schema::encode(value);
    if (schema::is_optional<T> && encoded.is_null()) return *this;
    return set_body(name, std::move(encoded));
  }
  RequestBuilder& query(std::string_view name, char const* value) { return add_query(name, value); }
  RequestBuilder& body(std::string_view name, char const* value) { return set_body(name, value); }

  operator Request() const { return request_; }  // NOLINT: implicit on purpose
  [[nodiscard]] Request const& request() const { return request_; }

 private:
  RequestBuilder& add_query(std::string_view name, Json const& value);
  RequestBuilder& add_query_list(std::string_view name, Json const& values);
  RequestBuilder& set_body(std::string_view name, Json value);

  Request request_;
};

template <class... Segments>
RequestBuilder get(std::string_view pattern, Segments const&... segments) {
  return {net::Method::get, path(pattern, segments...)};
}
template <class... Segments>
RequestBuilder post(std::string_view pattern, Segments const&... segments) {
  return {net::Method::post, path(pattern, segments...)};
}
template <class... Segments>
RequestBuilder put(std::string_view pattern, Segments const&... segments) {
  return {net::Method::put, path(pattern, segments...)};
}
template <class... Segments>
RequestBuilder del(std::string_view pattern, Segments const&... segments) {
  return {net::Method::delete_, path(pattern, segments...)};
}

}  // namespace fairlead::action
