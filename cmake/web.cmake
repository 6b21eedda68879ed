# The web application inside of the binary.

# fairlead_web_files(<target>)
# Adds what tools/web/build makes of web/: an assembly file that takes the compressed files in, and
# a table of them. Built when something below web/ or the API's document changed (its types are made
# of it), and kept outside of the build folder.
function(fairlead_web_files target)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/web/src/*"
       "${PROJECT_SOURCE_DIR}/web/public/*")
  list(FILTER sources EXCLUDE REGEX "\\.gen\\.ts$")
  file(GLOB settings CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/web/*.json"
       "${PROJECT_SOURCE_DIR}/web/*.ts" "${PROJECT_SOURCE_DIR}/web/*.mjs"
       "${PROJECT_SOURCE_DIR}/web/*.html")
  set(folder "${CMAKE_BINARY_DIR}/generated/web")
  add_custom_command(
    OUTPUT "${folder}/files.S" "${folder}/files.cpp"
    COMMAND "${PROJECT_SOURCE_DIR}/tools/web/build" "${folder}"
    DEPENDS ${sources} ${settings} "${PROJECT_SOURCE_DIR}/tools/web/build"
            "${PROJECT_SOURCE_DIR}/tools/web/embed.mjs"
            "${PROJECT_SOURCE_DIR}/docs/reference/openapi.json"
    COMMENT "web application"
    VERBATIM)
  target_sources(${target} PRIVATE "${folder}/files.S" "${folder}/files.cpp")
  set_source_files_properties("${folder}/files.S" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
