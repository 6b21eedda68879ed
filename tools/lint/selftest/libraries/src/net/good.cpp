#include <boost/json.hpp>
#include <curl/curl.h>
