#include "vault/vault.h"

#include <sodium.h>

#include <algorithm>

namespace fairlead::vault {
namespace {

constexpr char sealed_version = 1;
constexpr std::size_t key_id_bytes = 4;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t header_bytes = 1 + key_id_bytes;
constexpr std::size_t sealed_bytes_min = header_bytes + nonce_bytes + tag_bytes;
// Exactly eight characters (crypto_kdf_CONTEXTBYTES). Part of every sealed value.
constexpr char kdf_context[] = "fairlead";
constexpr SealContext check_context{.table = "meta", .row = vault_check_key, .column = "value"};
constexpr std::string_view check_text = "fairlead vault check";

unsigned char const* as_bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

unsigned char* as_bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Secret derive(Secret const& master, Purpose purpose) {
  std::string key(master_key_bytes, '\0');
  ::crypto_kdf_derive_from_key(as_bytes(key), key.size(), static_cast<std::uint64_t>(purpose),
                               kdf_context, as_bytes(master.reveal()));
  return Secret(std::move(key));
}

void append_part(std::string& out, std::string_view part) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(part.size() >> shift);
  out += part;
}

// Each part with its length: ("ab", "c") and ("a", "bc") must not look alike.
std::string associated_data(std::string_view header, SealContext const& context) {
  std::string out(header);
  append_part(out, context.table);
  append_part(out, context.row);
  append_part(out, context.column);
  return out;
}

Error not_openable(ErrorKind kind, SealContext const& context, std::string cause) {
  Error error =
      make_error(kind, "cannot open the sealed value " + std::string(context.table) + "." +
                           std::string(context.column) + " of " + std::string(context.row));
  error.cause = std::move(cause);
  return error;
}

std::string source_in_words(MasterKey const& key) {
  switch (key.source) {
    case KeySource::systemd_credential:
      return "the systemd credential " + key.where;
    case KeySource::key_file:
      return "the key file " + key.where;
    case KeySource::environment:
      return "the environment variable " + key.where;
  }
  return key.where;
}

}  // namespace

struct Vault::Key {
  std::string id;
  Secret sealing;
  Secret master;
  std::string source;
};

Vault::Vault(std::vector<MasterKey> const& keys, Random& random) : random_(random) {
  FAIRLEAD_ASSERT(!keys.empty(), "a vault has a key");
  FAIRLEAD_ASSERT(::sodium_init() >= 0, "libsodium starts");
  auto made = std::make_shared<Keys>();
  for (MasterKey const& key : keys)
    made->push_back(key_from(key));
  keys_ = std::move(made);
}

Vault::Key Vault::key_from(MasterKey const& key) {
  FAIRLEAD_ASSERT(key.bytes.size() == master_key_bytes, "a master key has 32 bytes");
  std::string id(derive(key.bytes, Purpose::key_id).reveal().substr(0, key_id_bytes));
  return {std::move(id), derive(key.bytes, Purpose::sealing), key.bytes, source_in_words(key)};
}

std::shared_ptr<Vault::Keys const> Vault::keys() const {
  std::scoped_lock const lock(mutex_);
  return keys_;
}

void Vault::put_first(MasterKey const& key) {
  Key made = key_from(key);
  std::scoped_lock const lock(mutex_);
  if (keys_->front().id == made.id) return;
  auto next = std::make_shared<Keys>();
  next->push_back(std::move(made));
  next->insert(next->end(), keys_->begin(), keys_->end());
  keys_ = std::move(next);
}

void Vault::forget_former() {
  std::scoped_lock const lock(mutex_);
  keys_ = std::make_shared<Keys>(Keys{keys_->front()});
}

bool Vault::has_former() const { return keys()->size() > 1; }

Vault::~Vault() = default;

std::string Vault::seal(SealContext const& context, Secret const& secret) {
  auto const keys = this->keys();
  Key const& key = keys->front();
  std::string sealed(1, sealed_version);
  sealed += key.id;
  std::string const data = associated_data(sealed, context);
  sealed.resize(sealed_bytes_min + secret.size());
  auto* nonce = as_bytes(sealed) + header_bytes;
  random_.fill(std::as_writable_bytes(std::span(nonce, nonce_bytes)));
  ::crypto_aead_xchacha20poly1305_ietf_encrypt(
      nonce + nonce_bytes, nullptr, as_bytes(secret.reveal()), secret.size(), as_bytes(data),
      data.size(), nullptr, nonce, as_bytes(key.sealing.reveal()));
  return sealed;
}

Result<Secret> Vault::open(SealContext const& context, std::string_view sealed) const {
  if (sealed.size() < sealed_bytes_min || sealed.front() != sealed_version) {
    return not_openable(ErrorKind::corrupt, context, "it is not a sealed value of this version");
  }
  auto const keys = this->keys();
  auto const key = std::find_if(keys->begin(), keys->end(), [&](Key const& each) {
    return sealed.substr(1, key_id_bytes) == each.id;
  });
  if (key == keys->end()) {
    Error error = not_openable(ErrorKind::denied, context, "it was sealed with another master key");
    error.remedy =
        "start with the master key that sealed it; the one in use is " + keys->front().source;
    return error;
  }
  std::string const data = associated_data(sealed.substr(0, header_bytes), context);
  std::string plain(sealed.size() - sealed_bytes_min, '\0');
  unsigned char const* nonce = as_bytes(sealed) + header_bytes;
  int const done = ::crypto_aead_xchacha20poly1305_ietf_decrypt(
      as_bytes(plain), nullptr, nullptr, nonce + nonce_bytes,
      sealed.size() - header_bytes - nonce_bytes, as_bytes(data), data.size(), nonce,
      as_bytes(key->sealing.reveal()));
  if (done != 0) {
    wipe(plain);
    return not_openable(ErrorKind::corrupt, context,
                        "it was altered, or copied here from another place");
  }
  return Secret(std::move(plain));
}

bool Vault::is_outdated(std::string_view sealed) const {
  return sealed.size() >= header_bytes && sealed.substr(1, key_id_bytes) != keys()->front().id;
}

std::string Vault::check_value() { return seal(check_context, Secret(std::string(check_text))); }

Result<void> Vault::verify(std::string_view stored_check_value) const {
  auto const opened = open(check_context, stored_check_value);
  if (opened.ok() && same_secret(check_text, opened->reveal())) return {};
  bool const wrong_key = !opened.ok() && opened.error().kind == ErrorKind::denied;
  Error error = make_error(
      wrong_key ? ErrorKind::denied : ErrorKind::corrupt,
      "the stored secrets cannot be opened with the master key from " + keys()->front().source);
  error.title = wrong_key ? "Wrong master key" : "Damaged vault check value";
  error.cause = wrong_key ? "the data was sealed with another master key"
                          : "the check value in the database was altered";
  error.remedy = wrong_key
                     ? "give back the former key (systemd credential fairlead-master-key, file "
                       "master.key in the data folder, or FAIRLEAD_MASTER_KEY; the first found is "
                       "used), or restore the backup of data folder and key that belong together"
                     : "restore the database from a backup";
  return error;
}

Secret Vault::subkey(Purpose purpose) const { return derive(keys()->front().master, purpose); }

}  // namespace fairlead::vault
