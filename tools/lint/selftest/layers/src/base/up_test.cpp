#include "base/result.h"
#include "testing/fakes.h"
#include <gtest/gtest.h>
#include "base/shared_test.h"
