// One: what it is.
//
// Three: threads.
#pragma once
int f();
