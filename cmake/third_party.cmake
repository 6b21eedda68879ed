# Third-party libraries as imported targets fairlead::<name>. None is downloaded: each comes from a
# Debian package, and what is missing is named with its package, all at once.

set(fairlead_missing "" CACHE INTERNAL "")

# fairlead_library(<name> PACKAGE <debian> HEADER <file> [LIBS <lib>...])
# Macros a library needs are in compiler.cmake: they must be the same for every file.
function(fairlead_library name)
  cmake_parse_arguments(arg "" "PACKAGE;HEADER" "LIBS" ${ARGN})
  set(libraries)
  find_path(FAIRLEAD_${name}_INCLUDE "${arg_HEADER}")
  if(NOT FAIRLEAD_${name}_INCLUDE)
    set(fairlead_missing "${fairlead_missing}\n  ${arg_PACKAGE}  (header ${arg_HEADER})"
        CACHE INTERNAL "")
    return()
  endif()
  foreach(lib IN LISTS arg_LIBS)
    find_library(FAIRLEAD_${name}_${lib} "${lib}")
    if(NOT FAIRLEAD_${name}_${lib})
      set(fairlead_missing "${fairlead_missing}\n  ${arg_PACKAGE}  (library ${lib})"
          CACHE INTERNAL "")
      return()
    endif()
    list(APPEND libraries "${FAIRLEAD_${name}_${lib}}")
  endforeach()
  mark_as_advanced(FAIRLEAD_${name}_INCLUDE)
  add_library(fairlead::${name} INTERFACE IMPORTED GLOBAL)
  target_link_libraries(fairlead::${name} INTERFACE ${libraries})
  target_include_directories(fairlead::${name} SYSTEM INTERFACE "${FAIRLEAD_${name}_INCLUDE}")
endfunction()

find_package(Threads REQUIRED)

fairlead_library(boost_json PACKAGE libboost-json1.81-dev HEADER boost/json.hpp
                 LIBS boost_json boost_container)
fairlead_library(boost_url PACKAGE libboost-url1.81-dev HEADER boost/url.hpp LIBS boost_url)
fairlead_library(boost PACKAGE libboost1.81-dev HEADER boost/beast.hpp)
fairlead_library(curl PACKAGE libcurl4-openssl-dev HEADER curl/curl.h LIBS curl)
fairlead_library(openssl PACKAGE libssl-dev HEADER openssl/ssl.h LIBS ssl crypto)
fairlead_library(zlib PACKAGE zlib1g-dev HEADER zlib.h LIBS z)
fairlead_library(sqlite PACKAGE libsqlite3-dev HEADER sqlite3.h LIBS sqlite3)
fairlead_library(sodium PACKAGE libsodium-dev HEADER sodium.h LIBS sodium)
fairlead_library(fyaml PACKAGE libfyaml-dev HEADER libfyaml.h LIBS fyaml)
fairlead_library(jq PACKAGE "libjq-dev libonig-dev" HEADER jq.h LIBS jq onig)
fairlead_library(seccomp PACKAGE libseccomp-dev HEADER seccomp.h LIBS seccomp)
fairlead_library(spdlog PACKAGE "libspdlog-dev libfmt-dev" HEADER spdlog/spdlog.h
                 LIBS spdlog fmt)
# The sanitizers bring their own allocator.
if(NOT FAIRLEAD_SANITIZE AND NOT FAIRLEAD_FUZZ)
  fairlead_library(jemalloc PACKAGE libjemalloc-dev HEADER jemalloc/jemalloc.h LIBS jemalloc)
endif()
fairlead_library(cli11 PACKAGE libcli11-dev HEADER CLI/CLI.hpp)
if(FAIRLEAD_TESTS)
  fairlead_library(gtest PACKAGE libgtest-dev HEADER gtest/gtest.h LIBS gtest)
  fairlead_library(gtest_main PACKAGE libgtest-dev HEADER gtest/gtest.h LIBS gtest_main gtest)
  fairlead_library(gmock PACKAGE libgmock-dev HEADER gmock/gmock.h LIBS gmock)
  fairlead_library(benchmark PACKAGE libbenchmark-dev HEADER benchmark/benchmark.h
                   LIBS benchmark benchmark_main)
endif()

if(fairlead_missing)
  message(FATAL_ERROR "Libraries are missing. Run `./do setup`, or install these Debian packages:"
                      "${fairlead_missing}")
endif()

file(STRINGS "${FAIRLEAD_boost_INCLUDE}/boost/version.hpp" boost_version
     REGEX "^#define BOOST_VERSION [0-9]+")
string(REGEX MATCH "[0-9]+" boost_version "${boost_version}")
if(boost_version LESS 108100)
  message(FATAL_ERROR "Boost ${boost_version} is too old: 108100 (Boost 1.81) or newer is needed. "
                      "On Debian 12 install libboost1.81-dev instead of libboost-dev (1.74).")
endif()
