#include "app/demo_browser.h"

#include "base/text.h"
#include "net/url.h"

namespace fairlead::app {
namespace {

constexpr int redirects_max = 10;
constexpr std::size_t forms_max = 20;

std::string unescape_html(std::string_view text) {
  static constexpr std::pair<std::string_view, char> entities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
  std::string out;
  while (!text.empty()) {
    bool replaced = false;
    for (auto const& [entity, character] : entities) {
      if (!text.starts_with(entity)) continue;
      out += character;
      text.remove_prefix(entity.size());
      replaced = true;
      break;
    }
    if (replaced) continue;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

// The value of an attribute in "<tag a=\"b\" ...>".
std::string attribute(std::string_view tag, std::string_view name) {
  std::string const lead = " " + std::string(name) + "=\"";
  auto begin = tag.find(lead);
  if (begin == std::string_view::npos) return "";
  begin += lead.size();
  auto const end = tag.find('"', begin);
  return end == std::string_view::npos ? "" : unescape_html(tag.substr(begin, end - begin));
}

// Tags of that name inside `html`, each as "<name ...>".
std::vector<std::string_view> tags(std::string_view html, std::string_view name) {
  std::vector<std::string_view> found;
  std::string const lead = "<" + std::string(name);
  for (auto at = html.find(lead); at != std::string_view::npos; at = html.find(lead, at + 1)) {
    auto const end = html.find('>', at);
    if (end == std::string_view::npos) break;
    char const after = html[at + lead.size()];
    if (after == ' ' || after == '>') found.push_back(html.substr(at, end - at + 1));
  }
  return found;
}

struct Form {
  std::string id;
  std::string action;
  net::QueryPairs fields;  // inputs with their values; buttons with theirs
};

std::vector<Form> forms_of(std::string_view html) {
  std::vector<Form> forms;
  for (auto at = html.find("<form"); at != std::string_view::npos && forms.size() < forms_max;
       at = html.find("<form", at + 1)) {
    auto const end = html.find("</form>", at);
    std::string_view const inside = html.substr(at, end == std::string_view::npos ? end : end - at);
    std::string_view const head = inside.substr(0, inside.find('>') + 1);
    Form form{.id = attribute(head, "id"), .action = attribute(head, "action"), .fields = {}};
    for (auto const* kind : {"input", "button"})
      for (auto tag : tags(inside, kind))
        if (auto name = attribute(tag, "name"); !name.empty())
          form.fields.emplace_back(name, attribute(tag, "value"));
    forms.push_back(std::move(form));
  }
  return forms;
}

std::string origin_of(std::string const& url) {
  auto parsed = net::parse_url(url);
  return parsed.ok() ? parsed->origin() : "";
}

std::string absolute(std::string const& target, std::string const& base) {
  if (target.starts_with("http://") || target.starts_with("https://")) return target;
  return origin_of(base) + target;
}

}  // namespace

std::string DemoBrowser::cookies_for(std::string const& origin) const {
  std::string line;
  for (auto const& [key, value] : cookies_)
    if (key.first == origin) line += (line.empty() ? "" : "; ") + key.second + "=" + value;
  return line;
}

void DemoBrowser::keep_cookies(std::string const& origin, net::HttpResponse const& response) {
  for (auto const& header : response.headers) {
    if (!equals_ignoring_case(header.name, "Set-Cookie")) continue;
    std::string const pair = header.value.substr(0, header.value.find(';'));
    if (auto equals = pair.find('='); equals != std::string::npos)
      cookies_[{origin, pair.substr(0, equals)}] = pair.substr(equals + 1);
  }
}

Result<Page> DemoBrowser::send(net::HttpRequest request) {
  for (int i = 0; i <= redirects_max; ++i) {
    std::string const origin = origin_of(request.url);
    request.headers.set("Accept", "text/html");
    if (auto cookies = cookies_for(origin); !cookies.empty())
      request.headers.set("Cookie", cookies);
    else
      request.headers.erase("Cookie");
    FAIRLEAD_TRY(auto response, transport_.send(request));
    keep_cookies(origin, response);
    std::string_view const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location.empty())
      return Page{.status = response.status, .url = request.url, .html = std::move(response.body)};
    net::HttpRequest next;
    next.url = absolute(std::string(location), request.url);
    request = std::move(next);
  }
  return make_error(ErrorKind::corrupt, "The sign-in pages redirect in a circle.");
}

Result<Page> DemoBrowser::open(std::string const& url) {
  net::HttpRequest request;
  request.url = url;
  return send(std::move(request));
}

Result<Page> DemoBrowser::submit(Page const& page, std::string const& form_id,
                                 Values const& values) {
  for (auto const& form : forms_of(page.html)) {
    if (form.id != form_id) continue;
    net::QueryPairs pairs;
    for (auto const& [name, value] : form.fields) {
      auto filled = values.find(name);
      pairs.emplace_back(name, filled == values.end() ? value : filled->second);
    }
    net::HttpRequest request;
    request.method = net::Method::post;
    request.url = absolute(form.action, page.url);
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = net::encode_query(pairs);
    return send(std::move(request));
  }
  return make_error(ErrorKind::corrupt, "The page " + page.url.substr(0, page.url.find('?')) +
                                            " (HTTP " + std::to_string(page.status) +
                                            ") has no form \"" + form_id + "\".");
}

}  // namespace fairlead::app
