using namespace boost;
