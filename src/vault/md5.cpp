#include "vault/md5.h"

#include <openssl/evp.h>

#include "base/assert.h"
#include "base/text.h"

namespace fairlead::vault {

std::string md5_hex(std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  int const done =
      ::EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()),
                   &size, ::EVP_md5(), nullptr);
  FAIRLEAD_ASSERT(done == 1, "MD5 is available");
  digest.resize(size);
  return hex_encode(digest);
}

}  // namespace fairlead::vault
