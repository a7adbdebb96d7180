# How every folder of src/ becomes a library, and the tests beside its files become one program.

find_package(Threads REQUIRED)

# Where the sources are, for tests and for a program that is not installed: golden files, corpora and
# models are found from there, wherever the build stands. A header, not an option of the compiler, so
# that only those who ask for it differ between two clones and a compiler's cache serves both.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/source_folder.h
  CONTENT "#pragma once\n#define LONGHAND_SOURCE_DIR \"@CMAKE_SOURCE_DIR@\"\n" @ONLY)

add_library(longhand_options INTERFACE)
target_include_directories(longhand_options INTERFACE
  ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
# No fused multiply-add by the compiler's choice: `ink` is bit-exact on every target, and a result
# must not depend on what the optimiser happened to contract. Nobody reads errno or the floating-point
# flags, and without them sqrt and min are plain instructions, several at once.
target_compile_options(longhand_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -ffp-contract=off -fno-math-errno -fno-trapping-math)
target_link_libraries(longhand_options INTERFACE Threads::Threads)
if(LONGHAND_SANITIZE)
  target_compile_options(longhand_options INTERFACE
    -fsanitize=${LONGHAND_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(longhand_options INTERFACE -fsanitize=${LONGHAND_SANITIZE})
endif()
if(LONGHAND_FUZZ)
  target_compile_options(longhand_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# longhand_library(NAME [DEPENDS target...]): src/NAME/*.cpp without the tests, as longhand_NAME.
function(longhand_library NAME)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${NAME}/*.cpp)
  list(FILTER SOURCES EXCLUDE REGEX "(_test|/main)\\.cpp$")
  if(NOT SOURCES)  # headers only
    add_library(longhand_${NAME} INTERFACE)
    target_link_libraries(longhand_${NAME} INTERFACE longhand_options ${ARG_DEPENDS})
    return()
  endif()
  add_library(longhand_${NAME} STATIC ${SOURCES})
  target_link_libraries(longhand_${NAME} PUBLIC longhand_options ${ARG_DEPENDS})
endfunction()

# longhand_tests(NAME [DEPENDS target...]): src/NAME/*_test.cpp as the program NAME_test.
function(longhand_tests NAME)
  if(NOT LONGHAND_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${NAME}/*_test.cpp)
  if(NOT SOURCES)
    return()
  endif()
  find_package(GTest REQUIRED)
  add_executable(${NAME}_test ${SOURCES})
  target_link_libraries(${NAME}_test PRIVATE 
    longhand_${NAME} ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  add_test(NAME ${NAME} COMMAND ${NAME}_test)
endfunction()
