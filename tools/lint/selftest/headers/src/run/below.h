#pragma once

// One.
// Two.
// Three.

int f();
