# Files put into the program: a C++ source in which the assembler's .incbin takes them in as they are.

set(LONGHAND_MEDIA_TYPES
  "html=text/html" "js=text/javascript" "mjs=text/javascript" "css=text/css" "txt=text/plain"
  "json=application/json" "map=application/json" "webmanifest=application/manifest+json"
  "svg=image/svg+xml" "png=image/png" "ico=image/x-icon" "jpg=image/jpeg" "webp=image/webp"
  "woff2=font/woff2" "wasm=application/wasm")

# longhand_incbin(OUT_TEXT OUT_VIEW FILE NUMBER): the assembler's lines for FILE, and a string_view of it.
function(longhand_incbin OUT_TEXT OUT_VIEW FILE NUMBER)
  set(NAME longhand_embedded_${NUMBER})
  set(${OUT_TEXT} "asm(\".pushsection .rodata\\n.balign 16\\n${NAME}_begin:\\n.incbin \\\"${FILE}\\\"\\n${NAME}_end:\\n.byte 0\\n\"
    \".global ${NAME}_begin\\n.hidden ${NAME}_begin\\n.global ${NAME}_end\\n.hidden ${NAME}_end\\n.popsection\\n\");
extern \"C\" const char ${NAME}_begin[];
extern \"C\" const char ${NAME}_end[];
" PARENT_SCOPE)
  set(${OUT_VIEW} "view(${NAME}_begin, ${NAME}_end)" PARENT_SCOPE)
endfunction()

# longhand_embed_page(TARGET SOURCE DIST OPENAPI): adds SOURCE, which defines page_assets() from the
# files of the folder DIST (none when it is not there) and openapi_document() from OPENAPI. FILE.br and
# FILE.gz beside a FILE are its compressed forms.
function(longhand_embed_page TARGET SOURCE DIST OPENAPI)
  file(GLOB_RECURSE ORIGINALS CONFIGURE_DEPENDS ${DIST}/*)
  # A copy, so that a page that is built anew meanwhile takes no file away from this build.
  set(COPY ${CMAKE_CURRENT_BINARY_DIR}/page)
  file(REMOVE_RECURSE ${COPY})
  if(ORIGINALS)
    file(COPY ${DIST}/ DESTINATION ${COPY})
  endif()
  set(DIST ${COPY})
  file(GLOB_RECURSE FILES RELATIVE ${DIST} ${DIST}/*)
  set(DEFINITIONS "")
  set(TABLE "")
  set(ALL ${OPENAPI})
  set(NUMBER 0)
  foreach(FILE IN LISTS FILES)
    if(FILE MATCHES "\\.(br|gz)$")
      continue()
    endif()
    string(REGEX REPLACE ".*\\." "" EXTENSION ${FILE})
    set(TYPE "application/octet-stream")
    foreach(PAIR IN LISTS LONGHAND_MEDIA_TYPES)
      if(PAIR MATCHES "^${EXTENSION}=(.*)$")
        set(TYPE ${CMAKE_MATCH_1})
      endif()
    endforeach()
    if(TYPE MATCHES "^text/")
      string(APPEND TYPE "; charset=utf-8")
    endif()
    file(SHA256 ${DIST}/${FILE} HASH)
    string(SUBSTRING ${HASH} 0 32 HASH)
    # Vite's names with a hash of what is in the file.
    set(IMMUTABLE false)
    if(FILE MATCHES "^assets/.*-[A-Za-z0-9_-]+\\.[a-z0-9]+$")
      set(IMMUTABLE true)
    endif()
    set(VIEWS "")
    foreach(FORM "" ".gz" ".br")
      if(EXISTS ${DIST}/${FILE}${FORM})
        longhand_incbin(TEXT VIEW ${DIST}/${FILE}${FORM} ${NUMBER})
        string(APPEND DEFINITIONS "${TEXT}")
        list(APPEND ALL ${DIST}/${FILE}${FORM})
        math(EXPR NUMBER "${NUMBER}+1")
      else()
        set(VIEW "{}")
      endif()
      string(APPEND VIEWS ", ${VIEW}")
    endforeach()
    string(APPEND TABLE "      {\"/${FILE}\", \"${TYPE}\", \"\\\"${HASH}\\\"\", ${IMMUTABLE}${VIEWS}},\n")
  endforeach()
  longhand_incbin(TEXT OPENAPI_VIEW ${OPENAPI} ${NUMBER})
  string(APPEND DEFINITIONS "${TEXT}")
  set(BODY "  return {};\n")
  if(TABLE)
    set(BODY "  static const Asset kAssets[] = {\n${TABLE}  };\n  return kAssets;\n")
  endif()
  file(CONFIGURE OUTPUT ${SOURCE} @ONLY CONTENT [==[
// Made by cmake/LonghandEmbed.cmake.
#include "server/assets.h"

@DEFINITIONS@
namespace longhand::server {
namespace {
[[maybe_unused]] std::string_view view(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}
}  // namespace

std::span<const Asset> page_assets() {
@BODY@}

std::string_view openapi_document() { return @OPENAPI_VIEW@; }

}  // namespace longhand::server
]==])
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${OPENAPI} ${ORIGINALS})
  set_source_files_properties(${SOURCE} PROPERTIES OBJECT_DEPENDS "${ALL}")
  target_sources(${TARGET} PRIVATE ${SOURCE})
endfunction()
