// Too short.
#pragma once
int f();
