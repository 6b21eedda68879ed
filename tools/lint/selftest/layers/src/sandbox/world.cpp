#include "net/http.h"
#include "net/url.h"
