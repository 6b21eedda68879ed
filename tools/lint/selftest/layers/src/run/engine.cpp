#include "net/http.h"
#include "gitlab/client.h"
