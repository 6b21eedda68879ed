# Text files as constants in the binary.

# fairlead_embed_texts(<target> NAMESPACE <namespace> HEADER <header> FILES <file>...)
# Adds a source to the target that defines `std::span<EmbeddedText const> embedded_texts()`, as
# declared in HEADER: each file's name without folder and ending, and its text. Written when CMake
# configures; a changed file makes it configure again.
function(fairlead_embed_texts target)
  cmake_parse_arguments(arg "" "NAMESPACE;HEADER" "FILES" ${ARGN})
  if(NOT TARGET ${target})
    return()
  endif()
  set(rows "")
  list(SORT arg_FILES)
  foreach(file IN LISTS arg_FILES)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    get_filename_component(name "${file}" NAME_WE)
    file(READ "${file}" text)
    string(APPEND rows "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  set(generated "${CMAKE_BINARY_DIR}/generated/${target}_texts.cpp")
  # CONCAT, since set() would make a list of it and lose the semicolons.
  string(
    CONCAT body
           "// Made by cmake/embed.cmake.\n#include \"${arg_HEADER}\"\n\n"
           "namespace ${arg_NAMESPACE} {\nnamespace {\n\n"
           "constexpr EmbeddedText texts[] = {\n${rows}};\n\n}  // namespace\n\n"
           "std::span<EmbeddedText const> embedded_texts() { return texts; }\n\n"
           "}  // namespace ${arg_NAMESPACE}\n")
  file(WRITE "${generated}.new" "${body}")
  file(COPY_FILE "${generated}.new" "${generated}" ONLY_IF_DIFFERENT)
  target_sources(${target} PRIVATE "${generated}")
endfunction()
