#include "net/curl_errors.h"

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <cerrno>

#include "base/clock.h"
#include "base/text.h"
#include "net/fault_stage.h"

namespace fairlead::net {
namespace {

struct Words {
  std::string what;
  std::string cause;
  std::string remedy;
};

Words tls_words_for_certificate(long verify_result) {
  switch (verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {"its certificate has expired", "",
              "Renew the server's certificate; check this machine's clock too."};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {"its certificate is not valid yet", "",
              "Check the clocks of this machine and of the server."};
    case X509_V_ERR_CERT_REVOKED:
      return {"its certificate was revoked", "", "Replace the server's certificate."};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {"its certificate is for another host name", "",
              "Use the name that stands in the certificate, or add this name to it."};
    default:
      return {"its certificate is signed by an unknown authority (CA)",
              X509_verify_cert_error_string(verify_result),
              "If the server uses a private CA, give that CA's certificate as PEM. If the server "
              "does not send its "
              "intermediate certificates, correct its chain."};
  }
}

bool mentions(std::string const& text, std::initializer_list<std::string_view> words) {
  for (auto const word : words) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

bool wants_client_certificate(std::string const& text) {
  return mentions(
      text, {"certificate required", "alert bad certificate", "alert certificate unknown",
             "alert unknown ca", "alert unsupported certificate", "alert certificate expired"});
}

Words tls_words(CurlFailure const& failure) {
  // curl says "unspecified" where the handshake ended before or after the chain was judged.
  auto const judged =
      failure.verify_result != X509_V_OK && failure.verify_result != X509_V_ERR_UNSPECIFIED;
  if (judged) return tls_words_for_certificate(failure.verify_result);
  auto const& text = failure.text;
  if (mentions(text, {"subject name", "common name"}))
    return tls_words_for_certificate(X509_V_ERR_HOSTNAME_MISMATCH);
  // A CA of the same name but another key: OpenSSL names only the failed computation.
  if (mentions(text, {"asn1 encoding routines::EVP lib", "signature failure", "bad signature"})) {
    return tls_words_for_certificate(X509_V_ERR_CERT_SIGNATURE_FAILURE);
  }
  if (wants_client_certificate(text)) {
    return {"the server wants a client certificate it trusts", text,
            "Give a client certificate and its key that the server's administrator issued."};
  }
  if (mentions(text, {"wrong version number", "packet length too long", "http request"})) {
    return {"the server does not speak TLS on this port", text,
            "Check the port, or use http:// if that is meant."};
  }
  if (mentions(text, {"protocol version", "unsupported protocol", "no protocols available",
                      "version too low"})) {
    return {"the two sides share no TLS version", text, "Enable TLS 1.2 or 1.3 on the server."};
  }
  if (mentions(text, {"handshake failure", "no shared cipher"})) {
    return {"the TLS handshake was refused", text,
            "The two sides may share no cipher, or the server wants a client certificate."};
  }
  return {"the TLS handshake failed", text, "Check that a TLS server answers at this address."};
}

Words connect_words(CurlFailure const& failure) {
  switch (failure.os_error) {
    case ECONNREFUSED:
      return {"connection refused", "Nothing listens on that port, or a firewall refuses it.",
              "Check the address and the port, and that the server is running."};
    case EHOSTUNREACH:
    case ENETUNREACH:
      return {"no route to the host", "", "Check this machine's network, routes and firewall."};
    case ETIMEDOUT:
      return {"no answer", "", "Check the address, and that no firewall drops the packets."};
    default:
      return {"the connection failed", failure.text, "Check the address and the network between."};
  }
}

Error error_of(ErrorKind kind, std::string message, Words const& words, Url const& url) {
  auto error = make_error(kind, std::move(message));
  error.cause = words.cause;
  error.remedy = words.remedy;
  error.where = url.origin();
  return error;
}

Error could_not_connect(Words const& words, Url const& url, FaultStage stage) {
  return at_stage(
      error_of(ErrorKind::unavailable,
               "Could not connect to " + url.origin() + ": " + words.what + ".", words, url),
      stage);
}

Error uncertain(std::string const& what, CurlFailure const& failure, HttpRequest const& request,
                Url const& url) {
  auto const message = "The request to " + url.origin() + " was sent, but " + what + ".";
  if (request.method == Method::get || request.method == Method::head) {
    return error_of(ErrorKind::uncertain, message, {"", failure.text, "Try again."}, url);
  }
  return error_of(ErrorKind::uncertain, message + " It may have taken effect.",
                  {"", failure.text, "Look whether it took effect before you repeat it."}, url);
}

Error timed_out(CurlFailure const& failure, HttpRequest const& request, Url const& url) {
  if (failure.sent) {
    auto const what = failure.answered ? "its answer was not complete" : "no answer came";
    Error error = uncertain(std::string(what) + " within " + format_duration(failure.patience),
                            failure, request, url);
    error.cause = "The server is overloaded, or something in between holds its answer back.";
    return error;
  }
  auto const limit = std::min(request.limits.connect_timeout, failure.patience);
  auto const within = " within " + format_duration(limit);
  if (failure.greeted) {
    return could_not_connect(
        {"its TLS handshake was not answered" + within,
         "The port is open, but what listens there does not speak TLS, or is overloaded.",
         "Check the port, and that a TLS server answers there."},
        url, FaultStage::tls);
  }
  auto const resolving = mentions(failure.text, {"Resolving timed out"});
  return could_not_connect(
      {(resolving ? "its name was not resolved" : "no answer") + within,
       resolving ? "The name servers do not answer." : "Nobody accepts or refuses the connection.",
       "Check the address, DNS, and that no firewall drops the packets."},
      url, resolving ? FaultStage::dns : FaultStage::tcp);
}

Error forbidden_address(Url const& url) {
  return error_of(ErrorKind::invalid_input,
                  "Refused to connect to " + url.origin() +
                      ": it is an address of this machine or of a private network.",
                  {"", "This request may only go to public addresses.",
                   "Use a public address, or ask the server's administrator to allow this one: "
                   "fairlead serve --allow-private <host, address or network>."},
                  url);
}

Error too_large(std::string const& part, std::size_t limit, std::string remedy, Url const& url) {
  return error_of(ErrorKind::corrupt,
                  url.origin() + " sent " + part + " larger than " +
                      with_thousands(static_cast<long long>(limit)) +
                      " bytes; it was not read to the end.",
                  {"", "", std::move(remedy)}, url);
}

Error proxy_failure(CurlFailure const& failure, HttpRequest const& request, Url const& url) {
  auto const proxy = parse_url(request.proxy);
  auto const name = proxy.ok() ? proxy->origin() : std::string("the proxy");
  auto what = "Could not connect to " + url.origin() + " through the proxy " + name;
  if (failure.proxy_status != 0) what += ": it answered " + std::to_string(failure.proxy_status);
  return at_stage(error_of(ErrorKind::unavailable, what + ".",
                           {"", failure.text,
                            "Check the proxy's address, and that it allows this destination."},
                           url),
                  FaultStage::proxy);
}

Error unusable_pem(std::string const& what, CurlFailure const& failure, Url const& url) {
  return error_of(
      ErrorKind::invalid_input, "The " + what + " for " + url.origin() + " cannot be used.",
      {"", failure.text,
       "Give it as PEM text (-----BEGIN ...-----); key and certificate must belong together."},
      url);
}

bool is_tls_code(int code) {
  return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
         code == CURLE_SSL_CIPHER || code == CURLE_SSL_ISSUER_ERROR ||
         code == CURLE_SSL_INVALIDCERTSTATUS || code == CURLE_SSL_CLIENTCERT;
}

bool is_broken_answer(int code) {
  return code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL ||
         code == CURLE_BAD_CONTENT_ENCODING;
}

// Faults of our own input or limits, which do not depend on how far the exchange got.
std::optional<Error> own_limits(CurlFailure const& failure, HttpRequest const& request,
                                Url const& url) {
  if (failure.forbidden_address) return forbidden_address(url);
  if (failure.body_too_large)
    return too_large("an answer", request.limits.body_bytes_max,
                     "Ask for less: a smaller page, or a range.", url);
  if (failure.head_too_large)
    return too_large("response headers", request.limits.header_bytes_max,
                     "Check that the address is that of the server meant.", url);
  if (failure.code == CURLE_SSL_CERTPROBLEM)
    return unusable_pem("client certificate or key", failure, url);
  if (failure.code == CURLE_SSL_CACERT_BADFILE) return unusable_pem("CA certificate", failure, url);
  if (failure.code == CURLE_URL_MALFORMAT)
    return invalid_input("url", "The URL is malformed: " + failure.text + ".");
  return std::nullopt;
}

Error never_sent(CurlFailure const& failure, HttpRequest const& request, Url const& url) {
  auto const refused_by_proxy = failure.proxy_status != 0 && failure.proxy_status != 200;
  if (failure.code == CURLE_COULDNT_RESOLVE_PROXY || failure.code == CURLE_PROXY ||
      refused_by_proxy) {
    return proxy_failure(failure, request, url);
  }
  if (failure.code == CURLE_COULDNT_RESOLVE_HOST) {
    return could_not_connect({"the host name was not found", failure.text,
                              "Check its spelling, and that this machine's DNS knows it."},
                             url, FaultStage::dns);
  }
  if (failure.code == CURLE_COULDNT_CONNECT) {
    return request.proxy.empty() ? could_not_connect(connect_words(failure), url, FaultStage::tcp)
                                 : proxy_failure(failure, request, url);
  }
  return could_not_connect(
      {"the connection broke before the request was sent", failure.text, "Try again."}, url,
      FaultStage::tcp);
}

}  // namespace

Error describe_failure(CurlFailure const& failure, HttpRequest const& request, Url const& url) {
  if (auto error = own_limits(failure, request, url)) return *std::move(error);
  if (failure.stopped) {
    return error_of(ErrorKind::cancelled,
                    "The answer of " + url.origin() + " was not read to its end.", {}, url);
  }
  if (failure.cancelled && !failure.sent) {
    return error_of(ErrorKind::cancelled,
                    "The request to " + url.origin() + " was not sent: shutting down.", {}, url);
  }
  if (failure.cancelled)
    return uncertain("this program shut down before the answer came", failure, request, url);
  if (failure.code == CURLE_OPERATION_TIMEDOUT) return timed_out(failure, request, url);
  // With TLS 1.3 a server refuses the client's certificate after the client began to send; the
  // request is not read.
  if (is_tls_code(failure.code) || (!failure.answered && wants_client_certificate(failure.text))) {
    return could_not_connect(tls_words(failure), url, FaultStage::tls);
  }
  // The connection broke while our request went into it, or before: it was never there as a whole.
  // curl finds a socket that is already cut off when it asks for the peer's name.
  bool const cut_off = !failure.sent && failure.greeted && url.scheme == "https" &&
                       mentions(failure.text, {"getpeername() failed"});
  if (cut_off || (!failure.answered && mentions(failure.text, {"SSL_write() error"}))) {
    return could_not_connect({"the server ended TLS before it took the request",
                              cut_off ? "It cut the connection off." : failure.text,
                              "If it wants a client certificate, give one that the server's "
                              "administrator issued."},
                             url, FaultStage::tls);
  }
  if (!failure.sent) return never_sent(failure, request, url);
  if (is_broken_answer(failure.code)) {
    return error_of(ErrorKind::corrupt, "The answer of " + url.origin() + " is not proper HTTP.",
                    {"", failure.text, "Check that the address is that of the server meant."}, url);
  }
  if (failure.answered) return uncertain("its answer broke off", failure, request, url);
  return uncertain("the connection was lost before an answer came", failure, request, url);
}

}  // namespace fairlead::net
