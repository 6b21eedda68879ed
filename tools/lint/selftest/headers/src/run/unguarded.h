// One.
// Two.
// Three.
int f();
