#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "evaluation/evaluation.h"
#include "ink/image.h"

namespace longhand::evaluation {

// One line of a chart; points by rising x.
struct Curve {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

// A chart of its own; its curves share the axes.
struct Chart {
  std::string title;    // "Loss"
  std::string x_label;  // "epoch"
  std::string y_label;
  std::vector<Curve> curves;
  bool percent = false;  // y is a share, written as 99.7 %
};

// A wrong reading as a picture.
struct WrongReading {
  std::string label;
  std::string read;       // empty where no ink was found
  double confidence = 0;  // of `read`
  std::string source;     // "index 17"
  ink::GreyImage given;   // as in the set, small
  ink::GreyImage seen;    // normalised; may be empty
};

// One data set's results.
struct Section {
  std::string name;  // "Test: t10k-images-idx3-ubyte"
  Evaluation evaluation;
  std::vector<WrongReading> worst;  // the surest errors first, see worst_errors()
};

// All that the page shows. Every text is written as text: it may hold any character.
struct Report {
  std::string title;                                       // "digits"
  std::string subtitle;                                    // one sentence; may be empty
  std::vector<std::pair<std::string, std::string>> facts;  // "Parameters", "98 650"
  std::vector<Chart> training;                             // curves; may be empty
  std::vector<Section> sections;
};

// The `most` surest wrong readings of an evaluation of `set`, with their pictures.
std::vector<WrongReading> worst_errors(const Evaluation& evaluation, const data::Dataset& set,
                                       std::size_t most = 48);

// One self-contained HTML page: no script, nothing fetched, light and dark by the reader's setting.
std::string to_html(const Report& report);
// Writes it (whole or not at all: by a temporary file and a rename); makes the folder if missing.
Result<void> write_report(const Report& report, const std::filesystem::path& file);

// The same for any page of HTML.
Result<void> write_page(const std::string& html, const std::filesystem::path& file);

}  // namespace longhand::evaluation
