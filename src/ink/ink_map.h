#pragma once

#include <optional>

#include "ink/background.h"
#include "ink/image.h"
#include "ink/plane.h"
#include "ink/sheet.h"

namespace longhand::ink {

// The steps that make a map robust; each can be left out, to measure what it earns. Without any of
// them the paper is flat or a surface of second degree, as normalization "ink-1" has it.
struct PaperSteps {
  bool sheet = false;  // margins past the sheet's edge are left out
  bool local = false;  // uneven paper is followed place by place
  // How high the writing is in the overview, where that is known: paper is then followed as closely
  // as that allows. 0: strokes may be as thick as a third of the sheet.
  int writing = 0;
  bool smooth = false;  // noise that drowns the ink is smoothed away
  // In pictures no larger than the overview:
  bool speckle = false;  // salt and pepper is taken out
  bool bands = false;    // bands with light and dark exchanged are turned back
};

// A picture's paper and ink, estimated once from an overview of it: what the paper's grey is at
// each place, whether the ink is lighter or darker, and how much it differs where it is full.
// Coverage of any part at any resolution follows from that.
class InkMap {
 public:
  // The overview is the picture reduced by a whole number to at most this many places a side.
  static constexpr int kOverview = 512;

  // nullopt for a picture of no pixels, or where nothing stands out from the paper. The map reads
  // the raster's pixels when asked for coverage: `raster` must outlive it.
  static std::optional<InkMap> of(const Raster& raster, const PaperSteps& steps = {});

  int width() const { return image().width; }  // in pixels
  int height() const { return image().height; }

  // Coverage of the whole picture, a place being overview_step() pixels wide and high; the last
  // column and row may reach past the picture.
  const Plane& overview() const { return overview_; }
  const Part& sheet() const { return sheet_; }  // in the overview's places
  int overview_step() const { return overview_step_; }

  // For people to look at, in the overview's places: the picture as it is searched, and the paper
  // that was found, black past the sheet.
  GreyImage seen() const;
  GreyImage paper() const;
  bool light_ink() const { return light_; }
  double contrast() const { return strength_; }  // of full ink to the paper, in grey levels
  double noise() const { return paper_.noise; }  // the paper's, as a standard deviation

  // Whether the paper is of one level all over, so that no shadow is on it.
  bool even_paper() const { return local_.values.empty() && paper_.flat; }

  // The coverage from which a place may be ink rather than the paper's noise, 0.25 to 0.5.
  float inked() const;

  // Coverage of `columns` x `rows` places of `step` x `step` pixels, the first one's corner at
  // pixel (x0, y0): 0 paper, about 1 full ink, more where the ink is darker than most. The part may
  // reach past the picture, where all is paper. Thread-safe. REQUIRES: columns, rows, step >= 1.
  Plane coverage(int x0, int y0, int columns, int rows, int step) const;

 private:
  InkMap(const Raster& raster, const PaperSteps& steps);
  const GreyImage& image() const { return flattened_.empty() ? *grey_ : flattened_; }
  void find_paper(const Plane& sheet, const PaperSteps& steps);
  bool weigh_ink(const Plane& sheet);
  double gain(double paper) const;
  void turn_into_coverage(Plane& plane, int x0, int y0, int step) const;
  void cover_on_even_paper(float* row, int count) const;
  void cover(Plane& plane, int j, int from, int to, int x0, int y0, int step) const;

  const GreyImage* grey_;
  GreyImage flattened_;  // the grey to read where it isn't the raster's own; else empty
  Plane overview_;
  int overview_step_ = 1;
  Part sheet_;              // in places of the overview
  Background paper_;        // over the sheet
  Plane local_;             // the paper at each place of the sheet; empty where paper_ tells it
  double usual_paper_ = 0;  // its median
  bool smoothed_ = false;
  bool light_ = true;    // ink lighter than the paper
  double floor_ = 0;     // less difference than this is noise
  double strength_ = 1;  // difference of full ink
};

}  // namespace longhand::ink
