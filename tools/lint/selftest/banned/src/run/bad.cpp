void bad() {
  std::this_thread::sleep_for(1s);
  auto now = std::chrono::system_clock::now();
  auto tick = std::chrono::steady_clock::now();
  auto seconds = time(nullptr);
  int dice = rand() + static_cast<int>(std::random_device{}());
  std::thread(work).detach();
  co_await thing();
  co_return 1;
  co_yield 2;
  auto* home = std::getenv("HOME");
  std::printf("%d", dice);
  std::cout << dice;
  auto* raw = new Thing(1);
  delete raw;
  delete[] many;
  assert(raw);
  sprintf(buffer, "%d", 1);
  strcpy(buffer, other);
  std::regex pattern("a+");
  auto* broken_down = std::gmtime(&seconds);
  popen("ls", "r");
#ifndef NDEBUG
}
