#pragma once

#include <optional>

#include "ink/background.h"
#include "ink/image.h"
#include "ink/plane.h"

namespace longhand::ink {

// A picture's paper and ink, estimated once from an overview of it: what the paper's grey is at each
// place, whether the ink is lighter or darker, and how much it differs where it is full. Coverage of
// any part at any resolution follows from that.
class InkMap {
 public:
  // The overview is the picture reduced by a whole number to at most this many places a side.
  static constexpr int kOverview = 512;

  // nullopt for a picture of no pixels, or where nothing stands out from the paper. The map reads
  // the raster's pixels when asked for coverage: `raster` must outlive it.
  static std::optional<InkMap> of(const Raster& raster);

  int width() const { return image().width; }  // in pixels
  int height() const { return image().height; }

  // Coverage of the whole picture, a place being overview_step() pixels wide and high; the last
  // column and row may reach past the picture.
  const Plane& overview() const { return overview_; }
  int overview_step() const { return overview_step_; }

  // The coverage from which a place may be ink rather than the paper's noise, 0.25 to 0.5.
  float inked() const;

  // Coverage of `columns` x `rows` places of `step` x `step` pixels, the first one's corner at pixel
  // (x0, y0): 0 paper, about 1 full ink, more where the ink is darker than most. The part may reach
  // past the picture, where all is paper. Thread-safe. REQUIRES: columns, rows, step >= 1.
  Plane coverage(int x0, int y0, int columns, int rows, int step) const;

 private:
  explicit InkMap(const Raster& raster);
  const GreyImage& image() const { return flattened_.empty() ? *grey_ : flattened_; }
  bool weigh_ink();
  void turn_into_coverage(Plane& plane, int x0, int y0, int step) const;

  const GreyImage* grey_;
  GreyImage flattened_;  // the grey to read where the raster is transparent; else empty
  Plane overview_;
  int overview_step_ = 1;
  Background paper_;
  double sign_ = 1;      // 1: ink lighter than the paper
  double floor_ = 0;     // less difference than this is noise
  double strength_ = 1;  // difference of full ink
};

}  // namespace longhand::ink
