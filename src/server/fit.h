#pragma once

#include <cstddef>

#include "server/resources.h"
#include "server/server.h"

namespace longhand::server {

// How the work is shared out: a picture that takes much memory to decode is read by one of few
// workers, so that memory suffices and that small ones never wait behind large ones.
struct Workers {
  int threads = 2;                  // of input and output
  int small = 2;                    // pictures that take little memory, tensors, drawings
  int large = 1;                    // all other pictures, one at a time each
  std::size_t waiting_small = 512;  // pictures that may wait; more are refused
  std::size_t waiting_large = 16;
};

struct Fitted {
  Workers workers;
  ServeLimits limits;
  std::size_t picture_memory = 0;  // for decoding large pictures, all together, in bytes
};

// Shares out what the machine, or the control group that the process is in, has. `threads` is what
// the command line asks for, 0 for as many as processors. Limits are only ever lowered.
Fitted fit(const Resources& resources, int threads, const ServeLimits& limits);

}  // namespace longhand::server
