#pragma once
#include "testing/fakes.h"
