#pragma once

#include "nn/kernels.h"

// One function for each kernels_*.cpp: writes its kernels, of the target chosen now, into the
// table.
namespace longhand::nn {

void fill_product(Kernels& kernels);  // also target and lanes
void fill_window(Kernels& kernels);
void fill_elementwise(Kernels& kernels);

}  // namespace longhand::nn
