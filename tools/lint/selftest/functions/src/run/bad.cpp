namespace fairlead {

namespace {

int exactly_seventy() {
  step(0);
  step(1);
  step(2);
  step(3);
  step(4);
  step(5);
  step(6);
  step(7);
  step(8);
  step(9);
  step(10);
  step(11);
  step(12);
  step(13);
  step(14);
  step(15);
  step(16);
  step(17);
  step(18);
  step(19);
  step(20);
  step(21);
  step(22);
  step(23);
  step(24);
  step(25);
  step(26);
  step(27);
  step(28);
  step(29);
  step(30);
  step(31);
  step(32);
  step(33);
  step(34);
  step(35);
  step(36);
  step(37);
  step(38);
  step(39);
  step(40);
  step(41);
  step(42);
  step(43);
  step(44);
  step(45);
  step(46);
  step(47);
  step(48);
  step(49);
  step(50);
  step(51);
  step(52);
  step(53);
  step(54);
  step(55);
  step(56);
  step(57);
  step(58);
  step(59);
  step(60);
  step(61);
  step(62);
  step(63);
  step(64);
  step(65);
  step(66);
  step(67);
}

int seventy_one() {
  step(0);
  step(1);
  step(2);
  step(3);
  step(4);
  step(5);
  step(6);
  step(7);
  step(8);
  step(9);
  step(10);
  step(11);
  step(12);
  step(13);
  step(14);
  step(15);
  step(16);
  step(17);
  step(18);
  step(19);
  step(20);
  step(21);
  step(22);
  step(23);
  step(24);
  step(25);
  step(26);
  step(27);
  step(28);
  step(29);
  step(30);
  step(31);
  step(32);
  step(33);
  step(34);
  step(35);
  step(36);
  step(37);
  step(38);
  step(39);
  step(40);
  step(41);
  step(42);
  step(43);
  step(44);
  step(45);
  step(46);
  step(47);
  step(48);
  step(49);
  step(50);
  step(51);
  step(52);
  step(53);
  step(54);
  step(55);
  step(56);
  step(57);
  step(58);
  step(59);
  step(60);
  step(61);
  step(62);
  step(63);
  step(64);
  step(65);
  step(66);
  step(67);
  step(68);
}

template <class T, class U = std::vector<T>>
std::optional<T> with_template(T const& one, U two)
    requires std::integral<T>
{
  step(0);
  step(1);
  step(2);
  step(3);
  step(4);
  step(5);
  step(6);
  step(7);
  step(8);
  step(9);
  step(10);
  step(11);
  step(12);
  step(13);
  step(14);
  step(15);
  step(16);
  step(17);
  step(18);
  step(19);
  step(20);
  step(21);
  step(22);
  step(23);
  step(24);
  step(25);
  step(26);
  step(27);
  step(28);
  step(29);
  step(30);
  step(31);
  step(32);
  step(33);
  step(34);
  step(35);
  step(36);
  step(37);
  step(38);
  step(39);
  step(40);
  step(41);
  step(42);
  step(43);
  step(44);
  step(45);
  step(46);
  step(47);
  step(48);
  step(49);
  step(50);
  step(51);
  step(52);
  step(53);
  step(54);
  step(55);
  step(56);
  step(57);
  step(58);
  step(59);
  step(60);
  step(61);
  step(62);
  step(63);
  step(64);
  step(65);
  step(66);
  step(67);
}

constexpr Row table[] = {
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
    {1, "{", f(2)},
};

struct Long {
  int a() { return 1; }
  int field_0 = 0;
  int field_1 = 0;
  int field_2 = 0;
  int field_3 = 0;
  int field_4 = 0;
  int field_5 = 0;
  int field_6 = 0;
  int field_7 = 0;
  int field_8 = 0;
  int field_9 = 0;
  int field_10 = 0;
  int field_11 = 0;
  int field_12 = 0;
  int field_13 = 0;
  int field_14 = 0;
  int field_15 = 0;
  int field_16 = 0;
  int field_17 = 0;
  int field_18 = 0;
  int field_19 = 0;
  int field_20 = 0;
  int field_21 = 0;
  int field_22 = 0;
  int field_23 = 0;
  int field_24 = 0;
  int field_25 = 0;
  int field_26 = 0;
  int field_27 = 0;
  int field_28 = 0;
  int field_29 = 0;
  int field_30 = 0;
  int field_31 = 0;
  int field_32 = 0;
  int field_33 = 0;
  int field_34 = 0;
  int field_35 = 0;
  int field_36 = 0;
  int field_37 = 0;
  int field_38 = 0;
  int field_39 = 0;
  int field_40 = 0;
  int field_41 = 0;
  int field_42 = 0;
  int field_43 = 0;
  int field_44 = 0;
  int field_45 = 0;
  int field_46 = 0;
  int field_47 = 0;
  int field_48 = 0;
  int field_49 = 0;
  int field_50 = 0;
  int field_51 = 0;
  int field_52 = 0;
  int field_53 = 0;
  int field_54 = 0;
  int field_55 = 0;
  int field_56 = 0;
  int field_57 = 0;
  int field_58 = 0;
  int field_59 = 0;
  int field_60 = 0;
  int field_61 = 0;
  int field_62 = 0;
  int field_63 = 0;
  int field_64 = 0;
  int field_65 = 0;
  int field_66 = 0;
  int field_67 = 0;
  int field_68 = 0;
  int field_69 = 0;
  int field_70 = 0;
  int field_71 = 0;
  int field_72 = 0;
  int field_73 = 0;
  int field_74 = 0;
  int field_75 = 0;
  int field_76 = 0;
  int field_77 = 0;
  int field_78 = 0;
  int field_79 = 0;
  int field_80 = 0;
  int field_81 = 0;
  int field_82 = 0;
  int field_83 = 0;
  int field_84 = 0;
  int field_85 = 0;
  int field_86 = 0;
  int field_87 = 0;
  int field_88 = 0;
  int field_89 = 0;
};

Engine::Engine(Clock& clock, Options options)
    : clock_(clock), options_{std::move(options)}, names_{{"a"}, {"b"}} {
  step(0);
  step(1);
  step(2);
  step(3);
  step(4);
  step(5);
  step(6);
  step(7);
  step(8);
  step(9);
  step(10);
  step(11);
  step(12);
  step(13);
  step(14);
  step(15);
  step(16);
  step(17);
  step(18);
  step(19);
  step(20);
  step(21);
  step(22);
  step(23);
  step(24);
  step(25);
  step(26);
  step(27);
  step(28);
  step(29);
  step(30);
  step(31);
  step(32);
  step(33);
  step(34);
  step(35);
  step(36);
  step(37);
  step(38);
  step(39);
  step(40);
  step(41);
  step(42);
  step(43);
  step(44);
  step(45);
  step(46);
  step(47);
  step(48);
  step(49);
  step(50);
  step(51);
  step(52);
  step(53);
  step(54);
  step(55);
  step(56);
  step(57);
  step(58);
  step(59);
  step(60);
  step(61);
  step(62);
  step(63);
  step(64);
  step(65);
  step(66);
  step(67);
  step(68);
  step(69);
}

auto const handler = [](int value) {
  step(0);
  step(1);
  step(2);
  step(3);
  step(4);
  step(5);
  step(6);
  step(7);
  step(8);
  step(9);
  step(10);
  step(11);
  step(12);
  step(13);
  step(14);
  step(15);
  step(16);
  step(17);
  step(18);
  step(19);
  step(20);
  step(21);
  step(22);
  step(23);
  step(24);
  step(25);
  step(26);
  step(27);
  step(28);
  step(29);
  step(30);
  step(31);
  step(32);
  step(33);
  step(34);
  step(35);
  step(36);
  step(37);
  step(38);
  step(39);
  step(40);
  step(41);
  step(42);
  step(43);
  step(44);
  step(45);
  step(46);
  step(47);
  step(48);
  step(49);
  step(50);
  step(51);
  step(52);
  step(53);
  step(54);
  step(55);
  step(56);
  step(57);
  step(58);
  step(59);
  step(60);
  step(61);
  step(62);
  step(63);
  step(64);
  step(65);
  step(66);
  step(67);
  step(68);
  step(69);
};

bool operator==(Run const& a, Run const& b) {
  step(0);
  step(1);
  step(2);
  step(3);
  step(4);
  step(5);
  step(6);
  step(7);
  step(8);
  step(9);
  step(10);
  step(11);
  step(12);
  step(13);
  step(14);
  step(15);
  step(16);
  step(17);
  step(18);
  step(19);
  step(20);
  step(21);
  step(22);
  step(23);
  step(24);
  step(25);
  step(26);
  step(27);
  step(28);
  step(29);
  step(30);
  step(31);
  step(32);
  step(33);
  step(34);
  step(35);
  step(36);
  step(37);
  step(38);
  step(39);
  step(40);
  step(41);
  step(42);
  step(43);
  step(44);
  step(45);
  step(46);
  step(47);
  step(48);
  step(49);
  step(50);
  step(51);
  step(52);
  step(53);
  step(54);
  step(55);
  step(56);
  step(57);
  step(58);
  step(59);
  step(60);
  step(61);
  step(62);
  step(63);
  step(64);
  step(65);
  step(66);
  step(67);
  step(68);
  step(69);
}

auto Engine::next() const -> Result<Step> {
  if (true) {
  step(0);
  step(1);
  step(2);
  step(3);
  step(4);
  step(5);
  step(6);
  step(7);
  step(8);
  step(9);
  step(10);
  step(11);
  step(12);
  step(13);
  step(14);
  step(15);
  step(16);
  step(17);
  step(18);
  step(19);
  step(20);
  step(21);
  step(22);
  step(23);
  step(24);
  step(25);
  step(26);
  step(27);
  step(28);
  step(29);
  step(30);
  step(31);
  step(32);
  step(33);
  step(34);
  step(35);
  step(36);
  step(37);
  step(38);
  step(39);
  step(40);
  step(41);
  step(42);
  step(43);
  step(44);
  step(45);
  step(46);
  step(47);
  step(48);
  step(49);
  step(50);
  step(51);
  step(52);
  step(53);
  step(54);
  step(55);
  step(56);
  step(57);
  step(58);
  step(59);
  step(60);
  step(61);
  step(62);
  step(63);
  step(64);
  step(65);
  step(66);
  step(67);
  }
}

class Outer {
 public:
  void inner() const noexcept override {
  step(0);
  step(1);
  step(2);
  step(3);
  step(4);
  step(5);
  step(6);
  step(7);
  step(8);
  step(9);
  step(10);
  step(11);
  step(12);
  step(13);
  step(14);
  step(15);
  step(16);
  step(17);
  step(18);
  step(19);
  step(20);
  step(21);
  step(22);
  step(23);
  step(24);
  step(25);
  step(26);
  step(27);
  step(28);
  step(29);
  step(30);
  step(31);
  step(32);
  step(33);
  step(34);
  step(35);
  step(36);
  step(37);
  step(38);
  step(39);
  step(40);
  step(41);
  step(42);
  step(43);
  step(44);
  step(45);
  step(46);
  step(47);
  step(48);
  step(49);
  step(50);
  step(51);
  step(52);
  step(53);
  step(54);
  step(55);
  step(56);
  step(57);
  step(58);
  step(59);
  step(60);
  step(61);
  step(62);
  step(63);
  step(64);
  step(65);
  step(66);
  step(67);
  }
};

void with_lambda() {
  auto f = [&] {
  step(0);
  step(1);
  step(2);
  step(3);
  step(4);
  step(5);
  step(6);
  step(7);
  step(8);
  step(9);
  step(10);
  step(11);
  step(12);
  step(13);
  step(14);
  step(15);
  step(16);
  step(17);
  step(18);
  step(19);
  step(20);
  step(21);
  step(22);
  step(23);
  step(24);
  step(25);
  step(26);
  step(27);
  step(28);
  step(29);
  step(30);
  step(31);
  step(32);
  step(33);
  step(34);
  step(35);
  step(36);
  step(37);
  step(38);
  step(39);
  };
}

}  // namespace
}  // namespace fairlead
struct Listed {
  static constexpr auto fields() {
    return std::tuple{
        field("f1", &Listed::f, {.label = "F"}),
        field("f2", &Listed::f, {.label = "F"}),
        field("f3", &Listed::f, {.label = "F"}),
        field("f4", &Listed::f, {.label = "F"}),
        field("f5", &Listed::f, {.label = "F"}),
        field("f6", &Listed::f, {.label = "F"}),
        field("f7", &Listed::f, {.label = "F"}),
        field("f8", &Listed::f, {.label = "F"}),
        field("f9", &Listed::f, {.label = "F"}),
        field("f10", &Listed::f, {.label = "F"}),
        field("f11", &Listed::f, {.label = "F"}),
        field("f12", &Listed::f, {.label = "F"}),
        field("f13", &Listed::f, {.label = "F"}),
        field("f14", &Listed::f, {.label = "F"}),
        field("f15", &Listed::f, {.label = "F"}),
        field("f16", &Listed::f, {.label = "F"}),
        field("f17", &Listed::f, {.label = "F"}),
        field("f18", &Listed::f, {.label = "F"}),
        field("f19", &Listed::f, {.label = "F"}),
        field("f20", &Listed::f, {.label = "F"}),
        field("f21", &Listed::f, {.label = "F"}),
        field("f22", &Listed::f, {.label = "F"}),
        field("f23", &Listed::f, {.label = "F"}),
        field("f24", &Listed::f, {.label = "F"}),
        field("f25", &Listed::f, {.label = "F"}),
        field("f26", &Listed::f, {.label = "F"}),
        field("f27", &Listed::f, {.label = "F"}),
        field("f28", &Listed::f, {.label = "F"}),
        field("f29", &Listed::f, {.label = "F"}),
        field("f30", &Listed::f, {.label = "F"}),
        field("f31", &Listed::f, {.label = "F"}),
        field("f32", &Listed::f, {.label = "F"}),
        field("f33", &Listed::f, {.label = "F"}),
        field("f34", &Listed::f, {.label = "F"}),
        field("f35", &Listed::f, {.label = "F"}),
        field("f36", &Listed::f, {.label = "F"}),
        field("f37", &Listed::f, {.label = "F"}),
        field("f38", &Listed::f, {.label = "F"}),
        field("f39", &Listed::f, {.label = "F"}),
        field("f40", &Listed::f, {.label = "F"}),
        field("f41", &Listed::f, {.label = "F"}),
        field("f42", &Listed::f, {.label = "F"}),
        field("f43", &Listed::f, {.label = "F"}),
        field("f44", &Listed::f, {.label = "F"}),
        field("f45", &Listed::f, {.label = "F"}),
        field("f46", &Listed::f, {.label = "F"}),
        field("f47", &Listed::f, {.label = "F"}),
        field("f48", &Listed::f, {.label = "F"}),
        field("f49", &Listed::f, {.label = "F"}),
        field("f50", &Listed::f, {.label = "F"}),
        field("f51", &Listed::f, {.label = "F"}),
        field("f52", &Listed::f, {.label = "F"}),
        field("f53", &Listed::f, {.label = "F"}),
        field("f54", &Listed::f, {.label = "F"}),
        field("f55", &Listed::f, {.label = "F"}),
        field("f56", &Listed::f, {.label = "F"}),
        field("f57", &Listed::f, {.label = "F"}),
        field("f58", &Listed::f, {.label = "F"}),
        field("f59", &Listed::f, {.label = "F"}),
        field("f60", &Listed::f, {.label = "F"}),
        field("f61", &Listed::f, {.label = "F"}),
        field("f62", &Listed::f, {.label = "F"}),
        field("f63", &Listed::f, {.label = "F"}),
        field("f64", &Listed::f, {.label = "F"}),
        field("f65", &Listed::f, {.label = "F"}),
        field("f66", &Listed::f, {.label = "F"}),
        field("f67", &Listed::f, {.label = "F"}),
        field("f68", &Listed::f, {.label = "F"}),
        field("f69", &Listed::f, {.label = "F"}),
        field("f70", &Listed::f, {.label = "F"}),
        field("f71", &Listed::f, {.label = "F"}),
        field("f72", &Listed::f, {.label = "F"}),
        field("f73", &Listed::f, {.label = "F"}),
        field("f74", &Listed::f, {.label = "F"}),
        field("f75", &Listed::f, {.label = "F"}),
        field("f76", &Listed::f, {.label = "F"}),
        field("f77", &Listed::f, {.label = "F"}),
        field("f78", &Listed::f, {.label = "F"}),
        field("f79", &Listed::f, {.label = "F"}),
        field("f80", &Listed::f, {.label = "F"}),
        0};
  }
};
int after_it() {
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
  step();
}
