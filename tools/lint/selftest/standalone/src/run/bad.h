#pragma once
namespace fairlead { struct Bad { std::string name; }; }
