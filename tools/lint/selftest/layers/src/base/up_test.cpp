#include "base/result.h"
#include "testing/fakes.h"
#include <gtest/gtest.h>
