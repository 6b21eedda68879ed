#include "api/sign_in_pages.h"

#include <algorithm>

#include "api/problem.h"
#include "base/text.h"
#include "connection/pending_sign_ins.h"
#include "net/url.h"

namespace fairlead::api {
namespace {

constexpr std::string_view style = R"(
:root{color-scheme:light dark;--ink:#1f1e24;--soft:#626168;--line:#dcdcde;--card:#fff;
--page:#f6f6f8;--ok:#217645;--bad:#ae1800}
@media(prefers-color-scheme:dark){:root{--ink:#ececef;--soft:#a4a3a8;--line:#434248;--card:#28272d;
--page:#18171d;--ok:#52b87a;--bad:#f57f6c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:12vh auto 2rem;padding:1.75rem;background:var(--card);
border:1px solid var(--line);border-radius:10px}
h1{font-size:1.3rem;margin:0 0 .75rem}.ok{color:var(--ok)}.bad{color:var(--bad)}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:1rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
p{margin:.5rem 0}footer{color:var(--soft);font-size:.9rem;margin-top:1.25rem}
)";

net::ServerResponse page(int status, std::string const& title, std::string const& content) {
  std::string html =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>" +
      escape_html(title) + " - Fairlead</title><style>" + std::string(style) +
      "</style></head><body><main>" + content + "</main></body></html>";
  net::ServerResponse response =
      net::text_response(status, std::move(html), "text/html; charset=utf-8");
  response.headers.add(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'");
  response.headers.add("Referrer-Policy", "no-referrer");
  return response;
}

std::string row(std::string_view name, std::string_view value) {
  if (value.empty()) return "";
  return "<dt>" + escape_html(name) + "</dt><dd>" + escape_html(value) + "</dd>";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

bool is_sign_in_cookie(std::string_view value) {
  return value.size() == (sign_in_cookie_bytes * 8 + 5) / 6 &&
         std::ranges::all_of(value, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

std::string sign_in_cookie_header(std::string_view value, std::string_view public_url) {
  auto const url = net::parse_url(public_url);
  std::string path = url.ok() ? url->path : "";
  while (path.ends_with('/'))
    path.pop_back();
  std::string header = std::string(sign_in_cookie) + "=" + std::string(value) + "; Path=" + path +
                       "/oauth; Max-Age=900; HttpOnly; SameSite=Lax";
  if (public_url.starts_with("https://")) header += "; Secure";
  return header;
}

net::ServerResponse success_page(store::ConnectionRecord const& record) {
  std::string const user = record.account["username"].as_string();
  std::string content = "<h1 class=\"ok\">Connected to GitLab</h1><dl>" +
                        row("Connection", record.name) + row("GitLab", record.base_url) +
                        row("Signed in as", user.empty() ? "" : "@" + user) +
                        row("Scopes", record.scopes) + "</dl>";
  if (!record.last_error.is_null())
    content += "<p class=\"bad\">" + escape_html(record.last_error["message"].as_string()) + "</p>";
  std::vector<std::string> missing;
  Json const lacking = connection::missing_scopes(record);
  for (auto const& scope : lacking.items())
    missing.push_back(scope.as_string());
  if (!missing.empty())
    content += "<p class=\"bad\">GitLab did not grant " + escape_html(join(missing, ", ")) +
               ", which was asked for. Actions that need it are refused.</p>";
  if (connection::reads_no_projects(record.scopes))
    content +=
        "<p class=\"bad\">With these scopes no project can be read and nothing can be changed: "
        "tick api (or read_api) in the application at GitLab and connect again asking for it.</p>";
  content += "<footer>You can close this page and go back to Fairlead.</footer>";
  return page(200, "Connected", content);
}

net::ServerResponse failure_page(Error const& error) {
  std::string const title = error.title.empty() ? "Could not connect" : error.title;
  std::string content =
      "<h1 class=\"bad\">" + escape_html(title) + "</h1><p>" + escape_html(error.message) + "</p>";
  if (!error.cause.empty())
    content += "<p><strong>Why:</strong> " + escape_html(error.cause) + "</p>";
  if (!error.remedy.empty())
    content += "<p><strong>What to do:</strong> " + escape_html(error.remedy) + "</p>";
  if (!error.request_id.empty())
    content += "<p>GitLab's request id: " + escape_html(error.request_id) + "</p>";
  content += "<footer><a href=\"/settings/apps\">Back to the App Store</a></footer>";
  return page(error.kind == ErrorKind::denied ? 403 : http_status(error.kind), title, content);
}

}  // namespace fairlead::api
