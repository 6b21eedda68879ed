# One static library a layer, fairlead_<layer>, and one test program, <layer>_test, from the files
# that lie in src/<layer>: adding a file needs no edit here. What a layer links comes from
# layers.txt, the same file that the include check reads.

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/layers.txt")
file(STRINGS "${PROJECT_SOURCE_DIR}/layers.txt" layer_lines REGEX "^[a-z]+:")
set(FAIRLEAD_LAYERS)
foreach(line IN LISTS layer_lines)
  string(REGEX MATCH "^([a-z]+):(.*)$" ignored "${line}")
  set(layer "${CMAKE_MATCH_1}")
  separate_arguments(words UNIX_COMMAND "${CMAKE_MATCH_2}")
  set(allowed)
  foreach(word IN LISTS words)
    if(word STREQUAL "*")
      list(APPEND allowed ${FAIRLEAD_LAYERS})
    elseif(word MATCHES "^-(.+)$")
      list(REMOVE_ITEM allowed "${CMAKE_MATCH_1}")
    elseif(NOT word MATCHES "^!")
      list(APPEND allowed "${word}")
    endif()
  endforeach()
  set(FAIRLEAD_LAYER_${layer}_DEPS "${allowed}")
  list(APPEND FAIRLEAD_LAYERS "${layer}")
endforeach()

# fairlead_layer(NAME <layer> [LIBS <target>...])
function(fairlead_layer)
  cmake_parse_arguments(arg "" "NAME" "LIBS" ${ARGN})
  if(NOT arg_NAME IN_LIST FAIRLEAD_LAYERS)
    message(FATAL_ERROR "Layer '${arg_NAME}' has no line in layers.txt: add it there, with what "
                        "it may include.")
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${arg_NAME}/*.cpp")
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|/app/main)\\.cpp$")

  # Highest first: the order in which a linker resolves static libraries.
  set(deps)
  foreach(dep IN LISTS FAIRLEAD_LAYER_${arg_NAME}_DEPS)
    if(TARGET fairlead_${dep})
      list(PREPEND deps fairlead_${dep})
    endif()
  endforeach()

  if(sources)
    add_library(fairlead_${arg_NAME} STATIC ${sources})
    fairlead_common(fairlead_${arg_NAME})
    target_link_libraries(fairlead_${arg_NAME} PRIVATE ${arg_LIBS} PUBLIC ${deps})
    list(PREPEND deps fairlead_${arg_NAME})
  endif()
  if(tests AND FAIRLEAD_TESTS AND NOT FAIRLEAD_FUZZ)
    fairlead_testing_for(testing ${FAIRLEAD_LAYER_${arg_NAME}_DEPS} ${arg_NAME})
    fairlead_test(${arg_NAME}_test LABEL unit SOURCES ${tests} DEPS ${testing} ${deps}
                  LIBS ${arg_LIBS})
  endif()
endfunction()

# fairlead_test(<program> LABEL <suite> SOURCES <file>... DEPS <target>... LIBS <target>...)
# One CTest entry a program: listing thousands of cases one by one costs a process each. Cases are
# counted from the XML that the suite asks for (tools/tests/count.py).
function(fairlead_test program)
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;DEPS;LIBS" ${ARGN})
  add_executable(${program} ${arg_SOURCES})
  fairlead_common(${program})
  target_link_libraries(${program} PRIVATE ${arg_DEPS} ${arg_LIBS} fairlead::gmock
                                           fairlead::gtest_main)
  add_test(NAME ${program} COMMAND ${program} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${program} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 600)
  set_property(GLOBAL APPEND PROPERTY FAIRLEAD_TEST_PROGRAMS ${program})
endfunction()
