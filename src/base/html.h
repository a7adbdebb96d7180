#pragma once

#include <string>
#include <string_view>

namespace longhand {

// Text for an HTML document or a quoted attribute. Control characters but newline and tab are
// dropped; bytes that are no UTF-8 stay as they are.
std::string escape_html(std::string_view text);

}  // namespace longhand
