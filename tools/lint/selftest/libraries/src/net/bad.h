#include <boost/json/fwd.hpp>
#include <boost/json.hpp>
#include <vector>
#include <curl/curl.h>
#include <sqlite3.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>
