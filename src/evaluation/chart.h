#pragma once

#include <string>

#include "evaluation/report.h"

namespace longhand::evaluation {

// Pictures of figures as inline SVG; colours come from the page's style sheet.

// The curves over shared axes, with a legend where there are several. Points that are no finite
// numbers are left out.
std::string line_chart(const Chart& chart);
// How often the model was right against how sure it was, a bar a bin.
std::string reliability_diagram(const Evaluation& evaluation);
// The share of errors among the surest, by their share of all.
std::string risk_coverage_chart(const Evaluation& evaluation);
// Rows are labels, columns what was read. Empty above 100 classes, where nobody could read it.
std::string confusion_matrix(const Evaluation& evaluation);

}  // namespace longhand::evaluation
