#pragma once
#include <string>
namespace fairlead { struct Good { std::string name; }; }
