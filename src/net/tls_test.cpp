// Server and client over TLS with certificates made on the spot: what works, and what each failure
// is called.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/ca_bundle.h"
#include "net/certificates_test.h"
#include "net/curl_transport.h"
#include "net/fault_stage.h"
#include "net/http_server.h"
#include "net/loopback_test.h"
#include "net/shown_certificates.h"

namespace fairlead::net {
namespace {

class TlsTest : public ::testing::Test {
 protected:
  std::unique_ptr<HttpServer> serve(Certificate const& certificate) {
    std::vector<Route> routes;
    routes.push_back({Method::get, "/", [](ServerRequest const& r) {
                        return text_response(200, r.tls ? "tls" : "plain");
                      }});
    routes.push_back(
        {Method::post, "/", [](ServerRequest const& r) { return text_response(200, r.body); }});
    auto server = make_http_server({.tls_cert_pem = certificate.pem,
                                    .tls_key_pem = certificate.key_pem,
                                    .worker_threads = 2,
                                    .body_bytes_max = 1'000'000},
                                   std::move(routes), *log_);
    auto const started = server->start();
    EXPECT_TRUE(started.ok());
    return server;
  }
  [[nodiscard]] HttpRequest request_to(std::uint16_t port,
                                       std::string_view host = "localhost") const {
    HttpRequest request;
    request.url = "https://" + std::string(host) + ":" + std::to_string(port) + "/";
    request.tls.ca_pem = authority_.pem();
    request.limits = {.connect_timeout = Milliseconds(5'000), .total_timeout = Milliseconds(5'000)};
    return request;
  }
  Error fail(HttpRequest const& request) {
    auto result = transport_->send(request);
    if (result.ok()) {
      ADD_FAILURE() << "got " << result->status;
      return {};
    }
    return std::move(result).error();
  }
  void expect_failure(HttpRequest const& request, ErrorKind kind, std::string_view words) {
    auto const error = fail(request);
    EXPECT_EQ(error.kind, kind) << describe(error);
    EXPECT_NE(error.message.find(words), std::string::npos) << describe(error);
    EXPECT_FALSE(error.remedy.empty());
  }

  TestAuthority authority_;
  std::unique_ptr<Log> log_{make_null_log()};
  std::unique_ptr<HttpTransport> transport_{make_curl_transport({})};
};

TEST_F(TlsTest, trusts_a_private_ca_that_it_is_given) {
  auto const server = serve(authority_.issue({}));
  for (auto const* const host : {"localhost", "127.0.0.1"}) {
    auto const response = transport_->send(request_to(server->port(), host));
    ASSERT_TRUE(response.ok()) << describe(response.error());
    EXPECT_EQ(response->body, "tls");
  }
}

TEST_F(TlsTest, carries_large_bodies_both_ways) {
  auto const server = serve(authority_.issue({}));
  auto request = request_to(server->port());
  request.method = Method::post;
  for (int i = 0; i < 900'000; ++i)
    request.body += static_cast<char>('a' + i % 26);
  auto const response = transport_->send(request);
  ASSERT_TRUE(response.ok()) << describe(response.error());
  EXPECT_EQ(response->body, request.body);
}

TEST_F(TlsTest, delivers_413_over_tls) {
  auto const server = serve(authority_.issue({}));
  auto request = request_to(server->port());
  request.method = Method::post;
  request.body = std::string(3'000'000, 'x');
  for (int i = 0; i < 5; ++i) {
    auto const response = transport_->send(request);
    ASSERT_TRUE(response.ok()) << describe(response.error());
    EXPECT_EQ(response->status, 413);
  }
}

TEST_F(TlsTest, tells_an_unknown_ca) {
  auto const server = serve(authority_.issue({}));
  auto request = request_to(server->port());
  request.tls.ca_pem.clear();
  expect_failure(request, ErrorKind::unavailable, "unknown authority (CA)");
  request.tls.ca_pem = TestAuthority().pem();
  expect_failure(request, ErrorKind::unavailable, "unknown authority (CA)");
  request.tls.ca_pem = authority_.pem();
  EXPECT_TRUE(transport_->send(request).ok());
  request.tls.ca_pem.clear();
  expect_failure(request, ErrorKind::unavailable,
                 "unknown authority (CA)");  // no reuse of the trusted connection
}

TEST_F(TlsTest, tells_an_expired_certificate) {
  auto const server = serve(authority_.issue({.ends_in_seconds = -60}));
  expect_failure(request_to(server->port()), ErrorKind::unavailable, "certificate has expired");
}

TEST_F(TlsTest, tells_a_certificate_that_is_not_valid_yet) {
  auto const server = serve(authority_.issue({.begins_in_seconds = 600}));
  expect_failure(request_to(server->port()), ErrorKind::unavailable, "not valid yet");
}

TEST_F(TlsTest, shows_the_certificates_of_a_server_trusted_or_not) {
  auto const good = serve(authority_.issue({}));
  auto const chain = shown_certificates(request_to(good->port()));
  ASSERT_EQ(chain.size(), 2u) << "its own and the authority's";
  EXPECT_EQ(chain[0].issuer, chain[1].subject);
  EXPECT_EQ(chain[1].issuer, chain[1].subject);
  EXPECT_GT(chain[0].ends_at, SystemClock().now());

  auto const old = serve(authority_.issue({.ends_in_seconds = -60}));
  auto const expired = shown_certificates(request_to(old->port()));
  ASSERT_FALSE(expired.empty());
  EXPECT_LT(expired[0].ends_at, SystemClock().now());

  auto stranger = request_to(good->port());
  stranger.tls.ca_pem.clear();
  EXPECT_EQ(shown_certificates(stranger).size(), 1u) << "what is not trusted is shown, too";
  stranger.url = "http://localhost:1/";
  EXPECT_TRUE(shown_certificates(stranger).empty());
}

TEST_F(TlsTest, tells_a_wrong_host_name) {
  auto const server = serve(authority_.issue({.alternative_names = "DNS:gitlab.example.com"}));
  expect_failure(request_to(server->port()), ErrorKind::unavailable, "another host name");
}

TEST_F(TlsTest, tells_that_the_port_speaks_no_tls) {
  RawServer const server([](RawSocket& peer) {
    (void)peer.receive_some();
    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  });
  expect_failure(request_to(server.port()), ErrorKind::unavailable, "does not speak TLS");
}

TEST_F(TlsTest, tells_a_handshake_that_is_never_answered) {
  RawServer const server([](RawSocket& peer) {
    (void)peer.receive_some();
    (void)peer.receive_all();  // until the client gives up
  });
  auto request = request_to(server.port());
  request.limits.connect_timeout = Milliseconds(300);
  expect_failure(request, ErrorKind::unavailable, "TLS handshake was not answered within");
  EXPECT_EQ(fault_stage(fail(request)), FaultStage::tls);
}

TEST_F(TlsTest, tells_unusable_pem_texts) {
  auto const server = serve(authority_.issue({}));
  auto request = request_to(server->port());
  request.tls.client_cert_pem = "nonsense";
  request.tls.client_key_pem = Secret("k3y");
  auto const error = fail(request);
  EXPECT_EQ(error.kind, ErrorKind::invalid_input) << describe(error);
  EXPECT_EQ(describe(error).find("k3y"), std::string::npos);
  request = request_to(server->port());
  request.tls.ca_pem = "nonsense";
  EXPECT_EQ(fail(request).kind, ErrorKind::invalid_input);
}

TEST_F(TlsTest, the_server_refuses_bad_certificates_and_keys) {
  auto const good = authority_.issue({});
  auto const start = [&](std::string cert, Secret key) {
    auto const server = make_http_server(
        {.tls_cert_pem = std::move(cert), .tls_key_pem = std::move(key)}, {}, *log_);
    auto result = server->start();
    return result.ok() ? ErrorKind::internal : result.error().kind;
  };
  EXPECT_EQ(start("nonsense", good.key_pem), ErrorKind::invalid_input);
  EXPECT_EQ(start(good.pem, Secret("nonsense")), ErrorKind::invalid_input);
  EXPECT_EQ(start(good.pem, authority_.issue({}).key_pem), ErrorKind::invalid_input);
}

TEST_F(TlsTest, a_client_that_speaks_no_tls_is_dropped) {
  auto const server = serve(authority_.issue({}));
  auto const client = connect_to(server->port());
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.receive_all().find("HTTP/1.1 200"), std::string::npos);
  EXPECT_TRUE(transport_->send(request_to(server->port())).ok());
}

template <class Read>
auto read_pem(std::string_view pem, Read read) {
  auto* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  auto* const value = read(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return value;
}

// A server by hand that asks for a client certificate and speaks only one version of TLS.
class PickyServer {
 public:
  PickyServer(TestAuthority const& authority, int version)
      : context_(make_context(authority, version), &SSL_CTX_free),
        server_([this](RawSocket& peer) { play(peer); }) {}
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
  using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

  static SSL_CTX* make_context(TestAuthority const& authority, int version) {
    auto* const context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    auto const leaf = authority.issue({});
    auto* const cert = read_pem(leaf.pem, &PEM_read_bio_X509);
    auto* const key = read_pem(leaf.key_pem.reveal(), &PEM_read_bio_PrivateKey);
    auto* const trusted = read_pem(authority.pem(), &PEM_read_bio_X509);
    SSL_CTX_use_certificate(context, cert);
    SSL_CTX_use_PrivateKey(context, key);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), trusted);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    X509_free(cert);
    X509_free(trusted);
    EVP_PKEY_free(key);
    return context;
  }
  void play(RawSocket& peer) const {
    std::unique_ptr<SSL, decltype(&SSL_free)> const ssl(SSL_new(context_.get()), &SSL_free);
    SSL_set_fd(ssl.get(), peer.descriptor());
    if (SSL_accept(ssl.get()) == 1) {
      std::array<char, 4'096> request{};
      SSL_read(ssl.get(), request.data(), static_cast<int>(request.size()));
      constexpr std::string_view answer =
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
      SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
      SSL_shutdown(ssl.get());
    }
    ERR_clear_error();
    (void)peer.receive_all();
  }

  Context context_;
  RawServer server_;
};

TEST_F(TlsTest, shows_its_client_certificate_and_tells_when_one_is_wanted) {
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SCOPED_TRACE(version == TLS1_2_VERSION ? "TLS 1.2" : "TLS 1.3");
    PickyServer const server(authority_, version);
    auto request = request_to(server.port());
    auto const error = fail(request);
    EXPECT_EQ(error.kind, ErrorKind::unavailable) << describe(error);
    EXPECT_NE(describe(error).find("client certificate"), std::string::npos) << describe(error);
    auto const own = authority_.issue({});
    request.tls.client_cert_pem = own.pem;
    request.tls.client_key_pem = own.key_pem;
    auto const response = transport_->send(request);
    ASSERT_TRUE(response.ok()) << describe(response.error());
    EXPECT_EQ(response->body, "ok");
  }
}

TEST_F(TlsTest, tells_that_the_server_is_too_old) {
  PickyServer const server(authority_, TLS1_1_VERSION);
  expect_failure(request_to(server.port()), ErrorKind::unavailable, "share no TLS version");
}

TEST(CaBundle, appends_to_the_systems_file_where_there_is_no_hashed_directory) {
  CaBundle bundle({.directory = "/nonexistent", .file = "/"});
  auto const trust = bundle.with_extra("EXTRA");
  EXPECT_EQ(trust.directory, "");
  EXPECT_EQ(*trust.pem, "\nEXTRA");
  EXPECT_EQ(bundle.with_extra("EXTRA").pem, trust.pem) << "cached";
  auto const system = CaBundle(system_ca_places()).with_extra("EXTRA");
  EXPECT_TRUE(system.pem->ends_with("EXTRA"));
  EXPECT_TRUE(!system.directory.empty() ||
              system.pem->find("BEGIN CERTIFICATE") != std::string::npos);
}

}  // namespace
}  // namespace fairlead::net
