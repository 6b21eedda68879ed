#include "base/result.h"
#include <boost/beast/http.hpp>
#include <curl/curl.h>
