# Flags for every target, ccache and mold where they are found, and one precompiled header.
# All targets share one set of flags and definitions on purpose: only so can they share the
# precompiled header, which halves the time of a build without optimisation.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# Asserts stay on in release: NDEBUG is never defined.
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
if(FAIRLEAD_SANITIZE)
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
endif()

find_program(FAIRLEAD_CCACHE ccache)
if(FAIRLEAD_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${FAIRLEAD_CCACHE}")
endif()

add_library(fairlead_flags INTERFACE)
target_include_directories(fairlead_flags INTERFACE "${PROJECT_SOURCE_DIR}/src"
                                                    "${PROJECT_SOURCE_DIR}")
target_compile_definitions(
  fairlead_flags INTERFACE FAIRLEAD_VERSION="${PROJECT_VERSION}" _GLIBCXX_ASSERTIONS
                           BOOST_ASIO_NO_DEPRECATED BOOST_JSON_DYN_LINK BOOST_JSON_NO_LIB
                           BOOST_URL_DYN_LINK BOOST_URL_NO_LIB SPDLOG_SHARED_LIB
                           SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)
target_compile_options(
  fairlead_flags
  INTERFACE -Wall
            -Wextra
            -Wshadow
            -Wconversion
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wno-sign-conversion
            # Designated initialisers are the house style and leave members to their defaults.
            -Wno-missing-field-initializers
            # The same objects and cache hits wherever the tree lies.
            -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
            # One kind of code for libraries and programs, so they share the precompiled header.
            -fPIE
            -fstack-protector-strong
            $<$<BOOL:${FAIRLEAD_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of g++ 12 in optimised standard library code (such as GCC PR 105651 and 105562).
  # clang builds the same sources in CI, and the sanitizers see the real ones.
  target_compile_options(
    fairlead_flags
    INTERFACE -Wno-restrict
              -Wno-array-bounds
              -Wno-stringop-overflow
              -Wno-stringop-overread
              -Wno-maybe-uninitialized
              -Wno-dangling-pointer
              -Wno-free-nonheap-object
              -fpch-preprocess)
else()
  target_compile_options(fairlead_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(fairlead_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
                                                  -ffunction-sections)
  target_link_options(fairlead_flags INTERFACE -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now)
endif()
target_link_options(fairlead_flags INTERFACE -pie -Wl,--build-id=sha1)

if(FAIRLEAD_SANITIZE)
  set(sanitize -fsanitize=${FAIRLEAD_SANITIZE} -fno-omit-frame-pointer)
  if(FAIRLEAD_SANITIZE MATCHES "undefined")
    list(APPEND sanitize -fno-sanitize-recover=all)
  endif()
  if(FAIRLEAD_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND sanitize -Wno-tsan)
  endif()
  target_compile_options(fairlead_flags INTERFACE ${sanitize})
  target_link_options(fairlead_flags INTERFACE ${sanitize})
endif()
if(FAIRLEAD_FUZZ)
  target_compile_options(fairlead_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(fairlead_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_program(FAIRLEAD_MOLD mold)
if(FAIRLEAD_MOLD)
  target_link_options(fairlead_flags INTERFACE -fuse-ld=mold)
endif()

# Standard headers only: what a library costs is paid where it is used (style rule 20).
if(FAIRLEAD_PCH)
  file(WRITE "${CMAKE_BINARY_DIR}/empty.cpp.new" "// Carries the precompiled header.\n")
  file(COPY_FILE "${CMAKE_BINARY_DIR}/empty.cpp.new" "${CMAKE_BINARY_DIR}/empty.cpp"
       ONLY_IF_DIFFERENT)
  add_library(fairlead_pch STATIC "${CMAKE_BINARY_DIR}/empty.cpp")
  target_link_libraries(fairlead_pch PRIVATE fairlead_flags)
  target_precompile_headers(
    fairlead_pch PRIVATE <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint>
    <cstring> <deque> <functional> <map> <memory> <mutex> <optional> <set> <span> <string>
    <string_view> <thread> <tuple> <type_traits> <unordered_map> <utility> <variant> <vector>)
endif()

# Gives a target the common flags and the precompiled header.
function(fairlead_common target)
  target_link_libraries(${target} PRIVATE fairlead_flags)
  if(FAIRLEAD_PCH)
    target_precompile_headers(${target} REUSE_FROM fairlead_pch)
  endif()
endfunction()
