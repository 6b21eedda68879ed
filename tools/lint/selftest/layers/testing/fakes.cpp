#include "base/result.h"
#include "run/engine.h"
#include "gitlab/client.h"
