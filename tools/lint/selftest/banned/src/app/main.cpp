int main() { std::printf("%s", std::getenv("HOME")); }
