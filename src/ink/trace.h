#pragma once

#include <string>
#include <vector>

#include "ink/image.h"
#include "ink/plane.h"

namespace longhand::ink {

// What the stages of a normalization made of a picture, for people to look at. Filled only where
// one is asked for, and only as far as the normalization got.
struct Trace {
  struct Stage {
    std::string name;     // English, "paper"
    std::string finding;  // what was found, "dark ink, 93 grey levels off the paper"; may be empty
    GreyImage picture;
  };
  std::vector<Stage> stages;  // in the order in which they came

  void add(std::string name, std::string finding, GreyImage picture) {
    stages.push_back({std::move(name), std::move(finding), std::move(picture)});
  }
};

// Values times `full`, cut to 0..255: a picture of a plane.
GreyImage picture_of(const Plane& plane, float full);
// White where the mask is set.
GreyImage picture_of(const Mask& mask);

}  // namespace longhand::ink
