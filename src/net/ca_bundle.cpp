#include "net/ca_bundle.h"

#include <curl/curl.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace fairlead::net {
namespace {

constexpr std::size_t cached_bundles_max = 16;
constexpr std::size_t directory_entries_looked_at_max = 4'096;

// A directory made by c_rehash holds names such as "5ed36f99.0".
bool holds_hashed_certificates(std::string const& directory) {
  if (directory.empty()) return false;
  std::error_code failed;
  std::size_t seen = 0;
  for (std::filesystem::directory_iterator it(directory, failed), end; !failed && it != end;
       it.increment(failed)) {
    if (it->path().extension() == ".0") return true;
    if (++seen > directory_entries_looked_at_max) return false;
  }
  return false;
}

std::string read_file(std::string const& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return "";  // reading it would throw
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

CaBundle::CaBundle(Places places)
    : places_(std::move(places)), directory_usable_(holds_hashed_certificates(places_.directory)) {}

CaTrust CaBundle::with_extra(std::string const& extra_pem) {
  std::lock_guard const lock(mutex_);
  auto const directory = directory_usable_ ? places_.directory : std::string();
  for (auto it = cache_.begin(); it != cache_.end(); ++it) {
    if (it->extra != extra_pem) continue;
    cache_.splice(cache_.begin(), cache_, it);
    return {directory, cache_.front().whole};
  }
  auto whole = directory_usable_ ? extra_pem : read_file(places_.file) + "\n" + extra_pem;
  cache_.push_front({extra_pem, std::make_shared<std::string const>(std::move(whole))});
  if (cache_.size() > cached_bundles_max) cache_.pop_back();
  return {directory, cache_.front().whole};
}

CaBundle::Places system_ca_places() {
  auto const* const info = curl_version_info(CURLVERSION_NOW);
  auto const text = [](char const* value) { return std::string(value == nullptr ? "" : value); };
  return {.directory = text(info->capath), .file = text(info->cainfo)};
}

}  // namespace fairlead::net
