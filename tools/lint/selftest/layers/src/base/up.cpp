#include "base/result.h"
#include "net/http.h"
#include <sqlite3.h>
// #include "run/engine.h" in a comment is nothing.
#include "testing/fakes.h"
#include "base/not_there.h"
#include "base/shared_test.h"
