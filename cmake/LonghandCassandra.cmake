# The driver of Cassandra, a crate that cargo builds into a static library. Nothing is fetched here:
# script/setup runs `cargo fetch --locked`.

# longhand_cassandra_driver(TARGET): the driver and its header for TARGET and who links it.
function(longhand_cassandra_driver TARGET)
  find_program(CARGO cargo HINTS $ENV{HOME}/.cargo/bin REQUIRED)
  find_package(OpenSSL REQUIRED)
  set(CRATE ${CMAKE_SOURCE_DIR}/src/records/cassandra/bridge)
  # One for all builds: the crate is built once, whatever the preset.
  set(FOLDER ${CMAKE_SOURCE_DIR}/build/cargo)
  set(LIBRARY ${FOLDER}/release/liblonghand_cassandra.a)
  # cxx puts its generated headers here, the crate's own and rust/cxx.h.
  set(HEADERS ${FOLDER}/cxxbridge)
  file(GLOB SOURCES CONFIGURE_DEPENDS ${CRATE}/src/*.rs)
  add_custom_command(
    OUTPUT ${LIBRARY}
    BYPRODUCTS ${HEADERS}/longhand-cassandra/src/lib.rs.h ${HEADERS}/rust/cxx.h
    COMMAND ${CARGO} build --quiet --release --locked --offline
            --manifest-path ${CRATE}/Cargo.toml --target-dir ${FOLDER}
    # cargo leaves what hasn't changed as old as it is
    COMMAND ${CMAKE_COMMAND} -E touch ${LIBRARY}
    DEPENDS ${SOURCES} ${CRATE}/build.rs ${CRATE}/Cargo.toml ${CRATE}/Cargo.lock
            ${CMAKE_SOURCE_DIR}/src/records/cassandra/completion.h
    COMMENT "Building the driver of Cassandra (minutes, once)"
    USES_TERMINAL
    VERBATIM)
  add_custom_target(longhand_cassandra_driver DEPENDS ${LIBRARY})
  add_dependencies(${TARGET} longhand_cassandra_driver)
  target_include_directories(${TARGET} SYSTEM PRIVATE ${HEADERS})
  target_link_libraries(${TARGET} PUBLIC ${LIBRARY} OpenSSL::SSL OpenSSL::Crypto ${CMAKE_DL_LIBS})
endfunction()
