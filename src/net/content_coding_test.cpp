#include "net/content_coding.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>

namespace fairlead::net {
namespace {

TEST(ContentCoding, is_taken_if_it_is_named_and_not_refused) {
  struct Case {
    char const* header;
    bool gzip;
  };
  for (auto const& [header, wanted] : {
           Case{"", false},
           Case{"gzip", true},
           Case{"GZIP", true},
           Case{"gzip, deflate, br", true},
           Case{"br;q=1.0 , gzip;q=0.8, *;q=0.1", true},
           Case{"gzip;q=0", false},
           Case{"gzip; q=0.000", false},
           Case{"gzip;q=0.001", true},
           Case{"*", true},
           Case{"*;q=0", false},
           Case{"*, gzip;q=0", false},
           Case{"gzip;q=0, *", false},
           Case{"br, identity", false},
           Case{"xgzip", false},
           Case{"gzip-old", false},
       }) {
    EXPECT_EQ(accepts_coding(header, "gzip"), wanted) << header;
  }
}

std::string unzipped(std::string const& bytes, std::size_t size) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(size + 1, '\0');
  std::string in = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(ContentCoding, gzip_gives_back_what_went_in) {
  std::string noise;
  for (unsigned i = 0; i < 100'000; ++i)
    noise += static_cast<char>((i * 2'654'435'761u) >> 24);
  for (auto const& text : {std::string(), std::string("{}"), std::string(1'000'000, 'x'), noise}) {
    auto const packed = gzip(text);
    ASSERT_TRUE(packed);
    EXPECT_EQ(packed->substr(0, 2), "\x1f\x8b");
    EXPECT_EQ(unzipped(*packed, text.size()), text);
  }
  EXPECT_LT(gzip(std::string(1'000'000, 'x'))->size(), 10'000u);
}

}  // namespace
}  // namespace fairlead::net
