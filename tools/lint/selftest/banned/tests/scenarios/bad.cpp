void f() { std::thread(work).detach(); }
