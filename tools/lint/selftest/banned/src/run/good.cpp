// sleep_for, rand(), new Thing and assert() in a comment are nothing.
struct Good {
  Good(Good const&) = delete;
  void* operator new(std::size_t) = delete;
};
void good(Clock& clock, Random& random) {
  auto text = "system_clock::now() and new Thing in a string are nothing";
  auto raw = R"(delete raw; std::cout)";
  static_assert(sizeof(text) == 8);
  auto now = clock.now();
  auto operand = random.next() + 1'000'000;
  auto strand = my_strand();
  std::snprintf(buffer, sizeof buffer, "%d", 1);
  wait_time(now);
  auto method = Method::delete_;
  auto kept = new Node;  // lint: allow(banned) the C library frees it
}
