#include "net/request_parser.h"

#include <boost/beast/http/basic_parser.hpp>

#include "base/text.h"
#include "net/router.h"
#include "net/url.h"

namespace fairlead::net {
namespace {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using View = boost::beast::string_view;

constexpr std::size_t body_reserved_at_once_max =
    256 << 10;  // a mere promise of a long body costs no memory

// The line of an empty last chunk, and not yet "0", CRLF, CRLF, which it needs at the least: more
// must come. Beast before 1.86 asserts that it never sees this twice (boostorg/beast#2861).
bool is_cut_last_chunk(std::string_view bytes) {
  constexpr std::size_t last_chunk_bytes_min = 5;
  return bytes.size() < last_chunk_bytes_min && bytes.starts_with('0') &&
         bytes.find("\r\n") != std::string_view::npos;
}

std::string_view view(View text) { return {text.data(), text.size()}; }

RequestParser::Failure failure_of(ErrorCode const& code) {
  if (code == http::error::header_limit) return {431, "The request's header is too large."};
  if (code == http::error::body_limit) return {413, "The request's body is too large."};
  if (code == http::error::bad_version) return {505, "Only HTTP/1.0 and HTTP/1.1 are spoken here."};
  return {400, "The request is not proper HTTP."};
}

}  // namespace

struct RequestParser::Impl {
  class Parser;

  Limits limits;
  std::unique_ptr<Parser> parser;
  ServerRequest request;
  State state{State::head};
  Failure failure;
  std::size_t header_bytes{0};
  int hosts{0};
  bool expects_continue{false};
  bool http_1_0{false};
  bool head_reported{false};

  ErrorCode refuse(int status, std::string_view reason) {
    failure = {status, reason};
    return http::make_error_code(http::error::bad_value);
  }
  void on_field(std::string_view name, std::string_view value, ErrorCode& code);
  void on_head(ErrorCode& code);
  std::size_t step(std::string_view bytes);
  void fail(Failure what) {
    state = State::failed;
    if (failure.status == 0) failure = what;
  }
};

class RequestParser::Impl::Parser final : public http::basic_parser<true> {
 public:
  explicit Parser(Impl& impl) : impl_(impl) {
    // One more than allowed, so that exactly the limit passes and the limit is judged in one place.
    header_limit(static_cast<std::uint32_t>(
        std::min<std::size_t>(impl.limits.header_bytes_max + 1, UINT32_MAX)));
    body_limit(impl.limits.body_bytes_max);
  }

 private:
  void on_request_impl(http::verb, View method, View target, int version,
                       ErrorCode& code) override {
    impl_.request.target = view(target);
    impl_.http_1_0 = version == 10;
    auto const known = method_from(view(method));
    if (!known) {
      code = impl_.refuse(501, "The request's method is not known here.");
    } else {
      impl_.request.method = *known;
    }
  }
  void on_response_impl(int, View, int, ErrorCode&) override {}
  void on_field_impl(http::field, View name, View value, ErrorCode& code) override {
    impl_.on_field(view(name), view(value), code);
  }
  void on_header_impl(ErrorCode& code) override { impl_.on_head(code); }
  void on_body_init_impl(boost::optional<std::uint64_t> const& length, ErrorCode&) override {
    if (length)
      impl_.request.body.reserve(std::min<std::uint64_t>(*length, body_reserved_at_once_max));
  }
  std::size_t on_body_impl(View body, ErrorCode&) override {
    impl_.request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, View, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View body, ErrorCode&) override {
    impl_.request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(ErrorCode&) override {}

  Impl& impl_;
};

void RequestParser::Impl::on_field(std::string_view name, std::string_view value, ErrorCode& code) {
  if (parser->is_header_done()) return;  // trailers, which nobody asked for
  if (equals_ignoring_case(name, "Host") && ++hosts > 1) {
    code = refuse(400, "The request has two Host headers.");
  } else if (equals_ignoring_case(name, "Transfer-Encoding") &&
             (http_1_0 || !equals_ignoring_case(trim(value), "chunked"))) {
    code = refuse(501, "The only transfer coding understood here is chunked.");
  } else if (equals_ignoring_case(name, "Expect")) {
    expects_continue = !http_1_0 && equals_ignoring_case(trim(value), "100-continue");
    if (!expects_continue && !http_1_0)
      code = refuse(417, "The request expects something not offered here.");
  }
  request.headers.add(std::string(name), std::string(value));
}

void RequestParser::Impl::on_head(ErrorCode& code) {
  if (!http_1_0 && hosts == 0) {
    code = refuse(400, "The request has no Host header.");
  } else if (!read_target(request)) {
    code = refuse(400, "The request's target is malformed.");
  }
}

// One call into Beast: up to the end of the head, or as much of the body as there is.
std::size_t RequestParser::Impl::step(std::string_view bytes) {
  ErrorCode code;
  auto const in_head = !parser->is_header_done();
  if (!in_head && parser->chunked() && is_cut_last_chunk(bytes)) return 0;
  parser->eager(!in_head);
  auto const used = parser->put(boost::asio::const_buffer(bytes.data(), bytes.size()), code);
  if (in_head) header_bytes += used;
  // Beast measures one piece at a time; many pieces must not add up to more.
  if (in_head && header_bytes > limits.header_bytes_max)
    code = http::make_error_code(http::error::header_limit);
  if (code && code != http::error::need_more) {
    fail(failure_of(code));
  } else if (parser->is_done()) {
    state = State::done;
  } else if (parser->is_header_done()) {
    state = State::body;
  }
  return used;
}

RequestParser::RequestParser(Limits limits) : impl_(std::make_unique<Impl>()) {
  impl_->limits = limits;
  reset();
}

RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  auto const limits = impl_->limits;
  *impl_ = Impl{};
  impl_->limits = limits;
  impl_->parser = std::make_unique<Impl::Parser>(*impl_);
}

std::size_t RequestParser::feed(std::string_view bytes) {
  std::size_t used = 0;
  while (impl_->state != State::done && impl_->state != State::failed && used < bytes.size()) {
    auto const before = impl_->state;
    auto const taken = impl_->step(bytes.substr(used));
    used += taken;
    if (impl_->state != before) break;
    if (taken == 0) break;
  }
  return used;
}

RequestParser::State RequestParser::state() const { return impl_->state; }
RequestParser::Failure RequestParser::failure() const { return impl_->failure; }
ServerRequest& RequestParser::request() { return impl_->request; }
bool RequestParser::keep_alive() const {
  return impl_->parser->is_header_done() && impl_->parser->keep_alive();
}
bool RequestParser::http_1_0() const { return impl_->http_1_0; }
bool RequestParser::expects_continue() const { return impl_->expects_continue; }

bool read_target(ServerRequest& request) {
  std::string_view target = request.target;
  if (target.starts_with("http://") ||
      target.starts_with("https://")) {  // RFC 9112 3.2.2: proxies send these
    target.remove_prefix(target.find("://") + 3);
    auto const path = target.find('/');
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  if (!target.starts_with('/')) return false;
  auto const hash = target.find('#');
  target = target.substr(0, hash);
  auto const mark = target.find('?');
  request.segments = split_path(target.substr(0, mark));
  for (auto const& segment : request.segments) {
    if (segment.find('\0') != std::string::npos) return false;
  }
  if (mark != std::string_view::npos) request.query = decode_query(target.substr(mark + 1));
  return true;
}

}  // namespace fairlead::net
